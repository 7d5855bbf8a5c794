"""How the work stands: what is late, given up, or of a kind nobody knows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true

from app.db import MachineNow
from app.domain.job import LATE_AFTER, JobState
from app.models.job import Job
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class JobHealth:
    """What an operator looks at first."""

    oldest_due_at: datetime | None
    late: int
    dead: int
    unknown: dict[str, int]

    @property
    def is_late(self) -> bool:
        """Tell whether something due waits longer than it may."""
        return self.late > 0


def job_health(reader: Reader, known: Collection[str] | None = None) -> JobHealth:
    """Return how the jobs stand at the business time.

    Args:
        reader: the look.
        known: the kinds that are handled; rows of others are counted by kind.
    """
    waiting = Job.state == JobState.READY
    # Whose worker vanished waits like any other, whatever engine is to tell of it.
    vanished = (Job.state == JobState.LEASED) & (Job.lease_until < MachineNow())
    due = (
        select(func.min(Job.run_at), func.count())
        .where(waiting | vanished, Job.run_at < reader.now - LATE_AFTER)
        .where(Job.kind.in_(known) if known is not None else true())
    )
    oldest, late = reader.session.execute(due).one()
    dead = select(func.count()).where(Job.state == JobState.DEAD)
    strangers: dict[str, int] = {}
    if known is not None:
        kinds = select(Job.kind, func.count()).where(waiting, Job.kind.not_in(known))
        rows = reader.session.execute(kinds.group_by(Job.kind))
        strangers = {kind: number for kind, number in rows}
    return JobHealth(oldest, late, reader.session.execute(dead).scalar_one(), strangers)
