"""The lines of calls and online meetings beside the record of a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.errors import NotFoundError
from app.domain.log_line import Comparison, LogKind, compared
from app.domain.service_session import Party
from app.models.log_line import LogLine
from app.models.service_session import ServiceSession
from app.queries.accounts import account_names
from app.unit_of_work import Reader, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLineRow:
    """One line, who noted it, and whether it was struck."""

    id: UUID
    version: int
    service_session_id: UUID
    kind: LogKind
    party: Party
    started_at: datetime
    ended_at: datetime
    contact: str
    entered_by: str
    entered_at: datetime
    struck_at: datetime | None
    struck_reason: str | None
    may_strike: bool


@dataclass(frozen=True, slots=True)
class MeetingLog:
    """The lines of a meeting in order of their times, compared with its record."""

    rows: Sequence[LogLineRow]
    comparison: Comparison | None


def meeting_log(reader: Reader | UnitOfWork, session_id: UUID) -> MeetingLog:
    """Return the lines of a meeting that the reader may know of; struck ones compare with nothing.

    Raises:
        NotFoundError: there is no such meeting, or he may not know of it.
    """
    found = reader.session.execute(
        select(ServiceSession, LogLine)
        .outerjoin(LogLine, LogLine.service_session_id == ServiceSession.id)
        .where(ServiceSession.id == session_id)
        .order_by(LogLine.started_at, LogLine.id)
    ).all()
    if not found:
        raise NotFoundError("service_session.not_found")
    session: ServiceSession = found[0].ServiceSession
    lines = [row.LogLine for row in found if row.LogLine]
    standing = [(line.started_at, line.ended_at) for line in lines if line.struck_at is None]
    comparison = compared(standing, session.actual_start, session.actual_end)
    return MeetingLog(_rows(reader, lines), comparison)


def log_line(reader: Reader | UnitOfWork, line_id: UUID) -> LogLineRow:
    """Return one line.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    row = reader.session.scalar(select(LogLine).where(LogLine.id == line_id))
    if row is None:
        raise NotFoundError("log_line.not_found")
    return _rows(reader, [row])[0]


def _rows(reader: Reader | UnitOfWork, rows: Sequence[LogLine]) -> tuple[LogLineRow, ...]:
    names = account_names(reader, {row.entered_by_id for row in rows}) if rows else {}
    return tuple(
        LogLineRow(
            id=row.id,
            version=row.version,
            service_session_id=row.service_session_id,
            kind=row.kind,
            party=row.party,
            started_at=row.started_at,
            ended_at=row.ended_at,
            contact=row.contact,
            entered_by=names.get(row.entered_by_id, ""),
            entered_at=row.entered_at,
            struck_at=row.struck_at,
            struck_reason=row.struck_reason,
            may_strike=_may_strike(reader, row),
        )
        for row in rows
    )


def _may_strike(reader: Reader | UnitOfWork, row: LogLine) -> bool:
    is_own = row.entered_by_id == reader.actor.account_id
    needed = Permission.HOLD_SERVICE_SESSION if is_own else Permission.STRIKE_ATTACHMENT
    return row.struck_at is None and may(reader.actor, needed)
