from itertools import permutations
from typing import Any

import pytest

from app.domain.outcome import ConfirmationKind
from app.domain.service_record import (
    Column,
    ConflictFacts,
    Reason,
    Rule,
    SessionFacts,
    SessionType,
    Status,
    decide_all,
)
from tests.moments import at
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    POLICY,
    TEAM,
    a_lead,
    a_person,
    a_session,
    a_span,
    all_decided,
    an_expert,
    confirmed,
)


def _first(**overrides: Any) -> SessionFacts:
    return a_session("A", "09-15 09:00", **({"minutes": 35} | overrides))


def _second(start: str = "09-15 10:00", **overrides: Any) -> SessionFacts:
    return a_session("B", start, **({"minutes": 30} | overrides))


def test_two_parts_with_a_pause_are_one_service_carried_by_the_first() -> None:
    decisions = all_decided(_first(), _second())
    assert decisions["A"].status is Status.COUNTED
    assert decisions["A"].minutes == 65
    assert decisions["A"].expert_minutes == (("M1", 65),)
    assert decisions["A"].parts == ("A", "B")
    assert decisions["B"].reason is Reason.MERGED
    assert decisions["B"].rule is Rule.MERGING
    assert decisions["B"].merged_into == "A"
    assert decisions["B"].parts == ()


def test_the_minimum_is_tested_after_the_parts_are_added_up() -> None:
    decisions = all_decided(_first(minutes=15), _second(minutes=15))
    assert decisions["A"].status is Status.COUNTED
    assert decisions["B"].reasons == (Reason.MERGED, Reason.BELOW_MINIMUM)


def test_parts_too_short_together_are_one_service_below_the_minimum() -> None:
    decisions = all_decided(_first(minutes=15), _second(minutes=14))
    assert decisions["A"].reason is Reason.BELOW_MINIMUM
    assert decisions["A"].minutes == 29
    assert decisions["B"].reason is Reason.MERGED


@pytest.mark.parametrize(("start", "is_merged"), [("11:35", True), ("11:36", False)])
def test_a_pause_of_two_hours_merges_and_a_minute_more_does_not(
    start: str, is_merged: bool
) -> None:
    decisions = all_decided(_first(), _second(f"09-15 {start}"))
    assert (decisions["B"].reason is Reason.MERGED) is is_merged


def test_pauses_chain_from_part_to_part() -> None:
    third = a_session("C", "09-15 12:30", 10)
    fourth = a_session("D", "09-15 14:41", 10)
    decisions = all_decided(fourth, third, _second(), _first())
    assert decisions["A"].parts == ("A", "B", "C")
    assert decisions["A"].minutes == 75
    assert decisions["D"].reason is Reason.BELOW_MINIMUM


@pytest.mark.parametrize(
    "difference",
    [
        {"topic": "ip"},
        {"venture": TEAM},
        {"session_type": SessionType.TUTORING},
        {"experts": (a_lead("M2"),)},
        {"experts": (a_lead(), an_expert("M2"))},
        {"attendees": (a_person("F2"),)},
        {"attendees": (a_person(), a_person("F2"))},
        {"is_timed": False},
    ],
)
def test_parts_that_differ_in_anything_but_time_are_two_services(
    difference: dict[str, Any],
) -> None:
    decisions = all_decided(_first(), _second(**difference))
    assert [d.status for d in decisions.values()] == [Status.COUNTED, Status.COUNTED]


def test_a_record_that_knows_only_its_day_takes_in_no_part() -> None:
    decisions = all_decided(_first(is_timed=False), _second())
    assert decisions["A"].parts == ("A",)
    assert decisions["B"].parts == ("B",)


def test_written_answers_are_counted_by_the_piece() -> None:
    decisions = all_decided(_first(is_text=True), _second(is_text=True))
    assert [d.column for d in decisions.values()] == [Column.TEXT, Column.TEXT]


def test_parts_of_experts_and_attendees_in_another_order_merge() -> None:
    experts, attendees = (a_lead(), an_expert("M2")), (a_person(), a_person("F2"))
    decisions = all_decided(
        _first(experts=experts, attendees=attendees),
        _second(experts=experts[::-1], attendees=attendees[::-1]),
    )
    assert decisions["A"].expert_minutes == (("M1", 65), ("M2", 65))


@pytest.mark.parametrize(
    "fault",
    [
        {"void_code": Reason.VOIDED},
        {"confirmation": None},
        {"is_test": True},
        {"conflicts": (ConflictFacts("M1"),)},
    ],
)
def test_a_part_that_fails_a_rule_neither_lends_nor_takes_minutes(fault: dict[str, Any]) -> None:
    decisions = all_decided(_first(), _second(**fault))
    assert decisions["A"].minutes == 35
    assert decisions["B"].status is Status.NOT_COUNTED
    assert decisions["B"].reason is not Reason.MERGED


def test_a_bad_part_in_the_middle_leaves_the_pause_between_the_good_ones() -> None:
    middle = a_session("M", "09-15 09:40", 15, void_code=Reason.VOIDED)
    decisions = all_decided(_first(), middle, _second())
    assert decisions["A"].parts == ("A", "B")
    assert decisions["A"].minutes == 65


def test_a_part_confirmed_later_joins_then() -> None:
    late = _second(confirmation=confirmed("09-20 10:00"))
    assert all_decided(_first(), late, asof=at("09-19 10:00"))["A"].minutes == 35
    assert all_decided(_first(), late, asof=at("09-20 10:00"))["A"].minutes == 65


def test_a_short_part_waiting_for_its_confirmation_is_unconfirmed_and_not_yet_too_short() -> None:
    waiting = _second(minutes=10, confirmation=None)
    assert all_decided(waiting)["B"].reasons == (Reason.UNCONFIRMED,)


def test_a_short_record_of_a_day_alone_can_never_be_long_enough() -> None:
    waiting = _second(minutes=10, confirmation=None, is_timed=False)
    assert all_decided(waiting)["B"].reasons == (Reason.BELOW_MINIMUM, Reason.UNCONFIRMED)


def test_the_merged_service_shows_the_latest_confirmation_and_the_weakest_kind() -> None:
    first = _first(confirmation=confirmed("09-18 10:00", ConfirmationKind.CALL_BACK))
    second = _second(confirmation=confirmed("09-20 10:00", ConfirmationKind.SMS_CODE))
    carried = all_decided(first, second)["A"]
    assert carried.confirmation is ConfirmationKind.CALL_BACK
    assert carried.confirmed_at == at("09-20 10:00")


def test_each_part_is_capped_at_its_own_plan_before_they_are_added() -> None:
    first = _first(minutes=100, planned=a_span("09-15 09:00", 30))
    second = _second("09-15 11:00", minutes=20, planned=a_span("09-15 11:00", 60))
    assert all_decided(first, second)["A"].minutes == 80


def test_the_pause_is_measured_from_the_real_end_and_not_from_the_cap() -> None:
    first = _first(minutes=100, planned=a_span("09-15 09:00", 30))
    decisions = all_decided(first, _second("09-15 12:40"))
    assert decisions["A"].parts == ("A", "B")


def test_parts_for_outsiders_are_one_service_in_their_own_column() -> None:
    decisions = all_decided(_first(is_in_district=False), _second(is_in_district=False))
    assert decisions["A"].column is Column.OUTSIDE_DISTRICT
    assert decisions["A"].minutes == 65


def test_a_waiver_of_one_part_puts_the_whole_service_apart() -> None:
    waived = _second(conflicts=(ConflictFacts("M1", waived_at=at("09-01 10:00")),))
    assert all_decided(_first(), waived)["A"].column is Column.WAIVED_CONFLICT


def test_two_parallel_chains_of_the_same_people_stay_apart() -> None:
    overlapping = a_session("C", "09-15 09:10", 30, entered_at=None)
    decisions = all_decided(_first(entered_at=None), overlapping, _second(entered_at=None))
    assert decisions["A"].parts == ("A", "B")
    assert decisions["C"].parts == ("C",)


def test_the_later_entry_of_an_expert_s_time_is_a_duplicate() -> None:
    early = a_session("E", "09-15 10:30", 60, topic="ip", entered_at=at("09-16 09:00"))
    late = a_session("L", "09-15 10:00", 60, entered_at=at("09-16 10:00"))
    decisions = all_decided(late, early)
    assert decisions["E"].status is Status.COUNTED
    assert decisions["L"].reasons == (Reason.DUPLICATE,)
    assert decisions["L"].rule is Rule.GENUINE


def test_of_two_entries_at_one_instant_the_larger_id_is_the_later() -> None:
    decisions = all_decided(a_session("E", entered_at=AT_NINE), a_session("F", entered_at=AT_NINE))
    assert [d.reason for d in decisions.values()] == [None, Reason.DUPLICATE]


AT_NINE = at("09-16 09:00")


@pytest.mark.parametrize(
    "allowed",
    [
        {"is_overlap_ruled": True},
        {"experts": (a_lead("M2"),)},
        {"entered_at": None},
        {"is_text": True},
        {"is_timed": False},
    ],
)
def test_an_overlap_that_is_ruled_or_touches_no_expert_s_time_is_no_duplicate(
    allowed: dict[str, Any],
) -> None:
    other = a_session("L", "09-15 10:30", 60, **({"entered_at": AT_NINE} | allowed))
    assert all_decided(a_session("E"), other)["L"].reason is not Reason.DUPLICATE


def test_an_expert_who_left_a_panel_early_may_start_elsewhere() -> None:
    left = an_expert("M4", present=a_span("09-15 10:00", 30))
    panel = a_session("P", minutes=120, experts=(a_lead("M2"), left))
    own = a_session("Q", "09-15 10:30", 60, experts=(a_lead("M4"),))
    assert {d.reason for d in all_decided(panel, own).values()} == {None}


def test_a_void_entry_makes_no_other_a_duplicate() -> None:
    void = a_session("E", void_code=Reason.VOIDED)
    assert all_decided(void, a_session("L", entered_at=AT_NINE))["L"].status is Status.COUNTED


def test_a_duplicate_takes_no_time_from_a_third_entry() -> None:
    early = a_session("E", "09-15 10:00", 60)
    doubled = a_session("L", "09-15 10:30", 60, topic="ip", entered_at=at("09-16 09:00"))
    third = a_session("T", "09-15 11:00", 60, topic="permits", entered_at=at("09-16 10:00"))
    decisions = all_decided(early, doubled, third)
    assert decisions["L"].reason is Reason.DUPLICATE
    assert decisions["T"].status is Status.COUNTED


def test_the_order_of_the_records_does_not_matter() -> None:
    records = [
        _first(),
        _second(),
        a_session("C", "09-15 12:00", 20),
        a_session("D", "09-15 09:10", 40, topic="ip"),
    ]
    answers = {decide_all(order, [POLICY], LONG_AFTER) for order in permutations(records)}
    assert len(answers) == 1
