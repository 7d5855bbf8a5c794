"""How the service stands, in numbers a monitor collects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by

from sqlalchemy import func, select

from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.models.job import Job
from app.models.webhook import WebhookCall
from app.queries.job_board import JobBoard, job_board
from app.unit_of_work import Reader

_OF_KIND = ("ready", "due", "late", "leased", "dead", "expired")


@dataclass(frozen=True, slots=True)
class Gauge:
    """One number with its labels."""

    name: str
    value: float
    labels: Mapping[str, str] = made_by(default_factory=dict)


def gauges(reader: Reader) -> list[Gauge]:
    """Return jobs by state and kind, deliveries, ages of what waits, bookings, unsealed entries."""
    session = reader.session
    jobs = session.execute(select(Job.state, func.count()).group_by(Job.state))
    found = [Gauge("jieban_jobs", count, {"state": state}) for state, count in jobs]
    board = job_board(reader)
    oldest = board.oldest_due_at
    age = (reader.now - oldest).total_seconds() if oldest else 0
    found.append(Gauge("jieban_oldest_due_job_seconds", age))
    found += [*_of_kinds(board), *_of_channels(board, reader)]
    bookings = session.execute(select(Booking.status, func.count()).group_by(Booking.status))
    found += [Gauge("jieban_bookings", count, {"status": status}) for status, count in bookings]
    unsealed = select(func.count()).where(AuditEntry.seq.is_(None))
    found.append(Gauge("jieban_unsealed_audit_entries", session.execute(unsealed).scalar_one()))
    calls = select(WebhookCall.state, func.count()).group_by(WebhookCall.state)
    for state, count in session.execute(calls):
        found.append(Gauge("jieban_webhook_calls", count, {"state": state}))
    return found


def _of_kinds(board: JobBoard) -> Iterator[Gauge]:
    yield Gauge("jieban_job_processes", len(board.processes))
    if board.leader:
        labels = {"process": str(board.leader.process_id)}
        yield Gauge("jieban_leader_token", board.leader.token, labels)
    for kind in board.kinds:
        for figure in _OF_KIND:
            labels = {"kind": kind.kind, "figure": figure}
            yield Gauge("jieban_jobs_of_kind", getattr(kind, figure), labels)
        if not kind.is_known:
            yield Gauge("jieban_jobs_of_unknown_kind", kind.ready, {"kind": kind.kind})


def _of_channels(board: JobBoard, reader: Reader) -> Iterator[Gauge]:
    for channel in board.channels:
        for state, count in channel.counts.items():
            labels = {"channel": channel.channel, "state": state.value}
            yield Gauge("jieban_deliveries", count, labels)
        since = channel.oldest_open_at or reader.now
        age = (reader.now - since).total_seconds()
        yield Gauge("jieban_oldest_open_delivery_seconds", age, {"channel": channel.channel})
