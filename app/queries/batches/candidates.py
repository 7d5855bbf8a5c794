"""换人: whom a need of a batch could get instead, and what keeps the others out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.batch import BatchAct, PairState, is_hard
from app.domain.batch.life import TRANSITIONS
from app.domain.calendar import Month
from app.domain.errors import NotFoundError
from app.models.batch import Batch, BatchNeed, BatchPair
from app.queries.batches.naming import NamedNeed, Place, named_needs, places_of
from app.unit_of_work import Reader

MOST_OFFERED = 8
MOST_KEPT_OUT = 20
_SCALE = 1_000_000
_LIVE = (PairState.PLANNED, PairState.PUBLISHED, PairState.KEPT)
_CHANGEABLE = frozenset({PairState.PLANNED, PairState.LEFT, PairState.DROPPED})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert for a need.

    Attributes:
        load: his services in the month, this need not counted.
        days: in how many days they could meet, None for no time in common.
        rule: what keeps him out, None where he can be had.
    """

    expert: Place
    score: float
    load: int
    days: int | None
    rule: str | None


@dataclass(frozen=True, slots=True)
class Choosing:
    """A need of a batch with those who could be arranged for it, the best first.

    Attributes:
        expert: whom it has now, None for nobody.
        reasons: why, as the matcher says it; with its cautions.
        is_open: it can still be changed, as long as nobody was told.
        may_change: the reader is one who may.
    """

    batch_id: UUID
    month: Month
    number: int
    version: int
    need: NamedNeed
    expert: Place | None
    score: float | None
    reasons: Sequence[Mapping[str, Any]]
    cautions: Sequence[Mapping[str, Any]]
    offered: tuple[Candidate, ...]
    kept_out: tuple[Candidate, ...]
    is_open: bool
    may_change: bool


def choosing(reader: Reader, batch_id: UUID, need_id: UUID) -> Choosing:
    """Return who could be arranged for a need; six statements.

    Raises:
        NotFoundError: the batch was never computed, or has no such need.
    """
    batch = reader.session.get(Batch, batch_id)
    if batch is None or batch.computed_at is None:
        raise NotFoundError("batch.not_found")
    row = reader.session.execute(
        select(BatchPair, BatchNeed)
        .join(
            BatchNeed,
            (BatchNeed.batch_id == batch.inputs_of_id) & (BatchNeed.need_id == BatchPair.need_id),
        )
        .where(BatchPair.batch_id == batch.id, BatchPair.need_id == need_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("need.not_found")
    pair, pool = row.BatchPair, places_of(reader, batch)
    found = _candidates(row.BatchNeed, pool, _given(reader, batch, need_id))
    own = next((each for each in pool if each.id == pair.expert_id), None)
    first = pair.shortlist[0] if pair.shortlist else {}
    return Choosing(
        batch_id=batch.id,
        month=Month.parse(batch.month),
        number=batch.number,
        version=batch.version,
        need=named_needs(reader, [need_id])[need_id],
        expert=own,
        score=pair.score,
        reasons=first.get("reasons", ()),
        cautions=first.get("cautions", ()),
        offered=tuple(c for c in found if c.rule is None and c.expert is not own)[:MOST_OFFERED],
        kept_out=tuple(c for c in found if c.rule is not None)[:MOST_KEPT_OUT],
        is_open=(batch.status, BatchAct.CHANGE) in TRANSITIONS and pair.state in _CHANGEABLE,
        may_change=may(reader.actor, Permission.MAKE_BATCH),
    )


def _given(reader: Reader, batch: Batch, besides: UUID) -> Counter[UUID | None]:
    held = select(BatchPair.expert_id).where(
        BatchPair.batch_id == batch.id,
        BatchPair.need_id != besides,
        BatchPair.state.in_(_LIVE),
    )
    return Counter(reader.session.scalars(held))


def _candidates(
    need: BatchNeed, pool: Sequence[Place], given: Mapping[UUID | None, int]
) -> list[Candidate]:
    found = []
    for place, score, days, bar in zip(pool, need.scores, need.days, need.bars, strict=True):
        load = place.load + given.get(place.id, 0)
        rule = bar[0] if bar and is_hard(bar[0]) else None
        full = "capacity_reached" if load >= place.room else None
        found.append(Candidate(place, score / _SCALE, load, days, rule or full))
    return sorted(found, key=lambda each: (-each.score, each.expert.id))
