"""Marks out of a hundred: grades, averages to the half, and who may become senior."""

from datetime import date

import pytest

from app.domain.appraisal import AppraisalPolicy, Grade, Marks, ensure_score, overdue_before
from app.domain.calendar import DayKind, WorkingCalendar, day_ends_at, day_starts_at
from app.domain.errors import InvalidInputError

POLICY = AppraisalPolicy(days=2, excellent=90, passing=60, events=10, years=2)
CALENDAR = WorkingCalendar(
    {date(2026, 9, day): DayKind.OFF for day in (12, 13, 19, 25, 26, 27)}
    | {date(2026, 9, 20): DayKind.WORKDAY}
)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (100, Grade.EXCELLENT),
        (90, Grade.EXCELLENT),
        (89, Grade.QUALIFIED),
        (60, Grade.QUALIFIED),
        (59, Grade.UNQUALIFIED),
        (0, Grade.UNQUALIFIED),
    ],
)
def test_ninety_is_excellent_sixty_qualified_and_less_is_not(score, grade) -> None:
    assert POLICY.grade(ensure_score(score)) is grade


@pytest.mark.parametrize("score", [-1, 101])
def test_a_mark_is_out_of_a_hundred(score) -> None:
    with pytest.raises(InvalidInputError):
        ensure_score(score)


@pytest.mark.parametrize(
    ("scores", "average", "is_low"),
    [
        ((), "", False),
        ((60, 60), "60.0", False),
        ((60, 59), "59.5", True),
        ((59, *(60,) * 39), "60.0", True),
        ((85, 86, 86), "85.7", False),
        ((90, 91, 92, 92), "91.3", False),
    ],
)
def test_the_average_is_told_half_up_and_compared_exactly(scores, average, is_low) -> None:
    marks = Marks(POLICY, scores)
    assert (marks.average, marks.is_low) == (average, is_low)


def test_ten_excellent_marks_propose_a_senior_and_one_less_or_one_lower_does_not() -> None:
    assert Marks(POLICY, (90,) * 10).is_senior
    assert not Marks(POLICY, (100,) * 9).is_senior
    assert not Marks(POLICY, (*(100,) * 20, 89)).is_senior


def test_the_years_looked_at_begin_on_the_same_day() -> None:
    assert POLICY.since(date(2026, 9, 16)) == date(2024, 9, 16)
    assert AppraisalPolicy(2, 90, 60, 10, 1).since(date(2028, 2, 29)) == date(2027, 2, 28)


def test_what_is_overdue_is_the_duty_clock_turned_round() -> None:
    for number in range(10, 31):
        today = date(2026, 9, number)
        limit = day_starts_at(overdue_before(CALENDAR, today, 2))
        for held in range(1, number + 1):
            ended_at = day_starts_at(date(2026, 9, held))
            is_over = CALENDAR.duty_deadline(ended_at, 2) <= day_starts_at(today)
            assert (ended_at < limit) is is_over, (today, held)
    assert CALENDAR.duty_deadline(day_starts_at(date(2026, 9, 18)), 2) == day_ends_at(
        date(2026, 9, 21)
    )
