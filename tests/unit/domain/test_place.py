from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.availability import Question, Span, free_times
from app.domain.calendar import DayKind, WorkingCalendar
from app.domain.errors import InvalidInputError
from app.domain.place import (
    OFFICIAL_WEEK,
    ONSITE,
    OpenSpan,
    PlaceClosedError,
    PlaceFacts,
    PlaceKind,
    PlaceTakenError,
    Wanted,
    closed,
    diary_of,
    ensure_place,
    ensure_usable,
)
from tests.moments import START, at, day

HOLIDAY, MAKE_UP = day("10-01"), day("10-10")
CALENDAR = WorkingCalendar({HOLIDAY: DayKind.OFF, MAKE_UP: DayKind.WORKDAY})
ROOM = PlaceFacts(
    kind=PlaceKind.ROOM, name="3 楼会诊室", street="tangye", address="唐冶中路 88 号", seats=14
)
ASKED = Question(60, tuple(ONSITE), START)


def starts(on, hours=OFFICIAL_WEEK, shut=(), claims=()):
    diary = diary_of(hours, shut, claims, CALENDAR)
    return [each.starts_at for each in free_times(diary, CALENDAR, ASKED, [day(on)])]


def faults(facts):
    with pytest.raises(InvalidInputError) as refusal:
        ensure_place(facts)
    return {each.field: each.code for each in refusal.value.errors}


def test_a_place_is_open_in_its_hours_and_not_at_noon() -> None:
    found = starts("09-18")
    assert found[0] == at("09-18 09:00")
    assert at("09-18 11:00") in found
    assert at("09-18 11:15") not in found
    assert found[-1] == at("09-18 16:00")


@pytest.mark.parametrize("on", ["10-01", "09-19"])
def test_a_place_is_shut_on_holidays_and_on_days_without_hours(on) -> None:
    assert starts(on) == []


def test_a_make_up_workday_without_hours_of_its_own_is_kept_as_a_monday() -> None:
    assert starts("10-10")[0] == at("10-10 09:00")
    assert starts("10-17") == []
    saturday = (*OFFICIAL_WEEK, OpenSpan(5, 14 * 60, 16 * 60))
    assert starts("10-10", saturday)[0] == at("10-10 14:00")


def test_what_is_closed_or_claimed_is_not_offered() -> None:
    morning = closed(day("09-18"), 0, 12 * 60)
    claim = Span(at("09-18 14:00"), at("09-18 16:00"))
    found = starts("09-18", shut=[morning], claims=[claim])
    assert found == [at("09-18 16:00")]
    assert starts("10-10", shut=[closed(MAKE_UP, 0, 24 * 60)]) == []


def test_a_meeting_is_refused_where_the_place_is_shut_or_taken() -> None:
    claim = Span(at("09-18 14:00"), at("09-18 16:00"))
    diary = diary_of(OFFICIAL_WEEK, (), [claim], CALENDAR)
    ensure_usable(diary, CALENDAR, ASKED, at("09-18 16:00"))
    ensure_usable(diary, CALENDAR, replace(ASKED, modes=("online",)), at("09-18 09:00"))
    for when in ("09-18 13:30", "09-18 15:45"):
        with pytest.raises(PlaceTakenError):
            ensure_usable(diary, CALENDAR, ASKED, at(when))
    for when in ("09-18 11:30", "09-19 10:00", "10-01 10:00"):
        with pytest.raises(PlaceClosedError):
            ensure_usable(diary, CALENDAR, ASKED, at(when))
    early = replace(ASKED, now=at("09-18 16:00") + timedelta(minutes=1))
    with pytest.raises(PlaceClosedError):
        ensure_usable(diary, CALENDAR, early, at("09-18 16:00"))


def test_facts_that_hold_together_pass() -> None:
    ensure_place(ROOM)


def test_each_fault_of_the_facts_is_named() -> None:
    assert faults(replace(ROOM, name=" ", address="路" * 121, seats=0)) == {
        "name": "input.required",
        "address": "input.too_long",
        "seats": "input.too_small",
    }
    assert faults(replace(ROOM, seats=1001)) == {"seats": "input.too_large"}
    assert faults(replace(ROOM, hours=())) == {"hours": "place.never_open"}
    backwards = (OpenSpan(0, 10 * 60, 9 * 60),)
    assert faults(replace(ROOM, hours=backwards)) == {
        "day_0_1_ends": "availability.end_before_start"
    }


@pytest.mark.parametrize(
    ("wanted", "is_met"),
    [
        (Wanted(), True),
        (Wanted(6, frozenset({"video"})), True),
        (Wanted(7), False),
        (Wanted(2, frozenset({"video", "projector"})), False),
    ],
)
def test_a_place_will_do_when_it_has_seats_and_equipment(wanted, is_met) -> None:
    assert wanted.is_met(6, ["video", "step_free"]) is is_met
