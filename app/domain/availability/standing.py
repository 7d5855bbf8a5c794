"""Whether a time that was agreed once would still be offered."""

from app.domain.availability.bits import STEPS, touched
from app.domain.availability.diary import Diary, Span
from app.domain.availability.hours import Hours
from app.domain.calendar import WorkingCalendar, day_starts_at, local_day


def opens(diary: Diary, calendar: WorkingCalendar, span: Span, mode: str) -> bool:
    """Tell whether rules, special days and terms open the whole span for the mode.

    Claims, limits and notice are not asked: the span is the booking's own.
    """
    day = local_day(span.starts_at)
    first, last = (
        int((instant - day_starts_at(day)).total_seconds()) // 60
        for instant in (span.starts_at, span.ends_at)
    )
    wanted = touched(first, last) & ((1 << STEPS) - 1)
    return wanted & ~Hours(diary.of_agreed(), calendar, [day], [mode]).open(day).get(mode, 0) == 0


def is_overtaken(
    diary: Diary, before: WorkingCalendar, after: WorkingCalendar, span: Span, mode: str
) -> bool:
    """Tell whether a change of the calendar took away the time of a standing booking.

    A day that is off now takes it away also where the expert had changed his hours meanwhile.
    """
    if opens(diary, after, span, mode):
        return False
    day = local_day(span.starts_at)
    turned_off = before.is_working(day) and not after.is_working(day)
    return turned_off or opens(diary, before, span, mode)
