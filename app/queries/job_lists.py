"""Jobs one by one, the newest first; of those given up, what would help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.errors import NotFoundError
from app.domain.job import JobState, needs_resending
from app.models.job import Job
from app.unit_of_work import Reader

PAGE = 50


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job.

    Attributes:
        due_at: when it was due at first; `run_at` is when it is tried next, or was last.
        resends: the delivery to send once more, where only that helps.
    """

    id: UUID
    version: int
    kind: str
    state: JobState
    subject_id: UUID | None
    due_at: datetime
    run_at: datetime
    not_after: datetime | None
    attempts: int
    max_attempts: int
    last_error: str | None
    done_at: datetime | None
    resends: UUID | None

    @property
    def fault(self) -> str:
        """Return the last line of the error, which says most."""
        return (self.last_error or "").strip().rpartition("\n")[2]


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some jobs, and the key with which the next ones are asked for."""

    items: Sequence[JobRow]
    next: UUID | None


def job_page(
    reader: Reader,
    *,
    state: JobState | None = None,
    kind: str | None = None,
    after: UUID | None = None,
    limit: int = PAGE,
) -> JobPage:
    """Return jobs, the newest first.

    Args:
        reader: the look.
        state: only jobs in this state.
        kind: only jobs of this kind.
        after: the last job of the page before.
        limit: how many at most.
    """
    statement = select(Job).order_by(Job.id.desc()).limit(limit + 1)
    if state is not None:
        statement = statement.where(Job.state == state)
    if kind is not None:
        statement = statement.where(Job.kind == kind)
    if after is not None:
        statement = statement.where(Job.id < after)
    rows = reader.session.scalars(statement).all()
    more = rows[limit - 1].id if len(rows) > limit else None
    return JobPage([_row(job, reader.now) for job in rows[:limit]], more)


def job(reader: Reader, job_id: UUID) -> JobRow:
    """Return one job.

    Raises:
        NotFoundError: there is none.
    """
    found = reader.session.get(Job, job_id)
    if found is None:
        raise NotFoundError("job.not_found")
    return _row(found, reader.now)


def _row(job: Job, now: datetime) -> JobRow:
    resends = job.state is JobState.DEAD and needs_resending(job.kind, job.not_after, now)
    return JobRow(
        id=job.id,
        version=job.version,
        kind=job.kind,
        state=job.state,
        subject_id=job.subject_id,
        due_at=job.due_at or job.run_at,
        run_at=job.run_at,
        not_after=job.not_after,
        attempts=job.attempts,
        max_attempts=job.max_attempts,
        last_error=job.last_error,
        done_at=job.done_at,
        resends=job.subject_id if resends else None,
    )
