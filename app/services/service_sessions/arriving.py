"""Who has come to a meeting: by his own word, or as the counter has seen; and taking that back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.booking import BookingStatus
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.service_session import (
    NOT_HELD,
    SEEN,
    Evidence,
    IllegalStepError,
    Party,
    ServiceSessionEvent,
    ensure_may_check_in,
    next_status,
)
from app.models.person import Person
from app.models.service_session import Attendance, ServiceSession
from app.services.bookings.recusing import ensure_no_tie
from app.services.bookings.versions import ensure_version
from app.services.service_sessions.holding import attendances, booking_of
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody's place on the list of a meeting, as it was before he was checked in.

    Attributes:
        is_news: whether the list says anything now that it did not say before.
        is_guest: whether he was not expected and came along.
        checked_in_at: when he had said himself that he was there, and how.
    """

    session: ServiceSession
    row: Attendance
    is_news: bool
    is_guest: bool = False
    checked_in_at: datetime | None = None
    evidence: Evidence | None = None


def check_in(
    uow: UnitOfWork,
    session_id: UUID,
    *,
    person_id: UUID | None = None,
    evidence: Evidence = Evidence.SELF,
    version: int | None = None,
) -> ServiceSession:
    """Note that somebody has come: oneself, or at the desk the person named.

    The desk also checks in who was not expected and came along with the founder.

    Raises:
        TooEarlyError: more than 30 minutes before the planned start.
        RecusalError: a tie forbids the pairing today, that of a guest included.
    """
    arrival = arrive(uow, session_id, person_id=person_id, evidence=evidence, version=version)
    return arrival.session


def arrive(
    uow: UnitOfWork,
    session_id: UUID,
    *,
    person_id: UUID | None = None,
    evidence: Evidence = Evidence.SELF,
    version: int | None = None,
) -> Arrival:
    """Check somebody in as `check_in` does, and tell how the list was before."""
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.READ_SERVICE_SESSION)
    ensure_version(session, version)
    _ensure_own_or_desk(uow, person_id, evidence)
    ensure_may_check_in(session.planned_starts_at, session.planned_ends_at, uow.now)
    row = _expected(uow, session, person_id or uow.actor.person_id)
    is_guest = row is None
    if row is None:
        row = _admit(uow, session, person_id)
    booking = booking_of(uow, session)
    if booking.status is not BookingStatus.ACCEPTED:
        raise IllegalStepError(event=ServiceSessionEvent.CHECK_IN.value, status="called_off")
    ensure_no_tie(uow, booking, guests=[row.person_id] if is_guest else ())
    status = next_status(session.status, ServiceSessionEvent.CHECK_IN)
    if not _is_news(row, evidence):
        return Arrival(session, row, is_news=False)
    before = Arrival(session, row, True, is_guest, row.checked_in_at, row.evidence)
    row.checked_in_at, row.evidence = uow.now, evidence
    session.status = status
    uow.audit("attendance.checked_in", row)
    uow.audit("service_session.checked_in", session)
    return before


def take_back_arrival(
    uow: UnitOfWork,
    attendance_id: UUID,
    *,
    checked_in_at: datetime | None,
    evidence: Evidence | None,
    is_guest: bool,
) -> Attendance:
    """Put somebody's place on the list back to what it was before the desk checked him in.

    Nothing is deleted: a guest stays as a row that is on no list any more.

    Raises:
        IllegalStepError: the meeting is over, or was reported missed.
    """
    with uow.beyond_scope("the meeting of an arrival that is taken back"):
        session_id = uow.load(Attendance, attendance_id).service_session_id
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.HOLD_SERVICE_SESSION)
    row = uow.load(Attendance, attendance_id, lock=True)
    if session.status not in NOT_HELD:
        event = ServiceSessionEvent.UNCHECK.value
        raise IllegalStepError(event=event, status=session.status.value)
    row.checked_in_at, row.evidence = checked_in_at, evidence
    row.voided_at = uow.now if is_guest else None
    if all(each.checked_in_at is None for each in attendances(uow, session.id)):
        session.status = next_status(session.status, ServiceSessionEvent.UNCHECK)
    uow.audit("attendance.unchecked", row)
    uow.audit("service_session.unchecked", session)
    return row


def _expected(uow: UnitOfWork, session: ServiceSession, came: UUID | None) -> Attendance | None:
    rows = attendances(uow, session.id)
    return next((row for row in rows if came is not None and row.person_id == came), None)


def _is_news(row: Attendance, evidence: Evidence) -> bool:
    # What the desk has seen outweighs one's own word; nothing else is noted twice.
    return row.checked_in_at is None or (evidence in SEEN and row.evidence not in SEEN)


def _ensure_own_or_desk(uow: UnitOfWork, person_id: UUID | None, evidence: Evidence) -> None:
    # One's own word is only that; a code or a signature is what the desk has seen.
    if person_id is None:
        if evidence is not Evidence.SELF:
            raise InvalidInputError.at("evidence", "input.unknown_code")
        return
    if not uow.actor.is_staff:
        raise ForbiddenError(permission=Permission.HOLD_SERVICE_SESSION.value)
    uow.require(Permission.HOLD_SERVICE_SESSION)
    if evidence not in SEEN:
        raise InvalidInputError.at("evidence", "input.unknown_code")


def _admit(uow: UnitOfWork, session: ServiceSession, person_id: UUID | None) -> Attendance:
    """Put a guest on the list whom the desk has named, also one let in by mistake before."""
    if person_id is None:
        raise NotFoundError("attendance.not_found")
    person = uow.load(Person, person_id)
    known = uow.one(
        select(Attendance).where(
            Attendance.service_session_id == session.id, Attendance.person_id == person.id
        )
    )
    if known is not None:
        known.voided_at, known.identity_level = None, person.identity_level
        return known
    return uow.add(
        Attendance(
            service_session_id=session.id,
            side=Party.FOUNDER,
            person_id=person.id,
            is_lead=False,
            identity_level=person.identity_level,
        )
    )
