"""Planned work: cancelled with its subject, queued anew by hand when it was given up."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from app.db import StaleVersionError
from app.domain.actor import Permission
from app.domain.job import DELIVER, DeliveryState, JobState, ensure_requeueable
from app.models.job import Job
from app.models.message import Delivery, Message
from app.unit_of_work import UnitOfWork

NOTIFY = "notify"
MOST_AT_ONCE = 500


def plan_once(uow: UnitOfWork, kind: str, key: str, run_at: datetime, **more: Any) -> bool:
    """Have a job done at a time unless there ever was one with this key; return whether it is new.

    For what is asked again and again, such as by the day.

    Args:
        uow: the caller's transaction.
        kind: what is done.
        key: by which it is known.
        run_at: when.
        more: what else `uow.later` takes.
    """
    if uow.one(select(Job.id).where(Job.dedupe_key == key)) is not None:
        return False
    uow.later(kind, key, run_at, **more)
    return True


def cancel_open(uow: UnitOfWork, subject_id: UUID, kinds: Collection[str] | None = None) -> int:
    """Cancel the waiting jobs of a subject and return how many.

    What has happened is still told: `notify` jobs stay unless named. A job that is running is
    left to its handler, which asks the present state.

    Args:
        uow: the caller's transaction.
        subject_id: the row the jobs are about.
        kinds: the kinds to cancel; None means all, and mails not yet sent are skipped with them.
    """
    if kinds is not None:
        return _cancel(uow, Job.subject_id == subject_id, Job.kind.in_(kinds))
    skipped = _skip_deliveries(uow, subject_id)
    cancelled = _cancel(uow, Job.subject_id == subject_id, Job.kind != NOTIFY)
    if skipped:
        cancelled += _cancel(uow, Job.subject_id.in_(skipped), Job.kind == DELIVER)
    return cancelled


def requeue(uow: UnitOfWork, job_id: UUID, *, version: int | None = None) -> Job:
    """Have a job that was given up tried anew, with all its tries.

    One whose time has passed is queued as well: it then ends as expired.

    Raises:
        ForbiddenError: the actor does not look after jobs.
        JobNotDeadError: it waits, runs or has ended.
        StaleVersionError: somebody queued it anew since the actor looked.
        ResendInsteadError: it was to send what is settled by now; `messages.resend` helps.
    """
    uow.require(Permission.RUN_JOBS)
    job = uow.load(Job, job_id, lock=True)
    ensure_requeueable(job.state, job.kind, not_after=job.not_after, now=uow.now)
    if version not in (None, job.version):
        raise StaleVersionError(version=job.version)
    return _queue_anew(uow, job)


def requeue_kind(uow: UnitOfWork, kind: str) -> int:
    """Have the jobs of one kind that were given up tried anew; return how many, at most 500.

    Raises:
        ForbiddenError: the actor does not look after jobs.
        ResendInsteadError: they were to send letters, each of which asks for a decision.
    """
    uow.require(Permission.RUN_JOBS)
    given_up = uow.all(
        select(Job)
        .where(Job.state == JobState.DEAD, Job.kind == kind)
        .order_by(Job.id)
        .limit(MOST_AT_ONCE)
        .with_for_update()
    )
    for job in given_up:
        ensure_requeueable(job.state, job.kind, not_after=job.not_after, now=uow.now)
        _queue_anew(uow, job)
    return len(given_up)


def _queue_anew(uow: UnitOfWork, job: Job) -> Job:
    uow.audit("job.requeued", job, kind=job.kind, attempts=job.attempts)
    job.due_at = job.due_at or job.run_at
    job.state, job.attempts, job.run_at, job.done_at = JobState.READY, 0, uow.now, None
    job.woken_at = None
    job.version += 1
    return job


def _cancel(uow: UnitOfWork, *which: ColumnElement[bool]) -> int:
    cancelled = uow.session.scalars(
        update(Job)
        .where(Job.state == JobState.READY, *which)
        .values(state=JobState.CANCELLED)
        .returning(Job.id)
    )
    return len(cancelled.all())


def _skip_deliveries(uow: UnitOfWork, subject_id: UUID) -> list[UUID]:
    with uow.beyond_scope("mails about a cancelled subject"):
        planned = list(
            uow.all(
                select(Delivery.id)
                .join(Message, Message.id == Delivery.message_id)
                .where(Message.subject_id == subject_id, Delivery.state == DeliveryState.PLANNED)
                .with_for_update(of=Delivery)
            )
        )
        if planned:
            uow.session.execute(
                update(Delivery)
                .where(Delivery.id.in_(planned))
                .values(state=DeliveryState.SKIPPED, reason="cancelled", updated_at=uow.now)
            )
    return planned
