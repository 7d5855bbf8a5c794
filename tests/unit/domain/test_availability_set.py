"""What an expert may set: his week, days opened and closed, and each fault at its field."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.availability import (
    Clinic,
    Closing,
    ExceptionKind,
    Opening,
    SpecialDay,
    Week,
    WeekSpan,
    as_span,
    ensure_clinic,
    ensure_closing,
    ensure_opening,
    ensure_week,
    rule_of,
)
from app.domain.errors import InvalidInputError
from tests.moments import day

TODAY = day("09-16")
MODES = frozenset({"onsite", "phone"})
SPAN = WeekSpan(0, 540, 720, MODES)
WEEK = Week((SPAN,), 8, 10, 24)
OPENING = Opening(day("09-17"), 540, 720, MODES)
CLOSING = Closing(day("09-17"), day("09-18"), "出差")
CLINIC = Clinic(day("09-17"), 540, 720, 30)
OFF = SpecialDay(day("09-18"), ExceptionKind.OFF, 600, 660, MODES)
EXTRA = replace(OFF, day=day("09-17"), kind=ExceptionKind.EXTRA)


def faults(act: Callable[[], Any]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as refused:
        act()
    return [(error.field, error.code) for error in refused.value.errors]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"monthly_limit": 31}, ("monthly_limit", "input.too_large")),
        ({"weekly_limit": 0}, ("weekly_limit", "input.too_small")),
        ({"buffer_minutes": 7}, ("buffer_minutes", "input.off_grid")),
        ({"horizon_days": 61}, ("horizon_days", "input.too_large")),
        ({"time_zone": "Mars/Olympus"}, ("time_zone", "availability.zone_unknown")),
        ({"minutes": {"tutoring": 10}}, ("minutes_tutoring", "input.too_small")),
        ({"minutes": {"lecture": 60}}, ("minutes_lecture", "input.unknown_code")),
    ],
)
def test_a_limit_out_of_bounds_is_named(values: dict[str, Any], found: tuple[str, str]) -> None:
    assert faults(lambda: ensure_week(replace(WEEK, **values), MODES)) == [found]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"starts_minute": 541}, ("day_0_1_starts", "input.off_grid")),
        ({"ends_minute": 1455}, ("day_0_1_ends", "input.off_grid")),
        ({"ends_minute": 540}, ("day_0_1_ends", "availability.end_before_start")),
        ({"modes": frozenset()}, ("day_0_1_modes", "input.not_chosen")),
        ({"modes": frozenset({"online"})}, ("day_0_1_modes", "input.not_a_choice")),
        ({"every_weeks": 3}, ("day_0_1_every", "input.not_a_choice")),
        ({"every_weeks": 2}, ("day_0_1_every", "availability.no_anchor")),
        ({"anchor_on": TODAY}, ("day_0_1_every", "availability.no_anchor")),
        ({"valid_from": day("10-01"), "valid_until": TODAY}, ("day_0_1_until", "input.too_early")),
        ({"weekday": 7}, ("day_7_1_starts", "input.unknown_code")),
    ],
)
def test_a_span_that_cannot_be_is_named_by_day_and_number(
    values: dict[str, Any], found: tuple[str, str]
) -> None:
    week = replace(WEEK, spans=(replace(SPAN, **values),))
    assert faults(lambda: ensure_week(week, MODES)) == [found]


def test_spans_that_meet_are_refused_and_those_that_take_turns_are_not() -> None:
    later = replace(SPAN, starts_minute=660, ends_minute=780)
    week = replace(WEEK, spans=(SPAN, later))
    assert faults(lambda: ensure_week(week, MODES)) == [("day_0_2_starts", "availability.overlap")]
    turns = [replace(SPAN, every_weeks=2, anchor_on=day(on)) for on in ("09-14", "09-21")]
    ensure_week(replace(WEEK, spans=tuple(turns)), MODES)
    ended = replace(SPAN, valid_until=TODAY)
    ensure_week(replace(WEEK, spans=(ended, replace(SPAN, valid_from=day("09-17")))), MODES)
    with pytest.raises(InvalidInputError):
        ensure_week(replace(WEEK, spans=(turns[0], SPAN)), MODES)
    assert as_span(rule_of(turns[0])) == turns[0]


def test_more_spans_than_a_day_takes_are_refused() -> None:
    spans = tuple(
        replace(SPAN, starts_minute=540 + 60 * n, ends_minute=600 + 60 * n) for n in range(7)
    )
    found = faults(lambda: ensure_week(replace(WEEK, spans=spans), MODES))
    assert found == [("day_0_7_starts", "availability.too_many_spans")]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"day": day("09-15")}, ("first_on", "input.too_early")),
        ({"day": date(2027, 9, 18)}, ("first_on", "input.too_late")),
        ({"ends_minute": 540}, ("ends", "availability.end_before_start")),
        ({"modes": frozenset()}, ("modes", "input.not_chosen")),
        ({"reason": "长" * 101}, ("reason", "input.too_long")),
    ],
)
def test_an_opening_that_cannot_be_is_named(values: dict[str, Any], found: Any) -> None:
    opening = replace(OPENING, **values)
    assert faults(lambda: ensure_opening(opening, TODAY, MODES, [])) == [found]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"first_on": day("09-15")}, ("first_on", "input.too_early")),
        ({"last_on": day("09-16")}, ("last_on", "input.too_early")),
        ({"last_on": day("12-31")}, ("last_on", "input.too_late")),
        ({"reason": "  "}, ("reason", "input.required")),
        ({"starts_minute": 5}, ("starts", "input.off_grid")),
    ],
)
def test_a_closing_that_cannot_be_is_named(values: dict[str, Any], found: Any) -> None:
    assert faults(lambda: ensure_closing(replace(CLOSING, **values), TODAY, [])) == [found]


def test_what_stands_already_is_named_by_its_kind_and_first_day() -> None:
    assert faults(lambda: ensure_opening(OPENING, TODAY, MODES, [EXTRA, OFF])) == [
        ("starts", "availability.opened_already")
    ]
    assert faults(lambda: ensure_closing(CLOSING, TODAY, [OFF])) == [
        ("first_on", "availability.closed_already")
    ]
    assert faults(lambda: ensure_closing(CLOSING, TODAY, [OFF, EXTRA])) == [
        ("first_on", "availability.opened_already")
    ]
    aside = [replace(EXTRA, starts_minute=720, ends_minute=780), replace(OFF, day=day("09-19"))]
    ensure_opening(OPENING, TODAY, MODES, [*aside, OFF])
    ensure_closing(replace(CLOSING, starts_minute=540, ends_minute=600), TODAY, [OFF, *aside])
    assert list(CLOSING.days()) == [day("09-17"), day("09-18")]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"day": day("09-15")}, ("day", "input.too_early")),
        ({"slot_minutes": 17}, ("slot_minutes", "input.off_grid")),
        ({"ends_minute": 555}, ("ends", "availability.clinic_too_short")),
        ({"note": "长" * 101}, ("note", "input.too_long")),
    ],
)
def test_a_clinic_that_cannot_be_is_named(values: dict[str, Any], found: Any) -> None:
    assert faults(lambda: ensure_clinic(replace(CLINIC, **values), TODAY, MODES, [])) == [found]


def test_a_clinic_needs_somebody_who_meets_in_person_and_time_of_its_own() -> None:
    assert faults(lambda: ensure_clinic(CLINIC, TODAY, frozenset({"phone"}), [])) == [
        ("day", "availability.clinic_onsite")
    ]
    other = replace(CLINIC, starts_minute=705, ends_minute=780)
    assert faults(lambda: ensure_clinic(CLINIC, TODAY, MODES, [other, other])) == [
        ("starts", "availability.clinic_already")
    ]
    later = replace(CLINIC, starts_minute=720, ends_minute=780)
    tomorrow = replace(CLINIC, day=CLINIC.day + timedelta(days=1))
    ensure_clinic(CLINIC, TODAY, MODES, [later, tomorrow])
