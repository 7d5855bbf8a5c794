from datetime import date

import pytest

from app.domain.calendar import DayKind, WorkingCalendar
from app.domain.duty import Duty, looked_at, standing

YEAR = {date(2026, 1, 1): date(2026, 12, 31)}
LEAST = 2
WEEKDAYS = WorkingCalendar({})


@pytest.mark.parametrize(
    ("today", "due"),
    [("2026-01-01", 0), ("2026-04-01", 0), ("2026-07-01", 1), ("2026-10-08", 2), ("2026-12-31", 2)],
)
def test_what_is_due_grows_with_the_year(today: str, due: int) -> None:
    duty = standing(0, YEAR, date.fromisoformat(today), LEAST)
    assert (duty.due, duty.least) == (due, 2)
    assert duty.is_behind == (due > 0)


def test_a_term_that_begins_late_owes_its_part() -> None:
    term = {date(2026, 9, 1): date(2029, 8, 31)}
    assert standing(0, term, date(2026, 11, 30), LEAST) == Duty(0, 0, 1)
    assert standing(0, term, date(2026, 12, 31), LEAST) == Duty(0, 1, 1)
    assert standing(1, term, date(2026, 12, 31), LEAST).is_behind is False


def test_terms_of_one_year_add_up_and_a_gap_owes_nothing() -> None:
    terms = {date(2023, 4, 1): date(2026, 3, 31), date(2026, 7, 1): date(2029, 6, 30)}
    # 90 + 184 of 365 days.
    assert standing(0, terms, date(2026, 12, 31), LEAST) == Duty(0, 2, 2)
    assert standing(0, terms, date(2026, 6, 30), LEAST) == Duty(0, 0, 2)


def test_duties_are_looked_at_on_the_first_working_day_of_four_months() -> None:
    # 1 October 2026 and the days after it are off; the 10th is a make-up workday before Monday.
    golden = WorkingCalendar(
        {date(2026, 10, day): DayKind.OFF for day in range(1, 8)}
        | {date(2026, 10, 10): DayKind.WORKDAY}
    )
    days = [date(2026, month, day) for month in range(1, 13) for day in range(1, 29)]
    assert [str(day) for day in days if looked_at(day, golden)] == [
        "2026-04-01",
        "2026-07-01",
        "2026-10-08",
        "2026-12-01",
    ]
    assert not looked_at(date(2026, 8, 1), WEEKDAYS)
