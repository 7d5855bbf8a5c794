"""Bookings follow a change of the calendar: suspended where their time is gone, and back again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.availability import Diary, Span
from app.domain.availability.standing import is_overtaken, opens
from app.domain.booking import BookingStatus
from app.domain.calendar import WorkingCalendar, day_ends_at, day_starts_at, local_day
from app.domain.suspension import SuspensionCause
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Expert
from app.queries.free_times import load_diaries
from app.services import bookings
from app.unit_of_work import UnitOfWork

_STANDING = (BookingStatus.REQUESTED, BookingStatus.ACCEPTED, BookingStatus.SUSPENDED)
_TAKING_PART = (PanelAnswer.INVITED, PanelAnswer.ACCEPTED)


def follow(uow: UnitOfWork, before: WorkingCalendar, changed: Collection[date]) -> tuple[int, int]:
    """Suspend what the calendar has overtaken, let stand again what it gives back.

    Args:
        uow: the transaction, in which the new calendar is written.
        before: the calendar as it was.
        changed: the days of which it says something else now.

    Returns:
        How many were suspended and how many stand again.
    """
    with uow.beyond_scope("every booking on days that changed their kind"):
        standing = _between(min(changed), max(changed))
        # Bookings before resources, as whoever moves one does it.
        uow.all(standing)
        bookings.close_days(uow, uow.all(select(Expert.id)))
        found = uow.all(standing)
        touched = [booking for booking in found if local_day(booking.starts_at) in changed]
        diaries = _diaries(uow, touched, sorted(changed))
        suspended = resumed = 0
        for booking in touched:
            if booking.status is BookingStatus.SUSPENDED:
                resumed += _give_back(uow, booking, diaries[booking.id])
            else:
                suspended += _take_away(uow, booking, diaries[booking.id], before)
    return suspended, resumed


def _take_away(
    uow: UnitOfWork, booking: Booking, diaries: Sequence[Diary], before: WorkingCalendar
) -> bool:
    span, mode = Span(booking.starts_at, booking.ends_at), booking.mode.value
    if not any(is_overtaken(diary, before, uow.calendar, span, mode) for diary in diaries):
        return False
    bookings.suspend(uow, booking.id, SuspensionCause.CALENDAR)
    return True


def _give_back(uow: UnitOfWork, booking: Booking, diaries: Sequence[Diary]) -> bool:
    span, mode = Span(booking.starts_at, booking.ends_at), booking.mode.value
    is_open = all(opens(diary, uow.calendar, span, mode) for diary in diaries)
    return is_open and bookings.lift(uow, SuspensionCause.CALENDAR, booking)


def _between(first: date, last: date) -> Select[Booking]:
    return (
        select(Booking)
        .where(
            Booking.status.in_(_STANDING),
            Booking.starts_at >= day_starts_at(first),
            Booking.starts_at < day_ends_at(last),
        )
        .order_by(Booking.id)
        .with_for_update()
    )


def _diaries(
    uow: UnitOfWork, touched: Sequence[Booking], days: Sequence[date]
) -> Mapping[UUID, Sequence[Diary]]:
    """Return the diaries of those who take part in each booking."""
    rows = uow.session.execute(
        select(BookingExpert.booking_id, BookingExpert.expert_id).where(
            BookingExpert.booking_id.in_([booking.id for booking in touched]),
            BookingExpert.answer.in_(_TAKING_PART),
        )
    ).all()
    known = load_diaries(uow, {expert_id for _, expert_id in rows}, days).by_expert
    found: dict[UUID, list[Diary]] = defaultdict(list)
    for booking_id, expert_id in rows:
        found[booking_id].append(known[expert_id])
    return found
