"""How the service stands, in numbers a monitor collects."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by

from sqlalchemy import func, select

from app.domain.job import JobState
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.models.job import Job
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Gauge:
    """One number with its labels."""

    name: str
    value: float
    labels: Mapping[str, str] = made_by(default_factory=dict)


def gauges(reader: Reader) -> list[Gauge]:
    """Return jobs by state, the age of the oldest due job, bookings by status, unsealed entries."""
    session = reader.session
    jobs = session.execute(select(Job.state, func.count()).group_by(Job.state))
    found = [Gauge("jieban_jobs", count, {"state": state}) for state, count in jobs]
    due = select(func.min(Job.run_at)).where(Job.state == JobState.READY, Job.run_at <= reader.now)
    oldest = session.execute(due).scalar()
    age = (reader.now - oldest).total_seconds() if oldest else 0
    found.append(Gauge("jieban_oldest_due_job_seconds", age))
    bookings = session.execute(select(Booking.status, func.count()).group_by(Booking.status))
    found += [Gauge("jieban_bookings", count, {"status": status}) for status, count in bookings]
    unsealed = select(func.count()).where(AuditEntry.seq.is_(None))
    found.append(Gauge("jieban_unsealed_audit_entries", session.execute(unsealed).scalar_one()))
    return found
