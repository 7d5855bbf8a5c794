import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

Row = dict[str, Any]
Seed = Callable[[str], Any]
CLOCK = re.compile(r"([01]\d|2[0-3]):(00|15|30|45)")


@pytest.fixture(scope="module")
def availability(seed: Seed) -> list[Row]:
    rows: list[Row] = seed("demo/availability.json")
    return rows


@pytest.fixture(scope="module")
def accounts(seed: Seed) -> list[Row]:
    rows: list[Row] = seed("demo/accounts.json")["accounts"]
    return rows


@pytest.fixture(scope="module")
def experts(seed: Seed) -> dict[str, Row]:
    return {row["id"]: row for row in seed("demo/experts.jsonl")}


def test_every_expert_who_is_no_official_states_his_hours_once(
    availability: list[Row], experts: dict[str, Row]
) -> None:
    refs = [row["expert_ref"] for row in availability]
    assert len(refs) == len(set(refs))
    assert set(refs) == {ref for ref, row in experts.items() if row["category"] != "official"}


def test_weekly_rules_are_ordered_spans_in_modes_the_expert_offers(
    availability: list[Row], experts: dict[str, Row]
) -> None:
    for row in availability:
        assert row["weekly"], row["expert_ref"]
        for rule in row["weekly"]:
            assert set(rule) == {"weekday", "starts", "ends", "mode"}
            assert rule["weekday"] in range(7)
            assert CLOCK.fullmatch(rule["starts"])
            assert CLOCK.fullmatch(rule["ends"])
            assert rule["starts"] < rule["ends"]
            assert rule["mode"] in {"any", *experts[row["expert_ref"]]["modes"]}
        spans = sorted((rule["weekday"], rule["starts"], rule["ends"]) for rule in row["weekly"])
        assert all(
            before[0] < after[0] or before[2] <= after[1] for before, after in pairwise(spans)
        ), row["expert_ref"]


def test_each_rule_leaves_room_for_a_consultation(availability: list[Row]) -> None:
    for rule in (rule for row in availability for rule in row["weekly"]):
        (start_hour, start), (end_hour, end) = (
            map(int, rule[side].split(":")) for side in ("starts", "ends")
        )
        assert (end_hour - start_hour) * 60 + end - start >= 60


def test_many_entrepreneurs_are_free_in_the_evening(
    availability: list[Row], experts: dict[str, Row]
) -> None:
    evening = {
        row["expert_ref"]
        for row in availability
        if any(rule["starts"] >= "18:00" for rule in row["weekly"])
    }
    entrepreneurs = {ref for ref, row in experts.items() if row["category"] == "entrepreneur"}
    assert len(evening & entrepreneurs) >= 8


def test_exceptions_are_days_off_or_extra_hours_with_a_note(availability: list[Row]) -> None:
    exceptions = [item for row in availability for item in row["exceptions"]]
    assert {item["kind"] for item in exceptions} == {"off", "extra"}
    for item in exceptions:
        assert date.fromisoformat(item["on"]).year == 2026
        assert item["note"]
        hours = (item["starts"], item["ends"], item["mode"])
        if item["kind"] == "off":
            assert hours == (None, None, None)
        else:
            assert CLOCK.fullmatch(item["starts"])
            assert item["starts"] < item["ends"]
            assert item["mode"] in {"onsite", "online", "phone", "any"}


def test_demo_accounts_cover_all_ten_roles_with_unique_logins(
    accounts: list[Row], codes: dict[str, set[str]]
) -> None:
    assert {row["role"] for row in accounts} == codes["role"]
    assert len({row["login"] for row in accounts}) == len(accounts)
    assert len({row["name"] for row in accounts}) == len(accounts)
    assert all(re.fullmatch(r"[a-z]{4,20}", row["login"]) for row in accounts)


def test_one_password_is_stated_once(seed: Seed, accounts: list[Row]) -> None:
    assert seed("demo/accounts.json")["password"] == "demo-2026-jieban"
    assert not any("password" in row for row in accounts)


def test_sign_ins_of_the_mock_ups_have_their_roles(accounts: list[Row]) -> None:
    roles = {row["login"]: (row["name"], row["role"]) for row in accounts}
    assert roles["heyuhe"] == ("何雨禾", "founder")
    assert roles["linzhiyuan"] == ("林知远", "mentor")
    assert roles["guoming"] == ("郭明", "officer")
    assert roles["tianli"] == ("田立", "approver")


def test_founders_and_mentors_point_to_their_need_and_profile(
    seed: Seed, accounts: list[Row], experts: dict[str, Row]
) -> None:
    founders = {row["id"]: row["founder_name"] for row in seed("demo/needs.jsonl")}
    for row in accounts:
        assert (row["need_ref"] is not None) == (row["role"] == "founder")
        assert (row["expert_ref"] is not None) == (row["role"] == "mentor")
        if row["need_ref"]:
            assert founders[row["need_ref"]] == row["name"]
        if row["expert_ref"]:
            assert experts[row["expert_ref"]]["name"] == row["name"]


def test_liaisons_belong_to_a_department_or_a_street(
    accounts: list[Row], codes: dict[str, set[str]]
) -> None:
    by_role = {row["role"]: row for row in accounts}
    assert by_role["dept_liaison"]["department"] == "kjj"
    assert by_role["street_liaison"]["street"] == "tangye"
    for row in accounts:
        assert row["department"] is None or row["department"] in codes["department"]
        assert row["street"] is None or row["street"] in codes["street"]
