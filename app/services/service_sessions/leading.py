"""Who leads a meeting whose lead stands aside: the next of the panel, so that it can count."""

from collections.abc import Callable

from sqlalchemy import select

from app.domain.service_session import NOT_HELD, Party
from app.models.booking import Booking, BookingExpert
from app.models.outcome import Outcome
from app.models.service_session import Attendance, ServiceSession
from app.services.service_sessions.holding import attendances
from app.unit_of_work import UnitOfWork


def pass_lead_on(uow: UnitOfWork, session: ServiceSession) -> bool:
    """Let another of the panel lead the meeting where its lead stands aside; tell whether one does.

    The next in order does who has not stood aside himself: while the meeting is open anybody
    asked, once it is closed who was there, and once there is a record who signed his times under
    it, because only the lead's word needs no signature of its own. Where there is nobody, the
    lead stays as it is and the meeting is decided on with him. Who is in front of an activity is
    no panel.
    """
    if session.activity_id is not None:
        return False
    with uow.beyond_scope("who can lead a meeting whose lead stands aside"):
        rows = [row for row in attendances(uow, session.id) if row.side is Party.EXPERT]
        lead = next((row for row in rows if row.is_lead), None)
        if lead is None or not is_aside(lead):
            return False
        may_lead = _rule(uow, session)
        after = next((row for row in rows if not is_aside(row) and may_lead(row)), None)
        if after is None or after.expert_id is None:
            return False
        lead.is_lead, after.is_lead = False, True
        session.lead_expert_id = after.expert_id
        uow.audit("attendance.lead_passed_on", lead, after)
        uow.audit("service_session.lead_passed_on", session)
        _follow(uow, session)
    uow.flush()
    return True


def is_aside(row: Attendance) -> bool:
    """Tell whether an expert declared a tie and left, or stands aside from the diagnosis."""
    return row.stood_aside_at is not None or bool(row.recused_minutes)


def _rule(uow: UnitOfWork, session: ServiceSession) -> Callable[[Attendance], bool]:
    if session.status in NOT_HELD:
        return lambda _: True
    recorded = select(Outcome.recorded_at).where(Outcome.service_session_id == session.id)
    if uow.one(recorded) is None:
        return lambda row: row.is_present
    return lambda row: row.is_present and row.signed_at is not None


def _follow(uow: UnitOfWork, session: ServiceSession) -> None:
    """Have the booking name the same lead, as everybody's pages go by it."""
    if session.booking_id is None:
        return
    booking = uow.load(Booking, session.booking_id, lock=True)
    booking.lead_expert_id = session.lead_expert_id
    seats = uow.all(select(BookingExpert).where(BookingExpert.booking_id == booking.id))
    for seat in seats:
        seat.is_lead = seat.expert_id == session.lead_expert_id
    uow.audit("booking.lead_passed_on", booking)
