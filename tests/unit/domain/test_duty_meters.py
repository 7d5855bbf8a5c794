"""Meters of duty: what is owed, the pace, the forecast, the colour."""

from datetime import date, timedelta

import pytest

from app.domain.duty import (
    Colour,
    DutyPolicy,
    Limit,
    policy_in_force,
    term_meter,
    term_of,
    worst,
    year_meter,
)
from app.domain.duty.meters import Span
from app.domain.duty.policy import InvalidDutyPolicyError, NoDutyPolicyError
from app.domain.expert import Term

RULES = {
    "code": "LC-DUTY-1",
    "valid_from": date(2025, 1, 1),
    "least_a_year": 2,
    "wished_a_year": 10,
    "term_hours": 30,
    "absences": 2,
    "amber_percent": 50,
    "forecast_days": 30,
    "renewal_days": 90,
}
POLICY = DutyPolicy(**RULES)
WHOLE = {date(2026, 1, 1): date(2028, 12, 31)}
TERM = Span(date(2023, 10, 1), date(2026, 9, 30))


def year(done: int, today: str, appointed=WHOLE):
    return year_meter(done, appointed, 2026, date.fromisoformat(today), POLICY)


def test_a_late_appointment_owes_its_days_rounded_up() -> None:
    meter = year(0, "2026-11-02", {date(2026, 9, 1): date(2029, 8, 31)})
    # M9 of scenario 12: ceil(10 × 122 / 365) and ceil(2 × 122 / 365).
    assert (meter.days, meter.wished, meter.owed) == (122, 4, 1)


def test_a_year_out_of_term_owes_nothing_and_is_no_fault() -> None:
    meter = year(0, "2026-12-31", {date(2024, 1, 1): date(2025, 12, 31)})
    assert (meter.days, meter.owed, meter.wished) == (0, 0, 0)
    assert meter.colour(POLICY) is Colour.GREEN


@pytest.mark.parametrize(
    ("done", "today", "colour"),
    [
        (0, "2026-03-01", Colour.GREEN),  # before a whole one is due nobody is behind
        (0, "2026-07-03", Colour.AMBER),  # one was due, none is done
        (1, "2026-07-03", Colour.GREEN),
        (1, "2026-10-10", Colour.AMBER),  # the year would end at one
        (2, "2026-10-10", Colour.GREEN),
        (1, "2026-12-30", Colour.AMBER),
        (1, "2026-12-31", Colour.RED),
        (2, "2026-12-31", Colour.GREEN),
    ],
)
def test_the_colour_of_a_year(done: int, today: str, colour: Colour) -> None:
    assert year(done, today).colour(POLICY) is colour


def test_the_forecast_is_linear_and_says_what_it_rests_on() -> None:
    assert year(6, "2026-01-29").forecast(POLICY) is None
    foreseen = year(6, "2026-07-01").forecast(POLICY)
    # 6 in 182 of 365 days.
    assert foreseen is not None
    assert (foreseen.value, foreseen.days) == (12, 182)
    assert year(6, "2026-12-31").forecast(POLICY) is None


@pytest.mark.parametrize(
    ("minutes", "today", "colour"),
    [
        (29 * 60 + 40, "2026-09-30", Colour.RED),
        (30 * 60, "2026-09-30", Colour.GREEN),
        (29 * 60 + 40, "2026-09-29", Colour.AMBER),
        (12 * 60, "2026-05-01", Colour.AMBER),  # less than half of what was due by now
        (15 * 60, "2026-05-01", Colour.GREEN),
        (20 * 60, "2026-07-15", Colour.AMBER),  # 90 days before the end, and not on course
    ],
)
def test_the_colour_of_a_term(minutes: int, today: str, colour: Colour) -> None:
    meter = term_meter(minutes, TERM, date.fromisoformat(today), POLICY)
    assert meter.owed == 1800
    assert meter.colour(POLICY) is colour


def test_the_term_is_that_of_today_with_what_adjoins_it_or_the_last() -> None:
    first = Term(date(2023, 1, 1), date(2025, 12, 31), date(2023, 1, 1))
    more = Term(date(2026, 1, 1), date(2026, 1, 30), date(2025, 12, 1))
    assert term_of([first, more], date(2026, 1, 15)) == Span(first.starts_on, more.ends_on)
    assert term_of([first, more], date(2027, 1, 15)) == Span(first.starts_on, more.ends_on)
    assert term_of([first], first.starts_on - timedelta(days=1)) is None


def test_absences_are_amber_from_the_first_and_red_at_the_limit() -> None:
    assert [Limit(count, 2).colour for count in (0, 1, 2, 3)] == [
        Colour.GREEN,
        Colour.AMBER,
        Colour.RED,
        Colour.RED,
    ]
    assert worst([Colour.AMBER, Colour.RED, Colour.GREEN]) is Colour.RED
    assert worst([]) is Colour.GREEN


def test_the_policy_of_a_day_is_the_last_that_has_begun() -> None:
    later = DutyPolicy(**{**RULES, "code": "LC-DUTY-2", "valid_from": date(2027, 1, 1)})
    rows = (POLICY, later)
    assert policy_in_force(rows, date(2026, 12, 31)) is POLICY
    assert policy_in_force(rows, date(2027, 1, 1)) is later
    with pytest.raises(NoDutyPolicyError):
        policy_in_force(rows, date(2024, 12, 31))


@pytest.mark.parametrize(
    "change", [{"least_a_year": 0}, {"wished_a_year": 1}, {"amber_percent": 101}]
)
def test_a_policy_nobody_can_mean_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(InvalidDutyPolicyError):
        DutyPolicy(**{**RULES, **change})
