"""What is done to a batch before it is told: an expert swapped, a need taken out, a review."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.batch import (
    LONGEST_REASON,
    BatchAct,
    BatchStatus,
    ExpertBarredError,
    ExpertFullError,
    PairFacts,
    PairState,
    PairToldError,
    SameReviewerError,
    is_hard,
    next_status,
    questions,
)
from app.domain.checking import ensure_another
from app.domain.errors import NotFoundError
from app.models.batch import Batch, BatchPair
from app.models.need import Need
from app.queries.batches.inputs import inputs_of, terms_of
from app.services.batches.explaining import put_reasons
from app.services.batches.tables import Settled, Sharing
from app.services.proposals.asked import ask
from app.services.proposals.comparing import explained
from app.services.proposals.pool import FittedPool
from app.unit_of_work import UnitOfWork

_OPEN_STATES = frozenset({PairState.PLANNED, PairState.LEFT, PairState.DROPPED})
_LIVE_STATES = frozenset({PairState.PLANNED, PairState.PUBLISHED, PairState.KEPT})


def swap(
    uow: UnitOfWork,
    batch_id: UUID,
    need_id: UUID,
    expert_id: UUID,
    reason: str,
    pool: FittedPool,
) -> BatchPair:
    """Arrange another expert for a need; the former is not given to it again.

    Raises:
        BatchStepError: the batch is over.
        PairToldError: both sides have been told.
        ExpertBarredError, ExpertFullError: why this expert cannot be had.
        InvalidInputError: at field `reason`.
    """
    batch, pair = _to_change(uow, batch_id, need_id)
    reason = prose.ensure("reason", reason, LONGEST_REASON)
    settled = Settled(batch.fixed, batch.forbidden)
    sharing = Sharing.of(inputs_of(uow, batch), terms_of(batch), settled)
    row, column = sharing.inputs.rows[need_id], sharing.inputs.columns.get(expert_id)
    if column is None:
        raise NotFoundError("expert.not_found")
    bar = sharing.inputs.needs[row].bars[column]
    if bar is not None and is_hard(bar[0]):
        raise ExpertBarredError(rule=bar[0], text=bar[1])
    place = sharing.inputs.experts[column]
    ordinal = place.load + _given(uow, batch, need_id)[expert_id] + 1
    if ordinal > place.room:
        raise ExpertFullError(most=place.room)
    former = pair.expert_id
    if former != expert_id:
        _settle(batch, need_id, expert_id, former)
    _put(pair, sharing, (row, column), ordinal)
    _note(uow, batch, pair, reason)
    _explain(uow, pair, pool)
    uow.audit("batch.swapped", batch, need=need_id, former=former, expert=expert_id, reason=reason)
    return pair


def drop(uow: UnitOfWork, batch_id: UUID, need_id: UUID, reason: str) -> BatchPair:
    """Take a need out of the batch; it waits for the next one.

    Raises:
        BatchStepError, PairToldError: it is too late.
        InvalidInputError: at field `reason`.
    """
    batch, pair = _to_change(uow, batch_id, need_id)
    reason = prose.ensure("reason", reason, LONGEST_REASON)
    former = pair.expert_id
    pair.state, pair.expert_id = PairState.DROPPED, None
    pair.score, pair.days, pair.shortlist, pair.questions = None, None, [], []
    _note(uow, batch, pair, reason)
    uow.audit("batch.dropped", batch, need=need_id, former=former, reason=reason)
    return pair


def review(uow: UnitOfWork, batch_id: UUID) -> Batch:
    """Note that somebody else than its maker has looked the batch through.

    Raises:
        BatchStepError: it is no draft.
        SameReviewerError: who made it does not review it.
    """
    batch = uow.load(Batch, batch_id, lock=True)
    uow.require(Permission.REVIEW_BATCH)
    if batch.status is BatchStatus.REVIEWED:
        return batch
    ensure_another(batch.made_by_id, uow.actor.account_id, SameReviewerError)
    batch.status = next_status(batch.status, BatchAct.REVIEW)
    batch.reviewed_by_id, batch.reviewed_at = uow.actor.account_id, uow.now
    uow.audit("batch.reviewed", batch)
    return batch


def discard(uow: UnitOfWork, batch_id: UUID) -> Batch:
    """Give a draft up; nobody is told anything.

    Raises:
        BatchStepError: somebody has been told, or it is over.
    """
    batch = uow.load(Batch, batch_id, lock=True)
    uow.require(Permission.MAKE_BATCH)
    if batch.status is BatchStatus.DISCARDED:
        return batch
    batch.status = next_status(batch.status, BatchAct.DISCARD)
    batch.ended_by_id, batch.ended_at = uow.actor.account_id, uow.now
    uow.audit("batch.discarded", batch)
    return batch


def pairs_of(uow: UnitOfWork, batch: Batch, states: Sequence[PairState]) -> Sequence[BatchPair]:
    """Return the pairs of a batch in these states, always in the same order."""
    return uow.all(
        select(BatchPair)
        .where(BatchPair.batch_id == batch.id, BatchPair.state.in_(states))
        .order_by(BatchPair.id)
    )


def _to_change(uow: UnitOfWork, batch_id: UUID, need_id: UUID) -> tuple[Batch, BatchPair]:
    batch = uow.load(Batch, batch_id, lock=True)
    uow.require(Permission.MAKE_BATCH)
    status = next_status(batch.status, BatchAct.CHANGE)
    pair = uow.one(
        select(BatchPair).where(BatchPair.batch_id == batch.id, BatchPair.need_id == need_id)
    )
    if pair is None:
        raise NotFoundError("need.not_found")
    if pair.state not in _OPEN_STATES:
        raise PairToldError
    batch.status = status
    if status is BatchStatus.DRAFT:
        batch.reviewed_by_id = batch.reviewed_at = None
    return batch, pair


def _given(uow: UnitOfWork, batch: Batch, besides: UUID) -> Counter[UUID | None]:
    """Return how many needs of the batch each expert has besides the one."""
    held = select(BatchPair.expert_id).where(
        BatchPair.batch_id == batch.id,
        BatchPair.need_id != besides,
        BatchPair.state.in_(_LIVE_STATES),
    )
    return Counter(uow.all(held))


def _settle(batch: Batch, need_id: UUID, expert_id: UUID, former: UUID | None) -> None:
    """Have every later sharing of these inputs keep what the officer decided."""
    need, key = str(need_id), str(expert_id)
    batch.fixed = [*(pair for pair in batch.fixed if pair[0] != need), [need, key]]
    apart = [pair for pair in batch.forbidden if pair != [need, key]]
    batch.forbidden = [*apart, [need, str(former)]] if former else apart


def _put(pair: BatchPair, sharing: Sharing, at: tuple[int, int], ordinal: int) -> None:
    row, column = at
    planned, ranked = sharing.planned(row, column), sharing.ranked(row)
    best = sharing.planned(row, ranked[0]).score if ranked else planned.score
    key = sharing.inputs.experts[column].id
    rest = [each for each in pair.shortlist if each["expert_id"] != str(key)]
    former = str(pair.expert_id)
    pair.state, pair.expert_id, pair.score = PairState.PLANNED, key, planned.score
    pair.days = sharing.inputs.needs[row].days[column]
    # The one put asunder is no alternate either.
    pair.shortlist = [{"expert_id": str(key)}, *(e for e in rest if e["expert_id"] != former)]
    facts = PairFacts(score=planned.score, best=best, ordinal=ordinal, days=pair.days)
    pair.questions = questions(facts)
    pair.left_reason, pair.left_facts = None, {}


def _note(uow: UnitOfWork, batch: Batch, pair: BatchPair, reason: str) -> None:
    pair.swap_reason, pair.swapped_at = reason, uow.now
    pair.swapped_by_id = uow.actor.account_id
    # Two officers who change the same batch at once meet at its version.
    batch.step_at = uow.now


def _explain(uow: UnitOfWork, pair: BatchPair, pool: FittedPool) -> None:
    about = ask(uow, uow.load(Need, pair.need_id), pool).whatever_the_load()
    keys = [UUID(each["expert_id"]) for each in pair.shortlist]
    found = explained(pool.matcher, about, keys, uow.today)
    put_reasons(pair, found, pool.matcher.version_)
