"""Waiting is told in working days of the district's calendar."""

from datetime import date

import pytest

from app.domain.ageing import Band, band_of, working_days_waited
from app.domain.calendar import DayKind, WorkingCalendar

OFF = [date(2026, 10, day) for day in (1, 2, 5, 6, 7)]
CALENDAR = WorkingCalendar(
    {**{day: DayKind.OFF for day in OFF}, date(2026, 10, 10): DayKind.WORKDAY}
)


@pytest.mark.parametrize(
    ("since", "today", "days"),
    [
        ("2026-09-16", "2026-09-16", 0),
        ("2026-09-16", "2026-09-17", 1),
        ("2026-09-30", "2026-10-07", 0),
        ("2026-09-30", "2026-10-08", 1),
        # The make-up Saturday is worked, the Sunday is not.
        ("2026-10-08", "2026-10-11", 2),
    ],
)
def test_days_off_do_not_count_and_worked_saturdays_do(since: str, today: str, days: int) -> None:
    asked = date.fromisoformat(since), date.fromisoformat(today)
    assert working_days_waited(*asked, CALENDAR) == days


def test_the_bands_meet_without_a_gap() -> None:
    assert [band_of(days) for days in range(8)] == [
        *(Band.FRESH,) * 2,
        *(Band.SOME,) * 2,
        *(Band.LONG,) * 2,
        *(Band.OVERLONG,) * 2,
    ]
