import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Seed = Callable[[str], Any]


@pytest.fixture(scope="module")
def policy(seed: Seed) -> dict[str, Any]:
    (only,) = seed("reference/counting_policies.json")
    return dict(only)


def test_counting_policy_is_the_one_in_force_since_the_first_of_2026(
    policy: dict[str, Any],
) -> None:
    assert policy["code"] == "LC-COUNT-1"
    assert policy["valid_from"] == "2026-01-01"
    assert policy["valid_to"] is None
    assert policy["timezone"] == "Asia/Shanghai"


def test_counting_policy_states_minutes_for_every_kind_that_is_counted(
    policy: dict[str, Any], codes: dict[str, set[str]]
) -> None:
    counted = codes["session_type"] - {"follow_up"}
    assert set(policy["min_minutes"]) == counted
    assert set(policy["standard_minutes"]) == counted
    for kind in counted:
        assert 0 <= policy["min_minutes"][kind] < policy["standard_minutes"][kind]


def test_counting_policy_agrees_with_the_minima_of_the_vocabulary(
    policy: dict[str, Any], vocabularies: dict[str, Any]
) -> None:
    stated = {row["code"]: row["min_minutes"] for row in vocabularies["session_type"]["rows"]}
    for kind, minutes in policy["min_minutes"].items():
        assert stated[kind] == minutes


def test_counting_policy_states_every_threshold(policy: dict[str, Any]) -> None:
    assert policy["merge_gap_minutes"] == 120
    assert policy["close_working_day"] == 5
    assert policy["overrun_cap_minutes"] == 30
    assert policy["late_confirmation_days"] == 90
    assert policy["rounding"].startswith("ROUND_HALF_UP")


def test_departments_repeat_the_vocabulary(seed: Seed, vocabularies: dict[str, Any]) -> None:
    columns = ("code", "zh", "en", "items")
    expected = [{key: row[key] for key in columns} for row in vocabularies["department"]["rows"]]
    assert seed("reference/departments.json") == expected


def test_plan_indicators_repeat_the_vocabulary_with_a_dated_baseline(
    seed: Seed,
    vocabularies: dict[str, Any],
) -> None:
    indicators = seed("reference/plan_indicators.json")
    assert [row["code"] for row in indicators] == [f"T{number:02}" for number in range(1, 11)]
    for row, term in zip(indicators, vocabularies["plan_indicator"]["rows"], strict=True):
        assert date.fromisoformat(row["baseline_start"]) == date(2024, 1, 1)
        assert {key: row[key] for key in term} == term


def test_places_have_rooms_with_codes_used_once(seed: Seed, codes: dict[str, set[str]]) -> None:
    places = seed("reference/places.json")
    rooms = [room for place in places for room in place["rooms"]]
    used = [row["code"] for row in [*places, *rooms]]
    assert len(used) == len(set(used))
    assert 3 <= len(places) <= 5
    for place in places:
        assert place["street"] in codes["street"]
        assert place["rooms"]
        assert "示例地址" in place["address"]
    for room in rooms:
        assert re.fullmatch(r"[a-z0-9_]+", room["code"])
        assert room["seats"] >= 2
