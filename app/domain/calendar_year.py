"""A year of the working calendar: its notice, the warning while it lacks, changed deadlines."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from app.domain.calendar import ZONE, DayKind, WorkingCalendar, day_ends_at, local_day
from app.domain.import_row import CellError
from app.domain.vocabulary import Words

# The State Council publishes the next year's notice in November.
WARN_FROM_MONTH = 11
FIRST_YEAR, LAST_YEAR = 2000, 2100
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_KINDS = {
    **dict.fromkeys(("off", "放假", "休", "休息", "节假日"), DayKind.OFF),
    **dict.fromkeys(("workday", "上班", "班", "调休", "调休上班", "补班"), DayKind.WORKDAY),
}


def missing_year(today: date, known: Collection[int]) -> int | None:
    """Return the year whose notice is due and not imported, None when all is there."""
    if today.year not in known:
        return today.year
    following = today.year + 1
    return following if today.month >= WARN_FROM_MONTH and following not in known else None


def read_kind(cell: object, _words: Words) -> DayKind:
    """Read what the notice says of a day, in the words people write."""
    kind = _KINDS.get(str(cell).strip().lower())
    if kind is None:
        raise CellError("calendar.unknown_kind")
    return kind


def read_yes(cell: object, _words: Words) -> bool:
    """Read whether the day is published, not only expected."""
    answers = {"true": True, "是": True, "false": False, "否": False}
    word = str(cell).strip().lower()
    if word not in answers:
        raise CellError("calendar.not_yes_or_no")
    return answers[word]


def fault_of(day: date, kind: DayKind) -> str | None:
    """Return the code of what cannot be true of a day, None when the notice may say it."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return "calendar.year_out_of_range"
    if kind is DayKind.WORKDAY and day.weekday() < _SATURDAY:
        return "calendar.plain_workday"
    return None


def changed_days(before: WorkingCalendar, after: WorkingCalendar, since: date) -> frozenset[date]:
    """Return the days from the given one on of which the two calendars say different things."""
    days = before.days.keys() | after.days.keys()
    return frozenset(
        day for day in days if day >= since and before.days.get(day) != after.days.get(day)
    )


def lengthened(
    deadline: datetime, now: datetime, before: WorkingCalendar, after: WorkingCalendar
) -> datetime:
    """Return the deadline under the new calendar: as many working days are left as before.

    It is lengthened by what is no longer worked and never shortened (decisions.md). One that has
    passed stays.
    """
    if deadline <= now:
        return deadline
    local = deadline.astimezone(ZONE)
    is_day_end = local.hour == local.minute == local.second == local.microsecond == 0
    last = local_day(deadline) - _ONE_DAY if is_day_end else local_day(deadline)
    eve = local_day(now) - _ONE_DAY
    left = sum(before.is_working(eve + _ONE_DAY * n) for n in range(1, (last - eve).days + 1))
    if left == 0:
        return deadline
    on = after.add_working_days(eve, left)
    if is_day_end:
        return max(deadline, day_ends_at(on))
    return max(deadline, datetime.combine(on, local.time(), ZONE).astimezone(UTC))
