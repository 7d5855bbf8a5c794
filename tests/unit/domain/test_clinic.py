"""What may be given away of a clinic at its counter, and who works there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.actor import Actor, Role
from app.domain.availability import (
    Clinic,
    ClinicChangedError,
    NotFreeError,
    NotTodayError,
    at_the_counter,
    ensure_slot_today,
)
from tests.moments import at, day
from tests.unit.domain.diaries import a_diary

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
