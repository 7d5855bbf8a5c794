"""What a batch was computed from, as it was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.audit_entry import digest
from app.domain.batch import LEAST_FIT, Terms
from app.models.batch import Batch, BatchExpert, BatchNeed
from app.queries.free_times import Look

Bar = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ComparedNeed:
    """A need with one place for each expert: scores in millionths, days to a meeting, bars."""

    id: UUID
    waited: int
    is_first: bool
    scores: Sequence[int]
    days: Sequence[int | None]
    bars: Sequence[Bar | None]


@dataclass(frozen=True, slots=True)
class PoolPlace:
    """An expert with what stood in his month and what he takes."""

    id: UUID
    load: int
    room: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything from which a batch can be computed anew."""

    month: str
    matcher_version: str
    needs: tuple[ComparedNeed, ...]
    experts: tuple[PoolPlace, ...]

    @property
    def sha256(self) -> str:
        """Return the hash that a receipt names."""
        return digest(
            {
                "month": self.month,
                "matcher": self.matcher_version,
                "least_fit": LEAST_FIT,
                "needs": [[n.id, n.scores, n.days, n.bars] for n in self.needs],
                "experts": [[e.id, e.load, e.room] for e in self.experts],
            }
        )

    @property
    def rows(self) -> Mapping[UUID, int]:
        """Return the row of each need."""
        return {need.id: row for row, need in enumerate(self.needs)}

    @property
    def columns(self) -> Mapping[UUID, int]:
        """Return the column of each expert."""
        return {expert.id: column for column, expert in enumerate(self.experts)}


def inputs_of(look: Look, batch: Batch) -> Inputs:
    """Return what the batch was computed from; two statements."""
    key = batch.inputs_of_id
    needs = look.session.scalars(
        select(BatchNeed).where(BatchNeed.batch_id == key).order_by(BatchNeed.position)
    )
    experts = look.session.scalars(
        select(BatchExpert).where(BatchExpert.batch_id == key).order_by(BatchExpert.position)
    )
    return Inputs(
        month=batch.month,
        matcher_version=batch.matcher_version or "",
        needs=tuple(map(_need, needs)),
        experts=tuple(PoolPlace(row.expert_id, row.load, row.room) for row in experts),
    )


def terms_of(batch: Batch) -> Terms:
    """Return what the batch favours."""
    return Terms(batch.objective, batch.fit, batch.even, batch.soon, batch.cap)


def placed(inputs: Inputs, which: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return pairs of keys as rows and columns."""
    rows, columns = inputs.rows, inputs.columns
    return [(rows[UUID(need)], columns[UUID(expert)]) for need, expert in which]


def _need(row: BatchNeed) -> ComparedNeed:
    return ComparedNeed(
        id=row.need_id,
        waited=row.waited,
        is_first=row.is_first,
        scores=row.scores,
        days=row.days,
        bars=[tuple(bar) if bar else None for bar in row.bars],
    )
