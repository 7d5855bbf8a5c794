"""A meeting that did not come about, as one side or the bureau reports it."""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.booking import BookingEvent
from app.domain.booking import next_status as next_booking_status
from app.domain.service_session import (
    CONTEST_WORKING_DAYS,
    NoShow,
    ServiceSessionEvent,
    ensure_missed,
    next_status,
)
from app.models.booking import Booking
from app.models.service_session import ServiceSession
from app.services import service_records
from app.services.bookings import claims
from app.services.bookings.passing import reopen_need
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork


def report_no_show(
    uow: UnitOfWork,
    session_id: UUID,
    who: NoShow,
    *,
    note: str | None = None,
    version: int | None = None,
) -> ServiceSession:
    """Report that the meeting did not come about; the other side may contest in three working days.

    Raises:
        TooEarlyError: within 30 minutes of the planned start.
    """
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.REPORT_NO_SHOW)
    ensure_version(session, version)
    ensure_missed(session.planned_starts_at, uow.now)
    session.status = next_status(session.status, ServiceSessionEvent.MISS)
    session.no_show = who
    session.no_show_note = note
    session.contest_by = uow.calendar.duty_deadline(uow.now, CONTEST_WORKING_DAYS)
    booking = uow.load(Booking, session.booking_id, lock=True)
    booking.status = next_booking_status(booking.status, BookingEvent.MISS)
    claims.free(uow, booking.id)
    cancel_open(uow, booking.id)
    uow.audit("service_session.no_show", session)
    uow.audit("booking.missed", booking)
    uow.tell("service_session.no_show", session, who=who.value)
    reopen_need(uow, session.need_id)
    uow.flush()
    service_records.count(uow, session.id, cause="service_session.no_show")
    return session
