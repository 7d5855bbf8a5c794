"""One batch as its officers see it: figures, pairs, needs left over, what may be done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from app.domain.actor import Permission, may
from app.domain.batch import (
    BatchAct,
    BatchStatus,
    Measures,
    NotComputedError,
    PairState,
    Planned,
    Terms,
    measured,
)
from app.domain.batch.life import TRANSITIONS
from app.domain.calendar import Month
from app.domain.errors import NotFoundError
from app.models.batch import Batch, BatchNeed, BatchPair
from app.queries.batches.inputs import terms_of
from app.queries.batches.naming import Place, places_of
from app.queries.batches.relief import Relief, relief_of
from app.queries.batches.rounds import open_batches
from app.queries.batches.rows import Rows, rows_of
from app.unit_of_work import Reader

PAGE = 50
MOST_LEFT = 50
_TAKEN = frozenset({PairState.PLANNED, PairState.PUBLISHED, PairState.KEPT})
# What is told and taken back is shown, and counts no more.
_SHOWN = frozenset(PairState) - {PairState.LEFT}
_PERMISSIONS: Mapping[BatchAct, Permission] = {
    BatchAct.CANCEL: Permission.MAKE_BATCH,
    BatchAct.CHANGE: Permission.MAKE_BATCH,
    BatchAct.DISCARD: Permission.MAKE_BATCH,
    BatchAct.REVIEW: Permission.REVIEW_BATCH,
    BatchAct.PUBLISH: Permission.PUBLISH_BATCH,
    BatchAct.UNDO: Permission.PUBLISH_BATCH,
}


class View(StrEnum):
    """Which pairs are shown."""

    LOOK = "look"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pairs to look at, how many planned ones raise no question, how many all told."""

    look: int
    clear: int
    by_state: Mapping[PairState, int]

    def of(self, state: str) -> int:
        """Return how many pairs are in the state."""
        return self.by_state.get(PairState(state), 0)

    @property
    def shown(self) -> int:
        """How many needs somebody was arranged for, or taken out by hand."""
        return sum(self.by_state.get(state, 0) for state in _SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything on the page of one batch.

    Attributes:
        free: how many experts still had a place in the month when it was made.
        terms: what it favours.
        receipt: what it was computed from and how good it is.
        next: after which need the pairs go on, None at the end.
        acts: what the reader may do with it now.
        open: how many batches wait for somebody.
    """

    id: UUID
    version: int
    month: Month
    number: int
    status: BatchStatus
    free: int
    terms: Terms
    receipt: Mapping[str, Any]
    measures: Measures
    counts: Counts
    view: View
    rows: Rows
    next: UUID | None
    relief: Relief | None
    acts: frozenset[BatchAct]
    open: int


def board(
    reader: Reader, batch_id: UUID, *, view: View | None = None, after: UUID | None = None
) -> Board:
    """Return the page of a batch that was computed; seven statements.

    Args:
        reader: the look.
        batch_id: the batch.
        view: which pairs; by default those to look at, where there are any.
        after: the last need of the page before.

    Raises:
        NotFoundError: there is none.
        NotComputedError: it is still computed, or never was.
    """
    batch = reader.session.get(Batch, batch_id)
    if batch is None:
        raise NotFoundError("batch.not_found")
    if batch.computed_at is None:
        raise NotComputedError
    found, pool = _pairs(reader, batch), places_of(reader, batch)
    counts, loads = _counts(found), _loads(found, pool)
    view = view or (View.LOOK if counts.look else View.ALL)
    shown, following = _page([row for row in found if _is_in(row.BatchPair, view)], after)
    left = [row.BatchPair for row in found if row.BatchPair.state is PairState.LEFT][:MOST_LEFT]
    return Board(
        id=batch.id,
        version=batch.version,
        month=Month.parse(batch.month),
        number=batch.number,
        status=batch.status,
        free=sum(place.load < place.room for place in pool),
        terms=terms_of(batch),
        receipt=batch.receipt,
        measures=_measures(found, loads),
        counts=counts,
        view=view,
        next=following,
        relief=relief_of(batch, pool, loads),
        acts=_acts(reader, batch),
        open=open_batches(reader),
        rows=rows_of(reader, batch, pool, shown, left),
    )


def _pairs(reader: Reader, batch: Batch) -> Sequence[Any]:
    return reader.session.execute(
        select(BatchPair, BatchNeed.waited, BatchNeed.is_first)
        .join(
            BatchNeed,
            (BatchNeed.batch_id == batch.inputs_of_id) & (BatchNeed.need_id == BatchPair.need_id),
        )
        .where(BatchPair.batch_id == batch.id)
        # Reasons are long and shown nowhere on the page.
        .options(defer(BatchPair.shortlist, raiseload=True))
        .order_by(BatchNeed.position)
    ).all()


def _is_in(pair: BatchPair, view: View) -> bool:
    if view is View.ALL:
        return pair.state in _SHOWN
    return pair.state is PairState.PLANNED and bool(pair.questions)


def _page(rows: Sequence[Any], after: UUID | None) -> tuple[Sequence[BatchPair], UUID | None]:
    pairs = [row.BatchPair for row in rows]
    if after is not None:
        keys = [pair.need_id for pair in pairs]
        if after not in keys:
            raise NotFoundError
        pairs = pairs[keys.index(after) + 1 :]
    return pairs[:PAGE], pairs[PAGE - 1].need_id if len(pairs) > PAGE else None


def _counts(found: Sequence[Any]) -> Counts:
    pairs = [row.BatchPair for row in found]
    planned = [pair for pair in pairs if pair.state is PairState.PLANNED]
    look = sum(bool(pair.questions) for pair in planned)
    return Counts(look, len(planned) - look, Counter(pair.state for pair in pairs))


def _loads(found: Sequence[Any], pool: Sequence[Place]) -> Mapping[UUID, int]:
    given = Counter(row.BatchPair.expert_id for row in found if row.BatchPair.state in _TAKEN)
    return {place.id: place.load + given[place.id] for place in pool}


def _measures(found: Sequence[Any], loads: Mapping[UUID, int]) -> Measures:
    planned = []
    for pair, waited, is_first in found:
        if pair.state in _TAKEN:
            wait = None if pair.days is None else waited + pair.days
            planned.append(Planned(pair.score or 0.0, wait, is_first))
    return measured(len(found), planned, list(loads.values()))


def _acts(reader: Reader, batch: Batch) -> frozenset[BatchAct]:
    own = batch.made_by_id == reader.actor.account_id
    return frozenset(
        act
        for act, permission in _PERMISSIONS.items()
        if (batch.status, act) in TRANSITIONS
        and may(reader.actor, permission)
        and not (act is BatchAct.REVIEW and own)
    )
