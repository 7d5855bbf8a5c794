from typing import Any

import pytest

from app.domain.expert import ExpertCategory
from app.domain.ids import new_id
from tests.api.asking import faults
from tests.api.conftest import As, sqlite_only
from tests.builders import an_expert
from tests.founder_road import FounderRoad
from tests.moments import day


def test_the_pool_is_listed_page_by_page_without_gaps(road: FounderRoad, as_: As) -> None:
    names = {road.expert.name} | {f"专家{number}" for number in range(5)}
    for number in range(5):
        an_expert(road.store, name=f"专家{number}")
    an_expert(road.store, name="没有聘期", term=None)
    founder, seen, cursor = as_(road.founder), [], None
    while True:
        page = founder.get("/experts", limit=4, **({"cursor": cursor} if cursor else {})).json
        assert page["total"] == 6
        seen += [item["name"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == 6
    assert set(seen) == names


def test_the_pool_is_searched_by_words_and_category(road: FounderRoad, as_: As) -> None:
    lawyer = an_expert(
        road.store, name="周律师", expertise=["股权协议"], category=ExpertCategory.SCHOLAR
    )
    founder = as_(road.founder)
    assert [e["id"] for e in founder.get("/experts", q="股权").json["items"]] == [str(lawyer.id)]
    scholars = founder.get("/experts", category="scholar").json["items"]
    assert [e["name"] for e in scholars] == ["周律师"]
    assert founder.get("/experts", q="没有人懂这个").json["items"] == []


def test_a_profile_tells_term_and_limits(road: FounderRoad, as_: As) -> None:
    profile = as_(road.founder).get(f"/experts/{road.expert.id}").json
    assert (profile["starts_on"], profile["ends_on"]) == ("2025-07-01", "2028-06-30")
    assert (profile["counted_services"], profile["monthly_limit"]) == (0, 8)
    assert "version" not in profile


def test_nobody_outside_the_pool_is_shown(road: FounderRoad, as_: As) -> None:
    former = an_expert(road.store, term=(day("01-01"), day("06-30")))
    founder = as_(road.founder)
    for expert_id in (former.id, new_id()):
        answer = founder.get(f"/experts/{expert_id}")
        assert (answer.status_code, answer.json["code"]) == (404, "expert.not_found")


def times(answer: Any) -> list[tuple[str, str]]:
    return [(item["starts_at"], item["mode"]) for item in answer.json["items"]]


def test_free_times_leave_out_what_is_taken(road: FounderRoad, as_: As) -> None:
    path = f"/experts/{road.expert.id}/free-times"
    days = {"from": "2026-09-18", "to": "2026-09-18"}
    founder = as_(road.founder)
    before = founder.get(path, **days)
    assert before.json["time_zone"] == "Asia/Shanghai"
    wanted = ("2026-09-18T14:00:00+08:00", "onsite")
    assert wanted in times(before)

    road.requested("09-18 14:00")

    after = times(founder.get(path, **days))
    assert wanted not in after
    assert ("2026-09-18T15:00:00+08:00", "onsite") in after
    assert set(after) < set(times(before))


def test_free_times_run_for_a_week_from_today_and_as_long_as_the_service(
    road: FounderRoad, as_: As
) -> None:
    path = f"/experts/{road.expert.id}/free-times"
    founder = as_(road.founder)
    items = founder.get(path, session_type="diagnosis").json["items"]
    assert items[0]["starts_at"].startswith("2026-09-16T10:15")
    assert items[-1]["starts_at"].startswith("2026-09-22")
    usual = founder.get(path).json["items"]
    assert usual[0]["ends_at"] != items[0]["ends_at"]
    assert {item["mode"] for item in items} == {"onsite", "online", "phone"}


def test_there_are_no_free_times_on_a_holiday_of_an_official(road: FounderRoad, as_: As) -> None:
    official = an_expert(road.store, weekly=False, category=ExpertCategory.OFFICIAL)
    path = f"/experts/{official.id}/free-times"
    founder = as_(road.founder)
    assert founder.get(path, **{"from": "2026-10-01", "to": "2026-10-07"}).json["items"] == []
    # 2026-10-10 is a Saturday that is worked.
    assert founder.get(path, **{"from": "2026-10-10", "to": "2026-10-10"}).json["items"]


@sqlite_only
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"from": "2026-09-15"}, {"from": "input.too_early"}),
        ({"from": "2001-01-01", "to": "2001-01-02"}, {"from": "input.too_early"}),
        ({"from": "2026-09-20", "to": "2026-09-19"}, {"to": "input.too_early"}),
        ({"to": "2026-09-15"}, {"to": "input.too_early"}),
        ({"from": "2026-09-16", "to": "2026-10-17"}, {"to": "input.too_late"}),
        ({"from": "16.9.2026"}, {"from": "input.not_a_date"}),
        ({"from": "2026-02-30"}, {"from": "input.not_a_date"}),
        ({"to": "9999-12-31"}, {"to": "input.too_late"}),
        ({"session_type": "lecture"}, {"session_type": "input.unknown_code"}),
        ({"till": "2026-09-20"}, {"till": "input.unknown_field"}),
    ],
)
def test_days_that_cannot_be_asked_for_are_named(
    road: FounderRoad, as_: As, query: dict[str, str], expected: dict[str, str]
) -> None:
    answer = as_(road.founder).get(f"/experts/{road.expert.id}/free-times", **query)
    assert (answer.status_code, faults(answer)) == (422, expected)


def test_free_times_of_nobody_are_not_found(road: FounderRoad, as_: As) -> None:
    answer = as_(road.founder).get(f"/experts/{new_id()}/free-times")
    assert (answer.status_code, answer.json["code"]) == (404, "expert.not_found")


@sqlite_only
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"limit": "0"}, {"limit": "input.too_small"}),
        ({"limit": "51"}, {"limit": "input.too_large"}),
        ({"limit": "many"}, {"limit": "input.not_a_number"}),
        ({"limit": "9" * 5000}, {"limit": "input.not_a_number"}),
        ({"cursor": "next"}, {"cursor": "input.not_an_id"}),
        ({"category": "wizard"}, {"category": "input.unknown_code"}),
        ({"q": "长" * 101}, {"q": "input.too_long"}),
        ({"q": ["a", "b"]}, {"q": "input.given_twice"}),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_by_name(
    road: FounderRoad, as_: As, query: dict[str, Any], expected: dict[str, str]
) -> None:
    answer = as_(road.founder).get("/experts", **query)
    assert (answer.status_code, faults(answer)) == (422, expected)


def test_a_cursor_that_leads_nowhere_ends_the_list(road: FounderRoad, as_: As) -> None:
    page = as_(road.founder).get("/experts", cursor=str(new_id())).json
    assert (page["items"], page["next"]) == ([], None)
