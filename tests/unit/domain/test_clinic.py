"""Clinics: their slots, what may be given away at the counter, and who works there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.actor import Actor, Role
from app.domain.availability import (
    Clinic,
    ClinicChangedError,
    NotFreeError,
    NotTodayError,
    Question,
    Slots,
    Span,
    at_the_counter,
    ensure_slot_today,
    free_times,
    pauses_at,
    place_at,
    wall_time,
)
from app.domain.ids import new_id
from tests.moments import at, day
from tests.unit.domain.diaries import CALENDAR, THURSDAY, WEDNESDAY, a_diary, a_rule, refusal

# 14:00 to 15:30, four slots of twenty minutes.
CLINIC = Clinic(day("09-16"), 14 * 60, 15 * 60 + 30, 20)


@pytest.mark.parametrize("when", ["14:00", "14:20", "15:00"])
def test_each_slot_of_today_may_be_given(when: str) -> None:
    ensure_slot_today(CLINIC, at(f"09-16 {when}"), at("09-16 10:00"))


@pytest.mark.parametrize("when", ["13:40", "14:10", "15:20", "15:40"])
def test_what_is_no_slot_is_refused_with_their_length(when: str) -> None:
    with pytest.raises(NotFreeError) as refused:
        ensure_slot_today(CLINIC, at(f"09-16 {when}"), at("09-16 10:00"))
    assert (refused.value.code, refused.value.facts["minutes"]) == ("availability.in_clinic", 20)


@pytest.mark.parametrize("now", ["09-15 23:59", "09-17 00:00"])
def test_a_clinic_of_another_day_is_refused_with_its_day(now: str) -> None:
    with pytest.raises(NotTodayError) as refused:
        ensure_slot_today(CLINIC, at("09-16 14:00"), at(now))
    assert refused.value.facts == {"day": day("09-16")}


def test_at_its_counter_no_notice_is_asked_for_and_only_while_it_is_as_it_was() -> None:
    careful = a_diary(notice=timedelta(hours=24), clinics=(CLINIC,))
    assert at_the_counter(careful, CLINIC) == replace(careful, notice=timedelta())
    with pytest.raises(ClinicChangedError):
        at_the_counter(careful, replace(CLINIC, slot_minutes=30))


@pytest.mark.parametrize(
    ("role", "own", "place", "works"),
    [
        (Role.OFFICER, None, "tangye", True),
        (Role.APPROVER, None, None, True),
        (Role.STREET_LIAISON, "tangye", "tangye", True),
        (Role.STREET_LIAISON, "tangye", "guodian", False),
        (Role.STREET_LIAISON, "tangye", None, False),
        (Role.STREET_LIAISON, None, None, False),
        (Role.MENTOR, None, "tangye", False),
        (Role.DEPT_LIAISON, "tangye", "tangye", False),
    ],
)
def test_a_clerk_works_at_places_of_his_street_and_the_bureau_everywhere(
    role: Role, own: str | None, place: str | None, works: bool
) -> None:
    assert Actor(roles=frozenset({role}), street=own).works_at(place) is works


def test_a_taken_slot_is_not_offered_and_those_beside_it_are() -> None:
    claim = Span(at("09-16 14:20"), at("09-16 14:40"))
    held = a_diary(clinics=(CLINIC,), claims=(claim,))
    question = Question(20, ("onsite",), at("09-16 10:00"), slots=Slots.ANY)
    times = free_times(held, CALENDAR, question, [day("09-16")])
    assert [time.starts_at for time in times] == [
        at(f"09-16 {clock}") for clock in ("14:00", "14:40", "15:00")
    ]
    freed = held.without_claims_over((claim,))
    assert (freed.claims, held.without_claims_over(()).claims) == ((), (claim,))


def test_people_meet_where_the_clinic_is_else_where_the_week_says_else_anywhere() -> None:
    station, room = new_id(), new_id()
    rules = (
        a_rule(WEDNESDAY, "09:00", "12:00", place_id=room),
        a_rule(WEDNESDAY, "16:00", "18:00", place_id=room, modes=frozenset({"phone"})),
    )
    expert = a_diary(
        *rules,
        clinics=(replace(CLINIC, place_id=station),),
        buffer=timedelta(minutes=15),
        buffer_before=timedelta(minutes=10),
    )
    places = [place_at(expert, at(f"09-16 {clock}")) for clock in ("14:00", "09:00", "16:00")]
    assert places == [station, room, None]
    assert pauses_at(expert, at("09-16 14:20")) == (timedelta(), timedelta())
    assert pauses_at(expert, at("09-16 09:00")) == (timedelta(minutes=15), timedelta(minutes=10))


def test_what_his_own_calendar_says_is_refused_by_its_own_name() -> None:
    span = Span(at("09-17 14:00"), at("09-17 15:00"))
    rule = a_rule(THURSDAY, "09:00", "18:00")
    assert refusal(a_diary(rule, busy=(span,)), "09-17 14:00") == "availability.busy_elsewhere"
    unread = a_diary(rule, unknown=(span,))
    assert refusal(unread, "09-17 14:00") == "availability.calendar_unknown"
    assert refusal(unread, "09-17 16:00") is None


def test_an_instant_is_told_by_the_clock_on_the_wall_of_a_zone() -> None:
    assert f"{wall_time(at('09-16 10:00'), 'Europe/Berlin'):%m-%d %H:%M}" == "09-16 04:00"
