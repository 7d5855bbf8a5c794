"""When something has waited too long at the bureau's desk."""

from datetime import date, datetime, timedelta

from app.domain.calendar import ZONE, WorkingCalendar, day_ends_at, local_day

UNMATCHED_WORKING_DAYS = 3


def waiting_since(now: datetime, calendar: WorkingCalendar, working_days: int) -> datetime:
    """Return the instant before which whatever arrived has waited so many working days.

    It is the answer clock turned round: what arrived at it is due now, or at the end of the last
    working day when today is off.
    """
    day, is_working = local_day(now), calendar.is_working(local_day(now))
    for _ in range(working_days if is_working else working_days + 1):
        day = _working_day_before(day, calendar)
    if not is_working:
        return day_ends_at(day)
    return datetime.combine(day, now.astimezone(ZONE).time(), ZONE).astimezone(now.tzinfo)


def _working_day_before(day: date, calendar: WorkingCalendar) -> date:
    day -= timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day
