"""The facts of the day that keep an expert out of a shortlist, by rule."""

from datetime import date
from typing import Any

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.availability import ExceptionKind, NotFreeError
from app.domain.expert import ExpertCategory
from app.domain.waiver import WaiverRule
from app.models.availability import AvailabilityException
from app.models.expert import DeclaredInterest, Expert
from app.models.need import Need
from app.models.person import VentureMember
from app.models.proposal import MatchRound
from app.services import bookings, proposals, waivers
from tests.builders import (
    PROJECTS_A_YEAR,
    a_founder,
    a_venture,
    an_appointment,
    an_expert,
    keep,
    staff,
)
from tests.founder_road import statements
from tests.moments import day
from tests.road import Road

EVENINGS = (19 * 60, 20 * 60)


def refresh(road: Road, need: Need) -> MatchRound:
    with road.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    return road.store.execute(road.founder, proposals.refresh, need.id, pool)


def kept_out(road: Road, need: Need) -> dict[str, str]:
    """Return by which rule each expert is kept out, and in which words."""
    return {each["rule"]: each["text"] for each in refresh(road, need).excluded}


def limited(road: Road, **limits: int) -> None:
    def use_case(uow: Any) -> None:
        expert = uow.load(Expert, road.expert.id)
        for name, value in limits.items():
            setattr(expert, name, value)

    road.store.execute(SYSTEM, use_case)


@pytest.mark.parametrize(
    ("limits", "booked", "words"),
    [
        ({"weekly_limit": 1}, "09-18 14:00", "这位导师本周的名额已满（1/1）"),
        ({"weekly_limit": 1}, "09-21 14:00", None),
        ({"weekly_limit": 2}, "09-18 14:00", None),
        ({"monthly_limit": 1}, "09-30 14:00", "这位导师本月的名额已满（1/1）"),
        ({"monthly_limit": 1}, "10-08 14:00", None),
        ({"yearly_limit": 1}, "11-02 14:00", "这位导师今年的名额已满（1/1）"),
        ({"yearly_limit": 2}, "11-02 14:00", None),
    ],
)
def test_services_of_every_kind_fill_a_week_a_month_and_a_year(
    road: Road, limits: dict[str, int], booked: str, words: str | None
) -> None:
    other = a_founder(road.store, name="王强")
    need = road.need(other, session_type="diagnosis")
    road.store.execute(other, bookings.request_now, road.choice(booked, need_id=need.id))
    limited(road, **limits)
    found = kept_out(road, road.need())
    assert found.get("capacity_reached") == words


def test_what_the_matcher_calls_full_cannot_be_booked(road: Road) -> None:
    road.requested("09-18 14:00")
    limited(road, weekly_limit=1)
    with pytest.raises(NotFreeError) as refusal:
        road.requested("09-17 14:00")
    assert refusal.value.code == "expert.week_full"
    assert road.requested("09-21 14:00").lead_expert_id == road.expert.id
    limited(road, weekly_limit=9, yearly_limit=2)
    with pytest.raises(NotFreeError) as refusal:
        road.requested("09-22 14:00")
    assert refusal.value.code == "expert.year_full"


@pytest.mark.parametrize(
    ("text", "languages", "is_kept_out"),
    [
        ("How do I register a company as a foreigner, and which papers?", ["zh"], True),
        ("How do I register a company as a foreigner, and which papers?", ["zh", "en"], False),
        ("How do I register a company as a foreigner, and which papers?", [], False),
        ("想注册公司，英文名 Blue Bridge 能不能用在执照上？", ["zh"], False),
    ],
)
def test_a_language_in_common_is_needed(road: Road, text, languages, is_kept_out) -> None:
    limited(road, languages=languages)
    found = kept_out(road, road.need(text=text))
    assert ("language_mismatch" in found) is is_kept_out


def test_the_language_asked_for_goes_before_that_of_the_text(road: Road) -> None:
    assert "language_mismatch" in kept_out(road, road.need(language="en"))
    english = "How do I register a company as a foreigner, and which papers?"
    assert kept_out(road, road.need(text=english, language="zh")) == {}


def test_a_way_to_meet_in_common_is_needed(road: Road) -> None:
    limited(road, modes=["online", "phone"])
    found = kept_out(road, road.need(modes=["onsite"]))
    assert found == {"mode_mismatch": "您希望当面谈，这位导师提供视频谈、电话谈"}
    assert kept_out(road, road.need(modes=["phone", "onsite"])) == {}


def a_day(expert: Expert, on: date, kind: ExceptionKind, hours: tuple[int, int] = EVENINGS) -> Any:
    return AvailabilityException(
        expert_id=expert.id,
        day=on,
        kind=kind,
        starts_minute=hours[0],
        ends_minute=hours[1],
        modes=["onsite", "online", "phone"],
        reason="",
    )


@pytest.fixture
def one_evening(road: Road) -> Road:
    """An expert who can be met on one evening alone, for an hour."""
    road.expert = an_expert(road.store, name="徐总", weekly=False, category=ExpertCategory.SCHOLAR)
    keep(road.store, a_day(road.expert, day("09-24"), ExceptionKind.EXTRA))
    return road


def of_expert(road: Road, need: Need) -> list[str]:
    made = refresh(road, need)
    return [each["rule"] for each in made.excluded if each["expert_id"] == str(road.expert.id)]


def test_who_can_be_met_once_is_proposed_until_that_time_is_taken(one_evening: Road) -> None:
    road = one_evening
    assert of_expert(road, road.need()) == []
    other = a_founder(road.store, name="王强")
    choice = road.choice("09-24 19:00", need_id=road.need(other).id)
    road.store.execute(other, bookings.request_now, choice)
    assert of_expert(road, road.need()) == ["no_common_time"]


def test_a_time_at_which_the_founder_is_elsewhere_is_none_in_common(one_evening: Road) -> None:
    road = one_evening
    elsewhere = an_expert(road.store, name="刘总")
    choice = road.choice("09-24 19:30", need_id=road.need().id, expert_id=elsewhere.id)
    road.store.execute(road.founder, bookings.request_now, choice)
    assert of_expert(road, road.need()) == ["no_common_time"]
    # A diagnosis takes longer than the hour there is.
    stranger = a_founder(road.store, name="王强")
    road.founder = stranger
    assert of_expert(road, road.need(session_type="diagnosis")) == ["no_common_time"]
    assert of_expert(road, road.need()) == []


def test_who_never_said_when_is_not_kept_out_for_it(road: Road) -> None:
    road.expert = an_expert(road.store, weekly=False)
    assert of_expert(road, road.need()) == []
    keep(road.store, a_day(road.expert, day("09-25"), ExceptionKind.OFF))
    assert of_expert(road, road.need()) == []


def test_the_cap_on_pairings_is_a_rule_of_tutoring(road: Road) -> None:
    for number in range(PROJECTS_A_YEAR):
        founder = a_founder(road.store, name="王强")
        need = road.need(founder, session_type="tutoring")
        choice = road.choice(f"09-21 {9 + 2 * number:02}:00", need_id=need.id)
        road.store.execute(founder, bookings.request_now, choice)
    assert kept_out(road, road.need()) == {}
    need = road.need(session_type="tutoring")
    assert kept_out(road, need) == {
        "pairing_cap_reached": "这位导师今年辅导的项目已有5个，到了一年5个的上限"
    }
    given = (need.id, road.expert.id, WaiverRule.PAIRINGS, "重点项目")
    made = road.store.execute(staff(road.store), waivers.propose, *given, founder_agrees=True)
    road.store.execute(staff(road.store, Role.APPROVER), waivers.approve, made.id)
    assert kept_out(road, need) == {}


@pytest.mark.parametrize(
    "belongs", [{"organisation": "禾墒科技有限公司"}, {"organisation": "区政务中心"}]
)
def test_an_expert_is_not_proposed_to_his_own_venture(road: Road, belongs) -> None:
    venture = a_venture(road.store, road.founder.person_id, name="禾墒科技")
    limited(road, **belongs)
    if "禾墒" not in belongs["organisation"]:
        keep(road.store, VentureMember(venture_id=venture.id, person_id=road.expert.person_id))
    assert set(kept_out(road, road.need(venture_id=venture.id))) == {"conflict_of_interest"}


def test_a_term_to_come_is_told_before_one_that_was(road: Road) -> None:
    expert = an_expert(road.store, name="郑工", term=(date(2020, 1, 1), date(2022, 12, 31)))
    keep(road.store, an_appointment(expert.id, day("10-01"), date(2029, 9, 30)))
    keep(road.store, an_appointment(expert.id, date(2030, 10, 1), date(2033, 9, 30)))
    need = road.need()
    with road.store.read(road.founder) as reader:
        pool = proposals.fit_matcher(reader)
    with road.store.read(staff(road.store)) as reader:
        found = proposals.explain(reader, need.id, expert.id, pool).found
    assert [change.text for change in found.changes] == ["聘期2026年10月1日开始以后"]


@pytest.mark.parametrize("count", [1, 12])
def test_the_facts_cost_the_same_statements_for_every_pool(road: Road, count: int) -> None:
    for number in range(count):
        expert = an_expert(road.store, name=f"专家{number}")
        tie = DeclaredInterest(
            expert_id=expert.id,
            conflict_type="ci4_equity",
            organisation="",
            person_id=road.founder.person_id,
        )
        keep(road.store, tie)
    need = road.need(session_type="tutoring")
    with road.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    with road.store.read(road.founder) as reader, statements(road.store) as sent:
        proposals.explain(reader, need.id, road.expert.id, pool)
    assert len(sent) == 22, sent
