"""Lines of calls and online meetings: noted by mentor or officer, struck, never taken out."""

from uuid import UUID

from sqlalchemy import func, select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.errors import ForbiddenError
from app.domain.log_line import (
    LONGEST_REASON,
    MOST_OF_ONE_MEETING,
    Line,
    OnSiteError,
    StruckError,
    TooManyError,
    ensure_times,
    masked_contact,
)
from app.models.log_line import LogLine
from app.models.service_session import ServiceSession
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork


def note(uow: UnitOfWork, session_id: UUID, line: Line) -> LogLine:
    """Keep a line beside the record of a meeting by telephone or online; nothing follows from it.

    The number or name is masked before it is kept.

    Raises:
        OnSiteError: the meeting was face to face.
        TooManyError: the meeting has as many as one may have.
        InvalidInputError: naming each field at fault.
    """
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.HOLD_SERVICE_SESSION)
    if uow.actor.account_id is None:
        raise ForbiddenError(permission=Permission.HOLD_SERVICE_SESSION.value)
    if session.mode is Mode.ONSITE:
        raise OnSiteError
    ensure_times(line, uow.now)
    counted = select(func.count()).where(LogLine.service_session_id == session.id)
    if uow.session.execute(counted).scalar_one() >= MOST_OF_ONE_MEETING:
        raise TooManyError(most=MOST_OF_ONE_MEETING)
    row = uow.add(
        LogLine(
            service_session_id=session.id,
            kind=line.kind,
            party=line.party,
            started_at=line.started_at,
            ended_at=line.ended_at,
            contact=masked_contact(line.contact),
            entered_by_id=uow.actor.account_id,
            entered_at=uow.now,
        )
    )
    uow.audit("log_line.noted", row)
    return row


def strike(uow: UnitOfWork, line_id: UUID, reason: str, *, version: int | None = None) -> LogLine:
    """Strike a line with a reason; officers any they see, others what they noted themselves.

    Raises:
        StruckError: it is struck already.
    """
    row = uow.load(LogLine, line_id, lock=True)
    is_own = row.entered_by_id == uow.actor.account_id
    uow.require(Permission.HOLD_SERVICE_SESSION if is_own else Permission.STRIKE_ATTACHMENT)
    if row.struck_at is not None:
        raise StruckError(struck_at=row.struck_at)
    ensure_version(row, version)
    row.struck_reason = prose.ensure("reason", reason, LONGEST_REASON)
    row.struck_by_id, row.struck_at = uow.actor.account_id, uow.now
    uow.audit("log_line.struck", row)
    return row
