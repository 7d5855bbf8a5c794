"""A batch begun: the needs that wait and the pool as they stand, then computed in steps."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from app.domain.actor import Permission
from app.domain.batch import (
    BatchAct,
    BatchStatus,
    BatchStep,
    NothingToShareError,
    Terms,
    ensure_month,
    next_status,
    window,
)
from app.domain.calendar import Month
from app.models.batch import Batch, BatchExpert, BatchNeed
from app.queries.batches.waiting import (
    Appointed,
    WaitingNeed,
    appointed_pool,
    served_before,
    waiting_needs,
)
from app.unit_of_work import UnitOfWork

COMPUTE = "compute_batch"


def draft(uow: UnitOfWork, month: Month, terms: Terms, *, by_job: bool = True) -> Batch:
    """Begin a batch of the needs that wait now; the job process computes it.

    Args:
        uow: the transaction.
        month: in which the pairs are to meet.
        terms: what is favoured.
        by_job: False when the caller takes the steps himself.

    Raises:
        InvalidInputError: at field `month`, nothing can be booked in it.
        NothingToShareError: no need waits, or nobody is appointed.
    """
    uow.require(Permission.MAKE_BATCH)
    ensure_month(month, uow.today)
    needs = waiting_needs(uow)
    if not needs:
        raise NothingToShareError
    pool = appointed_pool(uow, month, window(month, uow.today)[0])
    if not pool:
        raise NothingToShareError("batch.no_experts")
    batch = begun(uow, str(month), terms, BatchStep.COMPARE)
    batch.by_job, batch.needs, batch.experts, batch.total = (
        by_job,
        len(needs),
        len(pool),
        len(needs),
    )
    uow.flush()
    _keep(uow, batch, needs, pool)
    uow.audit("batch.drafted", batch, month=batch.month, needs=len(needs), experts=len(pool))
    plan_step(uow, batch)
    return batch


def cancel(uow: UnitOfWork, batch_id: UUID) -> Batch:
    """Stop computing; a step that runs at this moment writes nothing any more.

    Raises:
        BatchStepError: it has been computed already.
    """
    batch = uow.load(Batch, batch_id, lock=True)
    uow.require(Permission.MAKE_BATCH)
    if batch.status is BatchStatus.CANCELLED:
        return batch
    batch.status = next_status(batch.status, BatchAct.CANCEL)
    batch.ended_by_id, batch.ended_at = uow.actor.account_id, uow.now
    uow.audit("batch.cancelled", batch)
    return batch


def begun(uow: UnitOfWork, month: str, terms: Terms, step: BatchStep) -> Batch:
    """Return a new batch of the month that stands before the step."""
    last = uow.one(select(func.max(Batch.number)).where(Batch.month == month))
    batch = Batch(
        month=month,
        number=(last or 0) + 1,
        status=BatchStatus.COMPUTING,
        objective=terms.objective,
        fit=terms.fit,
        even=terms.even,
        soon=terms.soon,
        cap=terms.cap,
        fixed=[],
        forbidden=[],
        step=step,
        done=0,
        step_at=uow.now,
        by_job=True,
        receipt={},
        made_by_id=uow.actor.account_id,
        made_at=uow.now,
    )
    batch.inputs_of_id = batch.id
    return uow.add(batch)


def plan_step(uow: UnitOfWork, batch: Batch) -> None:
    """Have the job process take the step that is next."""
    if batch.by_job:
        key = f"{COMPUTE}:{batch.id}:{batch.step.value}:{batch.done}"
        uow.later(COMPUTE, key, uow.now, subject_id=batch.id)


def _keep(
    uow: UnitOfWork, batch: Batch, needs: Sequence[WaitingNeed], pool: Sequence[Appointed]
) -> None:
    known = served_before(uow, [need.person_id for need in needs])
    for position, need in enumerate(needs):
        uow.add(
            BatchNeed(
                batch_id=batch.id,
                need_id=need.id,
                position=position,
                waited=need.waited,
                is_first=need.person_id not in known,
                scores=[],
                days=[],
                bars=[],
            )
        )
    for position, expert in enumerate(pool):
        uow.add(
            BatchExpert(
                batch_id=batch.id,
                expert_id=expert.id,
                position=position,
                load=expert.load,
                room=expert.room,
            )
        )
