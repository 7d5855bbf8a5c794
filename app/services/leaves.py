"""The verbs of a leave: taken with a deputy, ended early; bookings follow at once."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.availability import Days
from app.domain.calendar import local_day
from app.domain.expert import Term, in_term
from app.domain.leave import DeputyError, Leave, LeaveOverError, ensure_leave
from app.domain.suspension import SuspensionCause
from app.models.booking import Booking, BookingExpert
from app.models.expert import Appointment, Expert
from app.models.leave import ExpertLeave
from app.services import bookings
from app.services.bookings import seats
from app.services.bookings.versions import ensure_version
from app.services.experts import ahead_of
from app.unit_of_work import UnitOfWork

_ONE_DAY = timedelta(days=1)


def take(uow: UnitOfWork, expert_id: UUID, leave: Leave) -> ExpertLeave:
    """Close days of an expert; the bookings on them are suspended and both sides told.

    A panel that can do without him goes on.

    Raises:
        InvalidInputError, LeaveOverlapsError: the days or the reason cannot be taken.
        DeputyError: who shall stand in may not.
    """
    expert = _expert(uow, expert_id)
    reason = ensure_leave(leave, uow.today, _days_of(uow, expert.id))
    if leave.deputy_id is not None:
        _ensure_deputy(uow, expert, leave.deputy_id, leave.days)
    row = uow.add(
        ExpertLeave(
            expert_id=expert.id,
            first_on=leave.first_on,
            last_on=leave.last_on,
            reason=reason,
            deputy_id=leave.deputy_id,
            taken_at=uow.now,
            taken_by_id=uow.actor.account_id,
        )
    )
    uow.audit("leave.taken", row)
    uow.flush()
    with uow.beyond_scope("the expert's bookings on the days of his leave"):
        for booking in ahead_of(uow, expert.id, (leave.first_on, leave.last_on)):
            bookings.fall_out(uow, booking.id, expert.id, SuspensionCause.LEAVE, ref_id=row.id)
    return row


def end(uow: UnitOfWork, leave_id: UUID, *, version: int | None = None) -> ExpertLeave:
    """Let a leave end with yesterday; what it held back stands again by itself.

    Raises:
        LeaveOverError: its last day has passed, or it was taken back.
    """
    row = uow.load(ExpertLeave, leave_id, lock=True)
    _expert(uow, row.expert_id)
    ensure_version(row, version)
    if row.last_on < uow.today or row.ended_at is not None:
        raise LeaveOverError
    row.last_on = max(row.first_on, uow.today) - _ONE_DAY
    row.ended_at = uow.now
    uow.audit("leave.ended", row)
    uow.flush()
    with uow.beyond_scope("what the leave held back"):
        for booking in bookings.suspended_by(uow, SuspensionCause.LEAVE, row.id):
            other = _other_away(uow, booking)
            if other is None:
                bookings.lift(uow, SuspensionCause.LEAVE, booking)
            else:
                bookings.pass_to(uow, booking, SuspensionCause.LEAVE, other)
    return row


def _expert(uow: UnitOfWork, expert_id: UUID) -> Expert:
    expert = uow.load(Expert, expert_id, lock=True)
    uow.require(Permission.SET_AVAILABILITY, experts=frozenset({expert.id}))
    return expert


def _days_of(uow: UnitOfWork, expert_id: UUID) -> list[Days]:
    rows = uow.all(
        select(ExpertLeave).where(
            ExpertLeave.expert_id == expert_id, ExpertLeave.last_on >= uow.today
        )
    )
    return [Days(row.first_on, row.last_on) for row in rows if row.first_on <= row.last_on]


def _other_away(uow: UnitOfWork, booking: Booking) -> UUID | None:
    """Return the leave of another expert of the booking that covers its day, if there is one."""
    day = local_day(booking.starts_at)
    return uow.one(
        select(ExpertLeave.id)
        .join(BookingExpert, BookingExpert.expert_id == ExpertLeave.expert_id)
        .where(
            BookingExpert.booking_id == booking.id,
            BookingExpert.answer.in_(seats.TAKING_PART),
            ExpertLeave.first_on <= day,
            ExpertLeave.last_on >= day,
        )
        .order_by(ExpertLeave.id)
        .limit(1)
    )


def _ensure_deputy(uow: UnitOfWork, expert: Expert, deputy_id: UUID, days: Days) -> None:
    deputy = uow.session.get(Expert, deputy_id)
    held = uow.all(select(Appointment).where(Appointment.expert_id == deputy_id))
    terms = [Term(row.starts_on, row.ends_on, row.approved_on, row.kind) for row in held]
    is_appointed = all(in_term(terms, day) for day in (days.first_on, days.last_on))
    is_away = any(
        other.first_on <= days.last_on and days.first_on <= other.last_on
        for other in _days_of(uow, deputy_id)
    )
    if deputy is None or deputy.id == expert.id or not is_appointed or is_away:
        raise DeputyError
