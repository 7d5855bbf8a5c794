"""A batch told to founders and mentors, and taken back where nobody has acted upon it yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from app.domain.actor import Permission
from app.domain.batch import (
    NEED_GONE,
    BatchAct,
    BatchStatus,
    PairState,
    next_status,
    with_change,
)
from app.domain.booking import CLAIMING
from app.domain.calendar import Month
from app.domain.need import NeedStatus
from app.domain.proposal import PlacedBy
from app.models.batch import Batch, BatchExpert, BatchNeed, BatchPair
from app.models.booking import Booking
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal
from app.queries.batches.standing import standing
from app.services.batches.changing import pairs_of
from app.services.proposals.leaving import see_to_arranged
from app.services.proposals.refreshing import columns
from app.unit_of_work import UnitOfWork

REFRESH = "refresh_proposals"


@dataclass(frozen=True, slots=True)
class Published:
    """How many pairs were told, and how many were not because something has changed."""

    told: int
    changed: int


@dataclass(frozen=True, slots=True)
class Undone:
    """How many pairs were taken back, and how many were not because a time is booked."""

    withdrawn: int
    kept: int


def publish(uow: UnitOfWork, batch_id: UUID, *, only_clear: bool = False) -> Published:
    """Propose each pair to its founder, who chooses a time with the mentor; both are told.

    Nothing is booked. A pair that rules have come to forbid is not told and raises a question.

    Args:
        uow: the transaction.
        batch_id: the batch.
        only_clear: leave pairs with questions for later.

    Raises:
        BatchStepError: the batch is not ready, or over.
    """
    batch = uow.load(Batch, batch_id, lock=True)
    uow.require(Permission.PUBLISH_BATCH)
    status = next_status(batch.status, BatchAct.PUBLISH)
    planned = pairs_of(uow, batch, [PairState.PLANNED])
    wanted = [pair for pair in planned if not (only_clear and pair.questions)]
    if not wanted:
        return Published(0, 0)
    told, changed = _told(uow, batch, wanted)
    if told:
        batch.status = status
        batch.published_at = batch.published_at or uow.now
        batch.published_by_id = batch.published_by_id or uow.actor.account_id
    pairs = [[pair.need_id, pair.expert_id] for pair in told]
    uow.audit("batch.published", batch, pairs=pairs, changed=[pair.need_id for pair in changed])
    return Published(len(told), len(changed))


def undo(uow: UnitOfWork, batch_id: UUID) -> Undone:
    """Take back what was told, as far as no time is booked; both sides are told again.

    Raises:
        BatchStepError: nobody has been told of the batch.
    """
    batch = uow.load(Batch, batch_id, lock=True)
    uow.require(Permission.PUBLISH_BATCH)
    if batch.status is BatchStatus.UNDONE:
        return _undone(uow, batch)
    batch.status = next_status(batch.status, BatchAct.UNDO)
    batch.ended_by_id, batch.ended_at = uow.actor.account_id, uow.now
    pairs = pairs_of(uow, batch, [PairState.PUBLISHED, PairState.PLANNED])
    keys = [pair.need_id for pair in pairs]
    booked, waiting = _booked(uow, keys), _waiting(uow, keys)
    for pair in pairs:
        _take_back(uow, pair, is_booked=pair.need_id in booked, waits=pair.need_id in waiting)
    kept = [pair.need_id for pair in pairs if pair.state is PairState.KEPT]
    uow.audit("batch.undone", batch, kept=kept)
    uow.flush()
    return _undone(uow, batch)


def _told(
    uow: UnitOfWork, batch: Batch, wanted: Sequence[BatchPair]
) -> tuple[list[BatchPair], list[BatchPair]]:
    need_ids = [pair.need_id for pair in wanted]
    # Locked in one order, so that two batches that meet at a need wait for each other.
    uow.all(select(Need.id).where(Need.id.in_(need_ids)).order_by(Need.id).with_for_update())
    experts = {pair.expert_id for pair in wanted if pair.expert_id}
    now = standing(uow, Month.parse(batch.month), need_ids, experts)
    taken: Counter[UUID] = Counter()
    told, changed = [], []
    for pair in wanted:
        key = _expert_of(pair)
        obstacle = now.obstacle(pair.need_id, key, taken[key])
        if obstacle is None:
            taken[key] += 1
            told.append(pair)
        else:
            _hold_back(pair, obstacle)
            changed.append(pair)
    _propose(uow, batch, told)
    return told, changed


def _hold_back(pair: BatchPair, obstacle: str) -> None:
    if obstacle == NEED_GONE:
        # Booked, arranged or withdrawn meanwhile: there is nothing to decide any more.
        pair.state = PairState.DROPPED
    pair.questions = with_change(pair.questions, obstacle)


def _propose(uow: UnitOfWork, batch: Batch, told: Sequence[BatchPair]) -> None:
    keys = [pair.need_id for pair in told]
    numbers, bars = _newest_numbers(uow, keys), _bars(uow, batch, keys)
    see_to_arranged(uow, keys)
    uow.session.execute(
        update(BatchPair)
        .where(BatchPair.need_id.in_(keys), BatchPair.state == PairState.PUBLISHED)
        .values(state=PairState.LAPSED)
    )
    rounds = [
        uow.add(
            MatchRound(
                need_id=pair.need_id,
                number=numbers.get(pair.need_id, 0) + 1,
                matcher_version=pair.matcher_version or "",
                created_at=uow.now,
                excluded=bars[pair.need_id],
            )
        )
        for pair in told
    ]
    uow.flush()
    for pair, made in zip(told, rounds, strict=True):
        for rank, each in enumerate(pair.shortlist, start=1):
            uow.add(_proposal(made, rank, each))
        pair.state, pair.published_at = PairState.PUBLISHED, uow.now
        pair.match_round_id = made.id
        uow.tell("batch_pair.published", pair)
    uow.flush()


def _proposal(made: MatchRound, rank: int, kept: Mapping[str, Any]) -> Proposal:
    return Proposal(
        match_round_id=made.id,
        need_id=made.need_id,
        rank=rank,
        placed_by=PlacedBy.ARRANGED,
        **columns(kept),
    )


def _newest_numbers(uow: UnitOfWork, need_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    rows = uow.session.execute(
        select(MatchRound.need_id, func.max(MatchRound.number))
        .where(MatchRound.need_id.in_(need_ids))
        .group_by(MatchRound.need_id)
    )
    return {need_id: number for need_id, number in rows}


def _bars(
    uow: UnitOfWork, batch: Batch, need_ids: Sequence[UUID]
) -> Mapping[UUID, list[dict[str, str]]]:
    """Return whom a rule kept from each need, as a shortlist keeps them."""
    experts = uow.all(
        select(BatchExpert.expert_id)
        .where(BatchExpert.batch_id == batch.inputs_of_id)
        .order_by(BatchExpert.position)
    )
    rows = uow.session.execute(
        select(BatchNeed.need_id, BatchNeed.bars).where(
            BatchNeed.batch_id == batch.inputs_of_id, BatchNeed.need_id.in_(need_ids)
        )
    )
    return {
        need_id: [
            {"expert_id": str(expert), "rule": bar[0], "text": bar[1]}
            for expert, bar in zip(experts, bars, strict=True)
            if bar
        ]
        for need_id, bars in rows
    }


def _take_back(uow: UnitOfWork, pair: BatchPair, *, is_booked: bool, waits: bool) -> None:
    if pair.state is PairState.PLANNED:
        pair.state = PairState.DROPPED
    elif is_booked:
        pair.state = PairState.KEPT
    else:
        pair.state = PairState.WITHDRAWN
        if waits:
            uow.tell("batch_pair.withdrawn", pair)
            uow.later(REFRESH, f"{REFRESH}:{pair.id}", uow.now, subject_id=pair.need_id)


def _booked(uow: UnitOfWork, need_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return the needs for which a time is held, asked for or agreed."""
    live = select(Booking.need_id).where(
        Booking.need_id.in_(need_ids), Booking.status.in_(CLAIMING)
    )
    return frozenset(uow.all(live))


def _waiting(uow: UnitOfWork, need_ids: Sequence[UUID]) -> frozenset[UUID]:
    waits = select(Need.id).where(Need.id.in_(need_ids), Need.status == NeedStatus.SUBMITTED)
    return frozenset(uow.all(waits))


def _undone(uow: UnitOfWork, batch: Batch) -> Undone:
    withdrawn = pairs_of(uow, batch, [PairState.WITHDRAWN])
    return Undone(len(withdrawn), len(pairs_of(uow, batch, [PairState.KEPT])))


def _expert_of(pair: BatchPair) -> UUID:
    if pair.expert_id is None:
        raise ValueError(f"pair {pair.id} is planned with nobody")
    return pair.expert_id
