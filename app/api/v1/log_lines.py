"""Lines of calls and online meetings: listed beside the record, noted, struck with a reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import CREATED, operation
from app.api.schemas import OneOf, Text
from app.api.v1.service_sessions import SESSION
from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.domain.log_line import LONGEST_CONTACT, LONGEST_REASON, Line, LogKind
from app.domain.service_session import Party
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.log_line import LogLine
from app.queries.log_lines import LogLineRow, log_line, meeting_log
from app.services import log_lines
from app.unit_of_work import UnitOfWork

LINES = f"{SESSION}/log-lines"
LINE = f"{LINES}/<uuid:line_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBody:
    """Who called or joined, from when to when; a number is masked before it is kept."""

    kind: Annotated[LogKind, OneOf.members(LogKind)]
    party: Annotated[Party, OneOf.members(Party)]
    started_at: datetime
    ended_at: datetime
    contact: Annotated[str | None, Text(LONGEST_CONTACT)] = None


@dataclass(frozen=True, slots=True)
class StrikeLineBody:
    """Why a line does not hold."""

    reason: Annotated[str, Text(LONGEST_REASON)]


@dataclass(frozen=True, slots=True)
class LogList:
    """The lines of a meeting; `is_noted` where they are over ten minutes apart from its record."""

    items: tuple[LogLineRow, ...]
    is_noted: bool | None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(LINES)(list_log_lines)
    blueprint.post(LINES)(note_log_line)
    blueprint.post(f"{LINE}/strike")(strike_log_line)


@operation(Permission.READ_SERVICE_SESSION, answer=LogList)
def list_log_lines(session_id: UUID) -> Any:
    """List the lines of a meeting's calls, and whether they fit its record."""
    with reading() as reader:
        log = meeting_log(reader, session_id)
    is_noted = log.comparison.is_noted if log.comparison else None
    return jsonable(LogList(tuple(log.rows), is_noted))


@operation(Permission.HOLD_SERVICE_SESSION, answer=LogLineRow, status=CREATED)
def note_log_line(session_id: UUID, body: LineBody) -> Any:
    """Note a line of a meeting by telephone or online; nothing counts otherwise for it."""
    line = Line(
        kind=body.kind,
        party=body.party,
        started_at=body.started_at,
        ended_at=body.ended_at,
        contact=body.contact or "",
    )
    return run(lambda uow: _told(uow, log_lines.note(uow, session_id, line)), answer=jsonable)


@operation(Permission.HOLD_SERVICE_SESSION, Permission.STRIKE_ATTACHMENT, answer=LogLineRow)
def strike_log_line(
    session_id: UUID, line_id: UUID, body: StrikeLineBody, version: int | None
) -> Any:
    """Strike a line with a reason; it stays."""

    def act(uow: UnitOfWork) -> LogLineRow:
        if uow.load(LogLine, line_id).service_session_id != session_id:
            raise NotFoundError("log_line.not_found")
        return _told(uow, log_lines.strike(uow, line_id, body.reason, version=version))

    return run(act, answer=jsonable)


def _told(uow: UnitOfWork, row: LogLine) -> LogLineRow:
    uow.flush()
    return log_line(uow, row.id)
