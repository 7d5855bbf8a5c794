"""The steps of a batch, each in three parts: read, compute without a transaction, write.

Between two steps nothing is held: a batch that was cancelled meanwhile takes none any more, and a
step that is taken twice, because its worker died, leaves the same rows once.
"""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.batch import BatchAct, BatchStatus, BatchStep, next_status
from app.models.batch import Batch
from app.services.batches.comparing import Compared, Comparing, compare, keep_compared, to_compare
from app.services.batches.drafting import plan_step
from app.services.batches.explaining import (
    Explained,
    Explaining,
    explain,
    keep_explained,
    to_explain,
)
from app.services.batches.sharing import SharedOut, ToShare, keep_shared, share_out, to_share
from app.services.proposals.pool import FittedPool
from app.unit_of_work import UnitOfWork

Parcel = Comparing | ToShare | Explaining
Result = Compared | SharedOut | Explained

POOL_CHANGED = "batch.pool_changed"


def prepare(uow: UnitOfWork, batch_id: UUID, pool: FittedPool) -> Parcel | None:
    """Read what the next step of the batch needs; None when there is none.

    Args:
        uow: the transaction.
        batch_id: the batch.
        pool: the fitted matcher; all needs are compared by one version of it.
    """
    batch = uow.load(Batch, batch_id)
    uow.require(Permission.MAKE_BATCH)
    if batch.status is not BatchStatus.COMPUTING:
        return None
    if batch.step is BatchStep.SHARE:
        return to_share(uow, batch)
    if batch.step is BatchStep.EXPLAIN:
        return to_explain(uow, batch, pool)
    if batch.matcher_version not in (None, pool.matcher.version_):
        fail(uow, batch_id, POOL_CHANGED)
        return None
    return to_compare(uow, batch, pool)


def compute(parcel: Parcel) -> Result:
    """Take the step; nothing is read or written, and the same parcel gives the same result."""
    if isinstance(parcel, Comparing):
        return compare(parcel)
    return share_out(parcel) if isinstance(parcel, ToShare) else explain(parcel)


def record(uow: UnitOfWork, result: Result) -> Batch:
    """Write what a step found and plan the next one; a step written already changes nothing."""
    batch = uow.load(Batch, result.batch_id, lock=True)
    uow.require(Permission.MAKE_BATCH)
    if batch.status is not BatchStatus.COMPUTING or not _is_next(batch, result):
        return batch
    if isinstance(result, Compared):
        keep_compared(uow, batch, result)
    elif isinstance(result, SharedOut):
        keep_shared(uow, batch, result)
        batch.done += 1
    else:
        keep_explained(uow, batch, result)
    if batch.done >= batch.total:
        _go_on(uow, batch)
    if batch.status is BatchStatus.COMPUTING:
        plan_step(uow, batch)
    return batch


def fail(uow: UnitOfWork, batch_id: UUID, code: str) -> None:
    """Give a batch up; the page says why, and a new one can be made."""
    batch = uow.load(Batch, batch_id, lock=True)
    uow.require(Permission.MAKE_BATCH)
    if batch.status is BatchStatus.COMPUTING:
        batch.status = next_status(batch.status, BatchAct.FAIL)
        batch.failure, batch.ended_at = code, uow.now
        uow.audit("batch.failed", batch, code=code)


def _is_next(batch: Batch, result: Result) -> bool:
    if isinstance(result, SharedOut):
        return batch.step is BatchStep.SHARE
    step = BatchStep.COMPARE if isinstance(result, Compared) else BatchStep.EXPLAIN
    return (batch.step, batch.done) == (step, result.done)


def _go_on(uow: UnitOfWork, batch: Batch) -> None:
    if batch.step is BatchStep.COMPARE:
        batch.step, batch.done, batch.total = BatchStep.SHARE, 0, 1
    elif batch.step is BatchStep.SHARE and batch.receipt["arranged"]:
        batch.step, batch.done, batch.total = BatchStep.EXPLAIN, 0, batch.receipt["arranged"]
    else:
        batch.status = next_status(batch.status, BatchAct.FINISH)
        batch.computed_at = uow.now
        uow.audit("batch.computed", batch, receipt=batch.receipt)
        uow.tell("batch.computed", batch)
    batch.step_at = uow.now
