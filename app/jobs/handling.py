"""What a kind of job does, and how one claimed row is done."""

import logging
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.domain.actor import SYSTEM
from app.domain.job import ClaimedJob, JobState, TryLaterError
from app.jobs import queue
from app.unit_of_work import Reader, Store, UnitOfWork

log = logging.getLogger(__name__)

_MOST_OF_A_LEASE = 0.75

Work = Callable[[UnitOfWork, ClaimedJob], object]
Ending = Callable[[UnitOfWork, ClaimedJob, JobState], object]
Step = Callable[[int, int], None]
Setback = Callable[[UnitOfWork, ClaimedJob, Exception], timedelta | None]


def _as_usual(_uow: UnitOfWork, _job: ClaimedJob, _error: Exception) -> None:
    """Leave everything as it is, and the pause to the number of tries."""


def _nothing(_uow: UnitOfWork, _job: ClaimedJob, _state: JobState) -> None:
    """Leave everything as it is."""


@dataclass(frozen=True, slots=True)
class Handler:
    """A kind whose whole effect lies in the database: exactly once.

    Attributes:
        work: writes the effect; idempotent, asks the present state.
        ended: told in the same transaction when the row expires or is given up.
        together: many rows may share a transaction; only where the work locks nothing, since
            locks held for other rows are taken in no order.
    """

    work: Work
    ended: Ending = _nothing
    together: bool = False


@dataclass(frozen=True, slots=True)
class OutsideHandler:
    """A kind that reaches outside: at least once, with a key by which the receiver knows it.

    Attributes:
        prepare: says what is to be sent and commits that it is being sent; None means nothing.
        send: sends it, without a transaction.
        record: writes down the receipt.
        failed: told when a try failed and another one follows; says after what pause, None for
            the usual one.
        ended: told when the row expires or is given up.
    """

    prepare: Work
    send: Callable[[Any], Any]
    record: Callable[[UnitOfWork, ClaimedJob, Any], object]
    failed: Setback = _as_usual
    ended: Ending = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingHandler:
    """A kind that computes from a long look at the tables, which keeps nobody from writing.

    Attributes:
        prepare: as of what reaches outside.
        look: computes; given a way to say how many of how many are done.
        step: writes down how far it has come; the lease begins anew with it.
        record: writes down the result.
        failed: as of what reaches outside.
        ended: told when the row expires or is given up.
    """

    prepare: Work
    look: Callable[[Reader, Any, Step], Any]
    step: Callable[[UnitOfWork, ClaimedJob, int, int], object]
    record: Callable[[UnitOfWork, ClaimedJob, Any], object]
    failed: Setback = _as_usual
    ended: Ending = _nothing


Parcelled = OutsideHandler | LookingHandler
AnyHandler = Handler | Parcelled
Registry = Mapping[str, AnyHandler]


def run(store: Store, handler: AnyHandler, job: ClaimedJob) -> JobState:
    """Do one claimed row and return the state it is in now; never raises for the job's fault."""
    try:
        if job.is_worthless(store.clock.now()):
            return _end(store, handler, job, JobState.EXPIRED)
        if job.is_overtried:
            return _end(store, handler, job, JobState.DEAD, words="its workers vanished")
        return _do(store, handler, job)
    except queue.LeaseLostError as error:
        log.warning("lease lost: %s", error)
        return JobState.LEASED
    except TryLaterError as error:
        log.warning("job %s %s, attempt %s: %s", job.kind, job.id, job.attempts, error)
        return _fail(store, handler, job, error)
    except Exception as error:
        log.exception("job %s %s failed at attempt %s", job.kind, job.id, job.attempts)
        return _fail(store, handler, job, error)


def run_together(store: Store, handler: Handler, jobs: Sequence[ClaimedJob]) -> list[JobState]:
    """Do claimed rows of one kind in one transaction and return their states.

    Where anything is wrong with one of them, nothing remains of that transaction and each is
    done by itself: one bad row stops nobody.
    """
    now = store.clock.now()
    if len(jobs) > 1 and not any(job.is_worthless(now) or job.is_overtried for job in jobs):
        try:
            store.execute(SYSTEM, _work_together, handler.work, jobs)
        except Exception as error:
            log.info("%s jobs %s one by one: %s", len(jobs), jobs[0].kind, error)
        else:
            return [JobState.DONE] * len(jobs)
    return [run(store, handler, job) for job in jobs]


def _do(store: Store, handler: AnyHandler, job: ClaimedJob) -> JobState:
    if isinstance(handler, Handler):
        store.execute(SYSTEM, _work, handler.work, job)
        return JobState.DONE
    began = time.monotonic()
    parcel = store.execute(SYSTEM, _prepare, handler, job)
    if parcel is not None:
        if time.monotonic() - began > job.lease_seconds * _MOST_OF_A_LEASE:
            # Who stood still for so long may have been taken for dead, and his row be another's.
            raise queue.LeaseLostError(f"{job.kind} {job.id} stood still")
        receipt = _sent(store, handler, job, parcel)
        store.execute(SYSTEM, _record, handler, job, receipt)
    return JobState.DONE


def _sent(store: Store, handler: Parcelled, job: ClaimedJob, parcel: object) -> object:
    if not isinstance(handler, LookingHandler):
        return handler.send(parcel)

    def step(done: int, total: int) -> None:
        store.execute(SYSTEM, _step, handler, job, (done, total))

    with store.read(SYSTEM) as reader:
        return handler.look(reader, parcel, step)


def _step(
    uow: UnitOfWork, handler: LookingHandler, job: ClaimedJob, count: tuple[int, int]
) -> None:
    handler.step(uow, job, *count)
    queue.hold(uow, job)


def _work(uow: UnitOfWork, work: Work, job: ClaimedJob) -> None:
    work(uow, job)
    queue.finish(uow, job)


def _work_together(uow: UnitOfWork, work: Work, jobs: Sequence[ClaimedJob]) -> None:
    for job in jobs:
        work(uow, job)
    queue.finish_together(uow, jobs)


def _prepare(uow: UnitOfWork, handler: Parcelled, job: ClaimedJob) -> object:
    parcel = handler.prepare(uow, job)
    if parcel is None:
        queue.finish(uow, job)
    else:
        queue.hold(uow, job)
    return parcel


def _record(uow: UnitOfWork, handler: Parcelled, job: ClaimedJob, receipt: object) -> None:
    handler.record(uow, job, receipt)
    queue.finish(uow, job)


def _fail(store: Store, handler: AnyHandler, job: ClaimedJob, error: Exception) -> JobState:
    try:
        if job.has_tries_left:
            store.execute(SYSTEM, _put_back, handler, job, error)
            return JobState.READY
        return _end(store, handler, job, JobState.DEAD, error)
    except queue.LeaseLostError as lost:
        log.warning("lease lost: %s", lost)
        return JobState.LEASED
    except Exception:
        # The lease runs out and somebody claims the row again.
        log.exception("job %s %s could not be put back", job.kind, job.id)
        return JobState.LEASED


def _put_back(uow: UnitOfWork, handler: AnyHandler, job: ClaimedJob, error: Exception) -> None:
    pause = handler.failed(uow, job, error) if not isinstance(handler, Handler) else None
    queue.retry(uow, job, _words(error), pause)


def _words(error: Exception) -> str:
    if isinstance(error, TryLaterError):
        return f"{type(error).__name__}: {error}"
    return "".join(traceback.format_exception(error))


def _end(
    store: Store,
    handler: AnyHandler,
    job: ClaimedJob,
    state: JobState,
    error: Exception | None = None,
    words: str | None = None,
) -> JobState:
    def use_case(uow: UnitOfWork) -> None:
        if error is not None and not isinstance(handler, Handler):
            handler.failed(uow, job, error)
        handler.ended(uow, job, state)
        queue.finish(uow, job, state, _words(error) if error else words)

    store.execute(SYSTEM, use_case)
    level = logging.ERROR if state is JobState.DEAD else logging.INFO
    log.log(level, "job %s %s is %s", job.kind, job.id, state.value)
    return state
