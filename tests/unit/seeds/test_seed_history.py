import csv
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

Row = dict[str, Any]
Seed = Callable[[str], Any]
CALENDAR = Path(__file__).resolve().parents[3] / "seeds" / "reference" / "calendar_days.csv"
TOLD_UNTIL = date(2026, 11, 23)
OFFICIAL_HOURS = [("09:00", "12:00", "any"), ("13:30", "17:00", "any")]


@pytest.fixture(scope="module")
def services(seed: Seed) -> list[Row]:
    rows: list[Row] = seed("demo/history.json")["services"]
    return rows


@pytest.fixture(scope="module")
def bookings(seed: Seed) -> list[Row]:
    rows: list[Row] = seed("demo/history.json")["bookings"]
    return rows


@pytest.fixture(scope="module")
def everything(services: list[Row], bookings: list[Row]) -> list[Row]:
    return services + bookings


@pytest.fixture(scope="module")
def experts(seed: Seed) -> dict[str, Row]:
    return {row["id"]: row for row in seed("demo/experts.jsonl")}


@pytest.fixture(scope="module")
def needs(seed: Seed) -> dict[str, Row]:
    return {row["id"]: row for row in seed("demo/needs.jsonl")}


@pytest.fixture(scope="module")
def availability(seed: Seed) -> dict[str, Row]:
    return {row["expert_ref"]: row for row in seed("demo/availability.json")}


@pytest.fixture(scope="module")
def special_days() -> dict[date, str]:
    with CALENDAR.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["date"]): row["kind"] for row in csv.DictReader(file)}


def is_worked(day: date, special_days: dict[date, str]) -> bool:
    return special_days.get(day, "workday" if day.weekday() < 5 else "off") == "workday"


def planned(row: Row) -> tuple[datetime, datetime]:
    start = datetime.fromisoformat(row["starts_at"])
    return start, start + timedelta(minutes=row["planned_minutes"])


def occupied(row: Row) -> tuple[datetime, datetime]:
    start, end = planned(row)
    if row.get("actual_end"):
        end = max(end, datetime.fromisoformat(row["actual_end"]))
        start = min(start, datetime.fromisoformat(row["actual_start"]))
    return start, end


def served_minutes(row: Row) -> int:
    start = datetime.fromisoformat(row["actual_start"])
    end = datetime.fromisoformat(row["actual_end"])
    return int((end - start).total_seconds()) // 60 - int(row["break_minutes"])


def open_hours(row: Row, expert: Row, rules: Row | None) -> Iterator[tuple[str, str, str]]:
    day = planned(row)[0].date()
    if rules is None:
        yield from OFFICIAL_HOURS if expert["category"] == "official" else []
        return
    special = [item for item in rules["exceptions"] if item["on"] == day.isoformat()]
    yield from (
        (item["starts"], item["ends"], item["mode"]) for item in special if item["kind"] == "extra"
    )
    if not any(item["kind"] == "off" for item in special):
        yield from (
            (rule["starts"], rule["ends"], rule["mode"])
            for rule in rules["weekly"]
            if rule["weekday"] == day.weekday()
        )


def test_past_services_and_future_bookings_have_unique_ids_and_known_people(
    everything: list[Row], experts: dict[str, Row], needs: dict[str, Row]
) -> None:
    assert len({row["id"] for row in everything}) == len(everything)
    for row in everything:
        assert row["expert_ref"] in experts
        assert row["need_ref"] in needs


def test_about_sixty_or_more_services_fill_every_month_and_february_least(
    services: list[Row],
) -> None:
    months = Counter(row["starts_at"][:7] for row in services)
    assert set(months) == {f"2026-{month:02}" for month in range(1, 12)}
    assert 55 <= len(services) <= 80
    assert min(months, key=lambda month: months[month]) == "2026-02"


def test_times_stand_on_working_days_and_quarters_of_an_hour_in_local_time(
    everything: list[Row], special_days: dict[date, str]
) -> None:
    for row in everything:
        start, _ = planned(row)
        assert start.utcoffset() == timedelta(hours=8), row["id"]
        assert start.minute % 15 == 0, row["id"]
        assert is_worked(start.date(), special_days), row["id"]


def test_some_services_stand_on_make_up_workdays(services: list[Row]) -> None:
    weekend = {row["starts_at"][:10] for row in services if planned(row)[0].weekday() >= 5}
    assert weekend == {"2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"}


def test_every_time_lies_in_the_hours_and_the_mode_the_expert_opened(
    everything: list[Row], experts: dict[str, Row], availability: dict[str, Row]
) -> None:
    for row in everything:
        expert = experts[row["expert_ref"]]
        assert row["mode"] in expert["modes"], row["id"]
        start, end = (instant.strftime("%H:%M") for instant in planned(row))
        hours = open_hours(row, expert, availability.get(row["expert_ref"]))
        assert any(
            opens <= start and end <= closes and mode in {"any", row["mode"]}
            for opens, closes, mode in hours
        ), row["id"]


@pytest.mark.parametrize("side", ["expert_ref", "need_ref"])
def test_nobody_is_booked_twice_at_one_time(everything: list[Row], side: str) -> None:
    for who in {row[side] for row in everything}:
        spans = sorted(occupied(row) for row in everything if row[side] == who)
        assert all(before[1] <= after[0] for before, after in pairwise(spans)), who


def test_experts_are_in_term_and_below_their_monthly_limit(
    everything: list[Row], experts: dict[str, Row]
) -> None:
    monthly = Counter((row["expert_ref"], row["starts_at"][:7]) for row in everything)
    for (expert_ref, _), number in monthly.items():
        assert number <= experts[expert_ref]["monthly_limit"]
    for row in everything:
        expert = experts[row["expert_ref"]]
        assert expert["appointed_from"] <= row["starts_at"][:10] <= expert["appointed_until"]


def test_no_expert_advises_a_venture_he_has_an_interest_in(
    everything: list[Row], experts: dict[str, Row], needs: dict[str, Row]
) -> None:
    ventures = {need["venture"] for need in needs.values()}
    declared = {name for row in experts.values() for name in row["organisation_interests"]}
    assert ventures & declared
    for row in everything:
        interests = experts[row["expert_ref"]]["organisation_interests"]
        assert needs[row["need_ref"]]["venture"] not in interests, row["id"]


def test_all_four_categories_serve_and_some_needs_still_wait(
    services: list[Row], experts: dict[str, Row], needs: dict[str, Row]
) -> None:
    assert len({experts[row["expert_ref"]]["category"] for row in services}) == 4
    assert len({row["expert_ref"] for row in services}) >= 40
    assert 8 <= len(needs) - len({row["need_ref"] for row in services}) <= 12


def test_lengths_are_the_standard_of_the_policy(seed: Seed, everything: list[Row]) -> None:
    (policy,) = seed("reference/counting_policies.json")
    for row in everything:
        assert row["planned_minutes"] == policy["standard_minutes"][row["session_type"]]


def test_requests_come_in_working_hours_at_least_two_working_days_before(
    services: list[Row], special_days: dict[date, str]
) -> None:
    for row in services:
        requested = datetime.fromisoformat(row["requested_at"])
        start, _ = planned(row)
        assert is_worked(requested.date(), special_days), row["id"]
        assert 9 <= requested.hour < 18, row["id"]
        days = (start.date() - requested.date()).days
        between = [requested.date() + timedelta(days=number) for number in range(1, days)]
        assert sum(is_worked(day, special_days) for day in between) >= 2, row["id"]


def test_stories_that_do_not_count_show_every_reason_several_times(
    seed: Seed, services: list[Row]
) -> None:
    (policy,) = seed("reference/counting_policies.json")
    held = [row for row in services if not row["no_show"]]
    short = [
        row for row in held if served_minutes(row) < policy["min_minutes"][row["session_type"]]
    ]
    confirmations = Counter(row["confirmation"] for row in services)
    assert len(short) >= 3
    assert all(row["confirmation"] == "confirmed" for row in short)
    assert confirmations["unconfirmed"] >= 3
    assert confirmations["disputed"] >= 2
    assert confirmations["pending"] >= 3
    assert sum(row["no_show"] == "no_show_founder" for row in services) >= 3
    assert confirmations["confirmed"] - len(short) >= 50


def test_one_overrun_is_long_enough_to_be_capped(seed: Seed, services: list[Row]) -> None:
    (policy,) = seed("reference/counting_policies.json")
    cap = policy["overrun_cap_minutes"]
    held = [row for row in services if not row["no_show"]]
    over = [row["id"] for row in held if served_minutes(row) > row["planned_minutes"] + cap]
    assert len(over) == 1


def test_a_missed_service_has_no_record_and_a_held_one_a_whole_record(
    services: list[Row], vocabularies: dict[str, Any]
) -> None:
    results = {row["code"] for row in vocabularies["outcome"]["rows"] if row["kind"] == "result"}
    for row in services:
        record = [row["actual_start"], row["result"], row["question"], row["confirmation"]]
        if row["no_show"]:
            assert row["no_show"] == "no_show_founder"
            assert record == [None] * 4
            assert (row["actions"], row["rating"]) == ([], None)
            continue
        assert row["result"] in results, row["id"]
        assert len(row["question"]) >= 10, row["id"]
        assert len(row["advice"]) >= 20, row["id"]
        assert row["actions"], row["id"]


def test_actions_have_an_owner_and_are_due_on_or_after_the_service_day(
    services: list[Row],
) -> None:
    for row in services:
        for action in row["actions"]:
            assert set(action) == {"text", "owner", "due_on"}
            assert action["owner"] in {"founder", "expert", "bureau"}
            assert date.fromisoformat(action["due_on"]) >= planned(row)[0].date(), row["id"]


def test_only_confirmed_services_are_rated_and_a_dispute_says_why(services: list[Row]) -> None:
    ratings = Counter(row["rating"] for row in services)
    assert set(ratings) <= {None, 1, 2, 3, 4, 5}
    assert ratings[2] >= 1
    for row in services:
        assert row["rating"] is None or row["confirmation"] == "confirmed", row["id"]
        assert row["confirmation"] != "disputed" or row["remark"], row["id"]
    assert any(row["rating"] is None for row in services if row["confirmation"] == "confirmed")


def test_pending_services_are_recent_and_unconfirmed_ones_overdue(
    services: list[Row], special_days: dict[date, str]
) -> None:
    for row in services:
        day = planned(row)[0].date()
        later = [day + timedelta(days=number) for number in range(1, (TOLD_UNTIL - day).days)]
        elapsed = sum(is_worked(date_, special_days) for date_ in later)
        assert day < TOLD_UNTIL
        assert row["confirmation"] != "pending" or elapsed < 5, row["id"]
        assert row["confirmation"] != "unconfirmed" or elapsed > 5, row["id"]


def test_future_bookings_ask_different_experts_after_the_last_story(bookings: list[Row]) -> None:
    assert 6 <= len(bookings) <= 8
    assert {row["status"] for row in bookings} == {"requested", "accepted"}
    assert len({row["expert_ref"] for row in bookings}) == len(bookings)
    assert all(planned(row)[0].date() > TOLD_UNTIL for row in bookings)
