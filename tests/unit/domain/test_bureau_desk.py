from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bureau_desk import UNMATCHED_WORKING_DAYS, waiting_since
from app.domain.calendar import DayKind, WorkingCalendar
from tests.moments import at, day

# The National Day holidays of 2026: off from 1 to 7 October, and 10 October is worked.
CALENDAR = WorkingCalendar(
    {day(f"10-0{number}"): DayKind.OFF for number in range(1, 8)} | {day("10-10"): DayKind.WORKDAY}
)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("09-16 10:00", "09-11 10:00"),
        ("09-19 10:00", "09-16 00:00"),
        ("10-10 09:30", "09-30 09:30"),
        ("10-04 09:30", "09-26 00:00"),
    ],
)
def test_waiting_is_counted_in_working_days(now: str, since: str) -> None:
    assert waiting_since(at(now), CALENDAR, UNMATCHED_WORKING_DAYS) == at(since)


@given(
    received=st.integers(0, 40 * 24 * 60),
    passed=st.integers(0, 20 * 24 * 60),
    working_days=st.integers(1, 5),
)
def test_what_is_due_by_the_answer_clock_has_waited_too_long(
    received: int, passed: int, working_days: int
) -> None:
    received_at = at("09-16 00:00") + timedelta(minutes=received)
    now = received_at + timedelta(minutes=passed)
    is_due = CALENDAR.answer_deadline(received_at, working_days) < now
    assert (received_at < waiting_since(now, CALENDAR, working_days)) is is_due
