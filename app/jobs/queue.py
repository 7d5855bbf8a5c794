"""Rows of `jobs` claimed, finished, retried and given back; every write is fenced.

A lease is `lease_owner` and `attempts` together. It runs by the database's clock; what is due is
asked with the business time. A worker that lost its lease can no longer change its row, and what
its handler wrote in the same transaction is rolled back with the refusal.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Update, func, or_, select, update

from app.db import MachineNow
from app.domain.job import LEASE_SECONDS, ClaimedJob, JobState, retry_delay
from app.models.job import Job
from app.unit_of_work import UnitOfWork

LONGEST_ERROR = 4_000


class LeaseLostError(RuntimeError):
    """The row was claimed by somebody else, or cancelled, while its worker ran."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who claims, which kinds, how many rows at most, and for how long."""

    owner: UUID
    kinds: Collection[str]
    most: int
    lease_seconds: float = LEASE_SECONDS


def claim(uow: UnitOfWork, wanted: Claim) -> list[ClaimedJob]:
    """Lease due rows to the owner, those first whose worker vanished.

    Two statements, not one with OR: each has its own partial index.
    """
    vanished = (Job.state == JobState.LEASED) & (Job.lease_until < MachineNow())
    due = (Job.state == JobState.READY) & (Job.run_at <= uow.now)
    keys = _pick(uow, wanted, wanted.most, vanished, Job.lease_until)
    keys += _pick(uow, wanted, wanted.most - len(keys), due, Job.run_at)
    return _lease(uow, wanted, keys)


def claim_each(uow: UnitOfWork, wanted: Sequence[Claim]) -> list[ClaimedJob]:
    """Lease due rows as every claim wants them, in one transaction."""
    return [job for each in wanted for job in claim(uow, each)]


def claim_one(uow: UnitOfWork, wanted: Claim, job_id: UUID) -> ClaimedJob | None:
    """Lease the row to the owner when it is due, or when its worker vanished; None otherwise.

    So a wake that comes twice, late or for nothing does no harm.
    """
    vanished = (Job.state == JobState.LEASED) & (Job.lease_until < MachineNow())
    due = (Job.state == JobState.READY) & (Job.run_at <= uow.now)
    leased = _lease(uow, wanted, _pick(uow, wanted, 1, (Job.id == job_id) & (vanished | due)))
    return leased[0] if leased else None


def hold(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Begin the lease anew, for as long as it was claimed.

    Raises:
        LeaseLostError: when it is no longer the worker's.
    """
    _change(uow, job, lease_until=MachineNow(job.lease_seconds))


def finish(
    uow: UnitOfWork, job: ClaimedJob, state: JobState = JobState.DONE, error: str | None = None
) -> None:
    """End the row in the handler's own transaction.

    Raises:
        LeaseLostError: when it is no longer the worker's; nothing of the transaction remains.
    """
    values = {"last_error": error[-LONGEST_ERROR:]} if error else {}
    _change(uow, job, state=state, lease_owner=None, lease_until=None, done_at=uow.now, **values)


def finish_together(uow: UnitOfWork, jobs: Sequence[ClaimedJob]) -> None:
    """End rows of one owner in the one transaction of their handlers.

    Raises:
        LeaseLostError: when one is no longer the worker's; nothing of the transaction remains.
    """
    uow.flush()
    ended = {"state": JobState.DONE, "lease_owner": None, "lease_until": None, "done_at": uow.now}
    done = update(Job).where(_fence_around(jobs)).values(ended).returning(Job.id)
    unread = done.execution_options(synchronize_session=False)
    changed = len(uow.session.scalars(unread).all())
    if changed != len(jobs):
        raise LeaseLostError(f"{len(jobs) - changed} of {len(jobs)} {jobs[0].kind}")


def retry(uow: UnitOfWork, job: ClaimedJob, error: str, pause: timedelta | None = None) -> None:
    """Have the row tried again after the pause, by default one that grows.

    Raises:
        LeaseLostError: when it is no longer the worker's.
    """
    jitter = secrets.randbelow(1_000) / 1_000
    _change(
        uow,
        job,
        state=JobState.READY,
        lease_owner=None,
        lease_until=None,
        run_at=uow.now + (retry_delay(job.attempts, jitter) if pause is None else pause),
        due_at=func.coalesce(Job.due_at, Job.run_at),
        woken_at=None,
        last_error=error[-LONGEST_ERROR:],
    )


def release(uow: UnitOfWork, owner: UUID) -> int:
    """Give back the rows the owner claimed and did not start; return how many."""
    given_back = uow.session.scalars(
        update(Job)
        .where(Job.state == JobState.LEASED, Job.lease_owner == owner)
        .values(
            state=JobState.READY,
            lease_owner=None,
            lease_until=None,
            attempts=Job.attempts - 1,
            woken_at=None,
        )
        .returning(Job.id)
    )
    return len(given_back.all())


def _pick(
    uow: UnitOfWork,
    wanted: Claim,
    most: int,
    arm: ColumnElement[bool],
    order: Any = None,
) -> list[UUID]:
    if most <= 0:
        return []
    statement = (
        select(Job.id)
        .where(arm, Job.kind.in_(wanted.kinds))
        .order_by(order)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return list(uow.all(statement))


def _lease(uow: UnitOfWork, wanted: Claim, keys: list[UUID]) -> list[ClaimedJob]:
    if not keys:
        return []
    leased = uow.session.scalars(
        update(Job)
        .where(Job.id.in_(keys))
        .values(
            state=JobState.LEASED,
            attempts=Job.attempts + 1,
            lease_owner=wanted.owner,
            lease_until=MachineNow(wanted.lease_seconds),
        )
        .returning(Job)
    )
    return [_claimed(job, wanted) for job in sorted(leased, key=lambda job: job.run_at)]


def _fenced(job: ClaimedJob) -> Update:
    return update(Job).where(
        Job.id == job.id,
        Job.state == JobState.LEASED,
        Job.lease_owner == job.owner,
        Job.attempts == job.attempts,
    )


def _fence_around(jobs: Sequence[ClaimedJob]) -> ColumnElement[bool]:
    tries: dict[int, list[UUID]] = {}
    for job in jobs:
        tries.setdefault(job.attempts, []).append(job.id)
    ours = or_(*(Job.id.in_(keys) & (Job.attempts == count) for count, keys in tries.items()))
    return (Job.state == JobState.LEASED) & (Job.lease_owner == jobs[0].owner) & ours


def _change(uow: UnitOfWork, job: ClaimedJob, **values: Any) -> None:
    uow.flush()
    changed = uow.session.scalars(_fenced(job).values(**values).returning(Job.id)).all()
    if len(changed) != 1:
        raise LeaseLostError(f"{job.kind} {job.id}, attempt {job.attempts}")


def _claimed(job: Job, wanted: Claim) -> ClaimedJob:
    return ClaimedJob(
        id=job.id,
        kind=job.kind,
        subject_id=job.subject_id,
        payload=job.payload,
        run_at=job.run_at,
        not_after=job.not_after,
        attempts=job.attempts,
        max_attempts=job.max_attempts,
        owner=wanted.owner,
        lease_seconds=wanted.lease_seconds,
        due_at=job.due_at,
    )
