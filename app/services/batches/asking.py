"""A need left over: experts who fit are asked whether they can give more of their time."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.batch import BatchStatus, BatchStepError, LeftReason, PairState
from app.domain.errors import NotFoundError
from app.domain.need import OPEN
from app.models.batch import Batch, BatchPair
from app.models.need import Need
from app.services.proposals.pool import FittedPool
from app.services.proposals.refreshing import refresh
from app.unit_of_work import UnitOfWork

_ASKED = {LeftReason.NO_TIME: "batch_pair.time_wanted", LeftReason.FULL: "batch_pair.place_wanted"}
_OVER = frozenset({BatchStatus.COMPUTING, BatchStatus.CANCELLED, BatchStatus.FAILED})


def ask_experts(uow: UnitOfWork, batch_id: UUID, need_id: UUID) -> int:
    """Ask the experts who fit a need left over for more time; return how many are asked.

    A second press asks nobody twice.

    Raises:
        BatchStepError: nobody can be asked for this need.
    """
    batch = uow.load(Batch, batch_id)
    uow.require(Permission.MAKE_BATCH)
    pair = uow.one(
        select(BatchPair)
        .where(BatchPair.batch_id == batch.id, BatchPair.need_id == need_id)
        .with_for_update()
    )
    if pair is None:
        raise NotFoundError("need.not_found")
    event = _ASKED.get(pair.left_reason) if pair.left_reason else None
    if event is None or pair.state is not PairState.LEFT or batch.status in _OVER:
        raise BatchStepError(status=batch.status.value, act="ask")
    experts = pair.left_facts["experts"]
    if pair.asked_at is None:
        pair.asked_at = uow.now
        for number, expert in enumerate(experts, start=1):
            uow.tell(event, pair, revision=number, expert=expert)
        uow.audit("batch.asked", batch, need=need_id, experts=experts)
    return len(experts)


def refresh_open(uow: UnitOfWork, need_id: UUID, pool: FittedPool) -> None:
    """Make the shortlist of a need anew, as long as it can be booked."""
    if uow.load(Need, need_id).status in OPEN:
        refresh(uow, need_id, pool)
