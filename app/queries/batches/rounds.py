"""撮合批次: the list of batches, and how far one has come that is being computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.actor import Permission, may
from app.domain.batch import BatchStatus, BatchStep, months_open
from app.domain.calendar import Month, local_day
from app.domain.errors import NotFoundError
from app.models.batch import Batch
from app.queries.accounts import account_names
from app.queries.batches.waiting import waiting_needs
from app.queries.free_times import Look
from app.unit_of_work import Reader

PAGE = 20
# Before this the rate of a step says nothing.
_ENOUGH_TO_GUESS = timedelta(seconds=3)
_OPEN = (BatchStatus.DRAFT, BatchStatus.REVIEWED)
STEPS = tuple(BatchStep)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch of the list; `arranged` and `mean_fit` as it was computed, None before."""

    id: UUID
    month: Month
    number: int
    status: BatchStatus
    needs: int
    arranged: int | None
    mean_fit: float | None
    made_by: str | None
    made_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class BatchList:
    """A page of batches, the newest first.

    Attributes:
        open: how many drafts wait for somebody.
        waiting: how many needs a new batch would take in.
        months: for which a new batch can be made.
        may_make: the reader may begin one.
    """

    items: tuple[BatchLine, ...]
    next: UUID | None
    open: int
    waiting: int
    months: Sequence[Month]
    may_make: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch has come.

    Attributes:
        step: which step it is at, from 1 to `steps`.
        seconds_left: roughly, None where nobody can say yet.
        may_change: the reader may cancel it, or put another in its place.
    """

    id: UUID
    month: Month
    number: int
    status: BatchStatus
    needs: int
    experts: int
    name: BatchStep
    step: int
    steps: int
    done: int
    total: int
    seconds_left: int | None
    failure: str | None
    may_change: bool

    @property
    def is_draft(self) -> bool:
        """Tell whether other terms can be tried."""
        return self.status in _OPEN


def batch_list(reader: Reader, after: UUID | None = None) -> BatchList:
    """Return a page of the batches; five statements."""
    rows = reader.session.scalars(
        select(Batch)
        .where(*_older_than(after))
        .order_by(Batch.made_at.desc(), Batch.id.desc())
        .limit(PAGE + 1)
    ).all()
    names = account_names(reader, {row.made_by_id for row in rows if row.made_by_id})
    return BatchList(
        items=tuple(_line(row, names) for row in rows[:PAGE]),
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        open=open_batches(reader),
        waiting=len(waiting_needs(reader)),
        months=months_open(local_day(reader.now)),
        may_make=may(reader.actor, Permission.MAKE_BATCH),
    )


def open_batches(look: Look) -> int:
    """Return how many drafts wait to be told or discarded."""
    statement = select(func.count(Batch.id)).where(Batch.status.in_(_OPEN))
    return look.session.scalar(statement) or 0


def progress(reader: Reader, batch_id: UUID) -> Progress:
    """Return how far the batch has come; one statement.

    Raises:
        NotFoundError: there is none.
    """
    batch = reader.session.get(Batch, batch_id)
    if batch is None:
        raise NotFoundError("batch.not_found")
    return Progress(
        id=batch.id,
        month=Month.parse(batch.month),
        number=batch.number,
        status=batch.status,
        needs=batch.needs,
        experts=batch.experts,
        name=batch.step,
        step=STEPS.index(batch.step) + 1,
        steps=len(STEPS),
        done=batch.done,
        total=batch.total,
        seconds_left=_seconds_left(batch, reader.now),
        failure=batch.failure,
        may_change=may(reader.actor, Permission.MAKE_BATCH),
    )


def _seconds_left(batch: Batch, now: datetime) -> int | None:
    spent = now - batch.step_at
    if not batch.done or spent < _ENOUGH_TO_GUESS:
        return None
    return round(spent.total_seconds() / batch.done * (batch.total - batch.done))


def _older_than(after: UUID | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    last = aliased(Batch)
    at = select(last.made_at).where(last.id == after).scalar_subquery()
    return [or_(Batch.made_at < at, and_(Batch.made_at == at, Batch.id < after))]


def _line(batch: Batch, names: Mapping[UUID, str]) -> BatchLine:
    receipt = batch.receipt
    return BatchLine(
        id=batch.id,
        month=Month.parse(batch.month),
        number=batch.number,
        status=batch.status,
        needs=batch.needs,
        arranged=receipt.get("arranged"),
        mean_fit=receipt.get("mean_fit"),
        made_by=names.get(batch.made_by_id) if batch.made_by_id else None,
        made_at=batch.made_at,
        published_at=batch.published_at,
    )
