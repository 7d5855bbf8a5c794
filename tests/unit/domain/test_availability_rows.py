"""Days in a row are searched at once: they offer what each of them offers alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from app.domain.availability import Clinic, Question, Slots, WeeklyRule, free_times, upcoming
from app.domain.calendar import WorkingCalendar, day_starts_at
from tests.moments import START, day
from tests.unit.domain.diaries import ALL_MODES, CALENDAR, a_diary, a_rule, starts
from tests.unit.domain.test_availability_oracle import diaries, questions

CLINIC = Clinic(day("09-18"), 9 * 60, 10 * 60, 20)
SLOTS = ["09:00", "09:20", "09:40"]
ANY_SLOT = Question(60, ("onsite", "phone"), START, slots=Slots.ANY)
OVERNIGHT = (
    WeeklyRule(5, 20 * 60, 24 * 60, ALL_MODES),
    WeeklyRule(6, 0, 5 * 60, ALL_MODES),
)


def apart(diary, question, days, calendar=CALENDAR):
    """Return the free times of the days, each asked for by itself."""
    return [time for on in days for time in free_times(diary, calendar, question, [on])]


@settings(max_examples=40, deadline=None)
@given(diaries(), questions())
def test_days_in_a_row_offer_what_each_does_alone(diary, question) -> None:
    days = upcoming(START - timedelta(days=1), 28)
    assert list(free_times(diary, CALENDAR, question, days)) == apart(diary, question, days)


@pytest.mark.parametrize("change_on", [date(1988, 4, 17), date(1988, 9, 11)])
def test_days_of_another_length_offer_what_each_does_alone(change_on) -> None:
    days = [change_on + timedelta(days=offset) for offset in range(-2, 6)]
    now = day_starts_at(days[0])
    diary = replace(a_diary(*OVERNIGHT), terms=(replace(a_diary().terms[0], starts_on=days[0]),))
    question = Question(120, ("onsite",), now)
    calendar = WorkingCalendar({})
    found = list(free_times(diary, calendar, question, days))
    assert found == apart(diary, question, days, calendar)
    assert found


def test_days_with_a_gap_between_them_are_asked_for_at_once() -> None:
    days = [day("09-17"), day("09-18"), day("10-08")]
    found = list(free_times(a_diary(), CALENDAR, replace(ANY_SLOT, minutes=90), days))
    assert found == apart(a_diary(), replace(ANY_SLOT, minutes=90), days)
    assert {time.starts_at for time in found if time.starts_at > day_starts_at(days[2])}
    assert not list(free_times(a_diary(), CALENDAR, ANY_SLOT, []))


@pytest.mark.parametrize(
    ("values", "question", "offered"),
    [
        ({}, ANY_SLOT, SLOTS),
        ({}, ANY_SLOT.lasting(20), SLOTS),
        ({}, ANY_SLOT.lasting(30), []),
        ({}, Question.of_length("consultation", timedelta(minutes=20), "onsite", START), SLOTS),
        ({}, Question.of_length("diagnosis", timedelta(minutes=20), "onsite", START), []),
        ({}, replace(ANY_SLOT, modes=("phone",)), []),
        ({"modes": frozenset({"phone"})}, ANY_SLOT, []),
        ({"is_paused": True}, ANY_SLOT, []),
        ({"horizon_days": 2}, ANY_SLOT, []),
        ({"horizon_days": 3}, ANY_SLOT, SLOTS),
        ({"weekly_limit": 1, "week_loads": {day("09-14"): 1}}, ANY_SLOT, []),
    ],
)
def test_slots_of_a_clinic_are_for_whom_they_suit(values, question, offered) -> None:
    diary = a_diary(a_rule(4, "09:00", "10:00"), clinics=(CLINIC,), **values)
    assert starts(diary, "09-18", question) == offered
    week = upcoming(START, 7)
    assert list(free_times(diary, CALENDAR, question, week)) == apart(diary, question, week)
