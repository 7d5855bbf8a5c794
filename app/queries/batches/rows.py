"""The rows of a batch's page: pairs, needs left over, and what was done by whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.batch import LeftReason, PairState
from app.models.batch import Batch, BatchPair
from app.queries.accounts import account_names
from app.queries.batches.naming import NamedNeed, Place, named_needs
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done, by whom, when, and why where that is kept."""

    act: str
    by: str | None
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PairRow:
    """A need with the expert arranged for it.

    Attributes:
        expert: None where it was taken out.
        questions: what to look at, each with its figures.
        swap: who set another expert, why and when; None where nobody did.
    """

    need: NamedNeed
    expert: Place | None
    score: float | None
    days: int | None
    state: PairState
    questions: Sequence[Mapping[str, Any]]
    swap: Done | None


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A need that got nobody, why, and who could be asked."""

    need: NamedNeed
    reason: LeftReason | None
    best: float
    experts: tuple[Place, ...]
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rows:
    """What a page of a batch lists."""

    pairs: tuple[PairRow, ...]
    left: tuple[LeftRow, ...]
    history: tuple[Done, ...]


def rows_of(
    reader: Reader,
    batch: Batch,
    pool: Sequence[Place],
    shown: Sequence[BatchPair],
    left: Sequence[BatchPair],
) -> Rows:
    """Return the rows with the names of everybody in them; three statements."""
    needs = named_needs(reader, {pair.need_id for pair in (*shown, *left)})
    by = account_names(reader, _accounts(batch, shown))
    experts = {place.id: place for place in pool}
    return Rows(
        pairs=tuple(_row(pair, needs[pair.need_id], experts, by) for pair in shown),
        left=tuple(_left(pair, needs[pair.need_id], experts) for pair in left),
        history=_history(batch, by),
    )


def _row(
    pair: BatchPair, need: NamedNeed, experts: Mapping[UUID, Place], by: Mapping[UUID, str]
) -> PairRow:
    swap = None
    if pair.swapped_at is not None:
        who = by.get(pair.swapped_by_id) if pair.swapped_by_id else None
        swap = Done("swapped", who, pair.swapped_at, pair.swap_reason or "")
    return PairRow(
        need=need,
        expert=experts[pair.expert_id] if pair.expert_id else None,
        score=pair.score,
        days=pair.days,
        state=pair.state,
        questions=pair.questions,
        swap=swap,
    )


def _left(pair: BatchPair, need: NamedNeed, experts: Mapping[UUID, Place]) -> LeftRow:
    return LeftRow(
        need=need,
        reason=pair.left_reason,
        best=pair.left_facts["best"],
        experts=tuple(experts[UUID(key)] for key in pair.left_facts["experts"]),
        asked_at=pair.asked_at,
    )


def _accounts(batch: Batch, shown: Collection[BatchPair]) -> set[UUID]:
    keys = [pair.swapped_by_id for pair in shown]
    keys += [key for _, key, _ in _acts_done(batch)]
    return {key for key in keys if key is not None}


def _history(batch: Batch, by: Mapping[UUID, str]) -> tuple[Done, ...]:
    return tuple(
        Done(act, by.get(key) if key else None, at)
        for act, key, at in _acts_done(batch)
        if at is not None
    )


def _acts_done(batch: Batch) -> Sequence[tuple[str, UUID | None, datetime | None]]:
    return (
        ("made", batch.made_by_id, batch.made_at),
        ("reviewed", batch.reviewed_by_id, batch.reviewed_at),
        ("published", batch.published_by_id, batch.published_at),
        (batch.status.value, batch.ended_by_id, batch.ended_at),
    )
