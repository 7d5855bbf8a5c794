"""A meeting that did not come about, as one side or the bureau reports it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from app.domain.actor import Permission
from app.domain.attendance import absent_of, ensure_not_held
from app.domain.booking import BookingEvent
from app.domain.booking import next_status as next_booking_status
from app.domain.errors import NotFoundError
from app.domain.policy_number import PolicyNumber
from app.domain.service_session import (
    MENTOR_AWAY,
    NoShow,
    Party,
    ServiceSessionEvent,
    ensure_missed,
    ensure_reportable,
    next_status,
)
from app.models.booking import Booking
from app.models.service_session import Attendance, ServiceSession
from app.services import deadlines, service_records
from app.services.bookings import claims
from app.services.bookings.passing import reopen_need
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.services.service_sessions import absent
from app.services.service_sessions.holding import attendances, booking_of, own_sides
from app.services.service_sessions.origin import need_id_of
from app.unit_of_work import UnitOfWork


def report_no_show(
    uow: UnitOfWork,
    session_id: UUID,
    who: NoShow,
    *,
    note: str | None = None,
    experts: Collection[UUID] | None = None,
    version: int | None = None,
) -> ServiceSession:
    """Report that the meeting did not come about; the other side may contest in three working days.

    Each side reports the other's absence, the bureau either's. Of a panel every expert answers
    for himself: `experts` names those who did not come, all of them when not given.

    Raises:
        InvalidInputError: at field `experts`, nobody or somebody who was not expected.
        PanelHeldError: the lead and the quorum of the panel came.
        InvalidInputError: at field `who`, it is the absence of the reporter's own side alone.
        TooEarlyError: within 30 minutes of the planned start.
        WasSeenError: the desk has checked in whoever is called absent.
    """
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.REPORT_NO_SHOW)
    ensure_version(session, version)
    rows = attendances(uow, session.id)
    ensure_reportable(who, _reporting(uow, rows))
    ensure_missed(session.planned_starts_at, uow.now)
    status = next_status(session.status, ServiceSessionEvent.MISS)
    booking = booking_of(uow, session, lock=True)
    expected = absent.expected_of(uow, session, rows)
    missing = absent_of(who, expected, experts)
    ensure_not_held(who, expected - missing, session.lead_expert_id, booking.quorum)
    absent.ensure_none_seen(who, rows, missing)
    absent.note(uow, rows, missing)
    session.status = status
    session.no_show = who
    session.no_show_note = note
    session.contest_by = deadlines.duty(uow, PolicyNumber.CONTEST)
    _give_up(uow, booking)
    uow.audit("service_session.no_show", session)
    named = [str(key) for key in sorted(missing)]
    uow.tell("service_session.no_show", session, who=who.value, experts=named)
    reopen_need(uow, need_id_of(session))
    uow.flush()
    service_records.count(uow, session.id, cause="service_session.no_show")
    if who in MENTOR_AWAY:
        absent.review_all(uow, rows)
    return session


def _give_up(uow: UnitOfWork, booking: Booking) -> None:
    booking.status = next_booking_status(booking.status, BookingEvent.MISS)
    claims.free(uow, booking.id)
    cancel_open(uow, booking.id)
    uow.audit("booking.missed", booking)


def _reporting(uow: UnitOfWork, rows: Sequence[Attendance]) -> frozenset[Party]:
    """Return the sides for which the actor speaks, none for the bureau's people."""
    own = own_sides(uow, rows)
    if not own and not uow.actor.is_staff:
        raise NotFoundError("attendance.not_found")
    return own
