"""Leaves, absences and what a suspension gives the bureau to decide."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.absence import a_year_before
from app.domain.availability import Days
from app.domain.errors import InvalidInputError
from app.domain.leave import LONGEST_LEAVE, Leave, LeaveOverlapsError, ensure_leave
from app.domain.suspension import decide_by
from tests.moments import at, day
from tests.unit.domain.diaries import CALENDAR

TODAY = day("09-16")
LEAVE = Leave(day("09-21"), day("09-25"), " 出差 ")


def test_a_leave_that_can_be_taken_says_why_and_closes_its_days() -> None:
    before, after = Days(day("09-01"), day("09-20")), Days(day("09-26"), day("09-30"))
    assert ensure_leave(LEAVE, TODAY, [before, after]) == "出差"
    assert LEAVE.days == Days(day("09-21"), day("09-25"))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"first_on": day("09-15")}, ("first_on", "input.too_early")),
        ({"last_on": day("09-20")}, ("last_on", "input.too_early")),
        ({"last_on": LEAVE.first_on + LONGEST_LEAVE * 2}, ("last_on", "input.too_late")),
        ({"reason": " "}, ("reason", "input.required")),
    ],
)
def test_a_leave_that_cannot_be_is_named(values: dict[str, Any], found: tuple[str, str]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_leave(replace(LEAVE, **values), TODAY, [])
    assert [(error.field, error.code) for error in refused.value.errors] == [found]


@pytest.mark.parametrize("other", [("09-01", "09-21"), ("09-25", "09-30"), ("09-22", "09-23")])
def test_leaves_do_not_share_a_day(other: tuple[str, str]) -> None:
    with pytest.raises(LeaveOverlapsError):
        ensure_leave(LEAVE, TODAY, [Days(day(other[0]), day(other[1]))])


def test_twelve_months_roll_also_over_a_leap_day() -> None:
    assert a_year_before(date(2026, 9, 16)) == date(2025, 9, 16)
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_the_bureau_has_two_working_days_and_never_longer_than_until_the_start() -> None:
    # The Sunday is worked: Friday 10:00, then the 20th and the 21st.
    assert decide_by(CALENDAR, at("09-18 10:00"), at("10-20 10:00"), 2) == at("09-21 10:00")
    assert decide_by(CALENDAR, at("09-18 10:00"), at("09-19 10:00"), 2) == at("09-19 10:00")
