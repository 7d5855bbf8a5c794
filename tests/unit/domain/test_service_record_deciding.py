from dataclasses import replace
from typing import Any

import pytest

from app.domain.service_record import (
    VOID_CODES,
    Column,
    ConflictFacts,
    DisputeFacts,
    InvalidFactsError,
    Reason,
    Rule,
    SessionType,
    Status,
    decide_all,
)
from app.domain.service_record.assessment import CHECKS
from tests.moments import at
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    POLICY,
    TERM,
    a_lead,
    a_person,
    a_session,
    a_span,
    an_expert,
    confirmed,
    decided,
)

BEFORE, DURING, AFTER = at("09-14 10:00"), at("09-15 10:30"), at("09-20 10:00")
ENDED_TERM = replace(TERM, ends_on=at("09-14 12:00").date())
STRANGER = a_person(is_contact=True, is_identified=False)

FAILURES: list[tuple[dict[str, Any], Reason, Rule]] = [
    ({"is_test": True}, Reason.TEST_DATA, Rule.GENUINE),
    ({"void_code": Reason.DUPLICATE}, Reason.DUPLICATE, Rule.GENUINE),
    ({"void_code": Reason.VOIDED}, Reason.VOIDED, Rule.GENUINE),
    ({"void_code": Reason.NO_SHOW_FOUNDER}, Reason.NO_SHOW_FOUNDER, Rule.DELIVERED),
    ({"void_code": Reason.NO_SHOW_MENTOR}, Reason.NO_SHOW_MENTOR, Rule.DELIVERED),
    ({"void_code": Reason.NO_SHOW_BOTH}, Reason.NO_SHOW_BOTH, Rule.DELIVERED),
    ({"void_code": Reason.TECH_FAILURE}, Reason.TECH_FAILURE, Rule.DELIVERED),
    ({"void_code": Reason.NOT_A_SESSION}, Reason.NOT_A_SESSION, Rule.FORM),
    ({"session_type": SessionType.LECTURE, "is_text": True}, Reason.NOT_A_SESSION, Rule.FORM),
    ({"dispute": DisputeFacts(AFTER)}, Reason.DISPUTED, Rule.SETTLED),
    ({"conflicts": (ConflictFacts("M1"),)}, Reason.CONFLICT_OF_INTEREST, Rule.NO_CONFLICT),
    ({"experts": (a_lead(is_suspended=True),)}, Reason.MENTOR_SUSPENDED, Rule.APPOINTED),
    ({"experts": (a_lead(terms=(ENDED_TERM,)),)}, Reason.MENTOR_OUT_OF_TERM, Rule.APPOINTED),
    ({"experts": ()}, Reason.MENTOR_OUT_OF_TERM, Rule.APPOINTED),
    ({"attendees": (STRANGER,)}, Reason.IDENTITY_UNVERIFIED, Rule.IDENTIFIED),
    ({"attendees": ()}, Reason.NO_ATTENDEE, Rule.ATTENDED),
    ({"minutes": 29}, Reason.BELOW_MINIMUM, Rule.MINIMUM),
    ({"confirmation": None}, Reason.UNCONFIRMED, Rule.CONFIRMED),
    ({"recorded_at": None}, Reason.UNCONFIRMED, Rule.CONFIRMED),
]


def test_a_service_that_meets_every_rule_is_counted() -> None:
    decision = decided(a_session())
    assert decision.status is Status.COUNTED
    assert decision.rule is Rule.ALL_HOLD
    assert decision.column is None
    assert decision.reason is None
    assert decision.person_ids == ("F1",)
    assert decision.parts == ("S1",)
    assert str(decision.month) == "2026-09"
    assert (decision.policy, decision.policy_from) == ("LC-COUNT-1", POLICY.valid_from)


@pytest.mark.parametrize(("fault", "reason", "rule"), FAILURES)
def test_a_service_that_fails_one_rule_is_not_counted_and_says_which(
    fault: dict[str, Any], reason: Reason, rule: Rule
) -> None:
    decision = decided(a_session(**fault))
    assert decision.status is Status.NOT_COUNTED
    assert decision.reason is reason
    assert decision.rule is rule
    assert decision.column is None


def test_every_reason_but_merging_is_found_in_the_facts() -> None:
    found = {reason for _, reason, _ in FAILURES} | {Reason.OUTSIDE_DISTRICT}
    assert found == set(CHECKS) == set(Reason) - {Reason.MERGED}


def test_of_many_reasons_the_first_is_shown_and_the_others_stay_in_the_detail() -> None:
    facts = a_session(
        is_test=True, conflicts=(ConflictFacts("M1"),), attendees=(), is_in_district=False
    )
    assert decided(facts).reasons == (
        Reason.TEST_DATA,
        Reason.CONFLICT_OF_INTEREST,
        Reason.NO_ATTENDEE,
        Reason.OUTSIDE_DISTRICT,
    )
    assert decided(facts).reason is Reason.TEST_DATA


@pytest.mark.parametrize(
    ("session_type", "minutes", "is_counted"),
    [
        (SessionType.CONSULTATION, 30, True),
        (SessionType.TUTORING, 29, False),
        (SessionType.DIAGNOSIS, 60, True),
        (SessionType.DIAGNOSIS, 59, False),
        (SessionType.LECTURE, 45, True),
        (SessionType.ROUNDTABLE, 44, False),
        (SessionType.REVIEW, 1, True),
        (SessionType.FOLLOW_UP, 5, True),
    ],
)
def test_each_type_has_its_own_minimum(
    session_type: SessionType, minutes: int, is_counted: bool
) -> None:
    decision = decided(a_session(session_type=session_type, minutes=minutes))
    assert (decision.reason is None) is is_counted


@pytest.mark.parametrize(
    ("overrides", "column", "reason"),
    [
        ({"session_type": SessionType.REVIEW, "attendees": ()}, Column.REVIEW, None),
        ({"session_type": SessionType.FOLLOW_UP}, Column.FOLLOW_UP, None),
        ({"is_text": True, "minutes": 0}, Column.TEXT, None),
        ({"conflicts": (ConflictFacts("M1", waived_at=BEFORE),)}, Column.WAIVED_CONFLICT, None),
        ({"is_in_district": False}, Column.OUTSIDE_DISTRICT, Reason.OUTSIDE_DISTRICT),
    ],
)
def test_what_has_a_column_of_its_own_is_counted_apart(
    overrides: dict[str, Any], column: Column, reason: Reason | None
) -> None:
    decision = decided(a_session(**overrides))
    assert decision.status is Status.COUNTED_APART
    assert decision.column is column
    assert decision.reason is reason
    assert decision.rule is (Rule.OWN_COLUMN if reason is None else Rule.DISTRICT)


def test_a_waiver_signed_after_the_start_is_none() -> None:
    facts = a_session(conflicts=(ConflictFacts("M1", waived_at=DURING),))
    assert decided(facts).reason is Reason.CONFLICT_OF_INTEREST


def test_for_a_review_no_conflict_can_be_waived() -> None:
    waived = (ConflictFacts("M1", waived_at=BEFORE),)
    facts = a_session(session_type=SessionType.REVIEW, attendees=(), conflicts=waived)
    assert decided(facts).reason is Reason.CONFLICT_OF_INTEREST


def test_the_category_of_a_panel_is_its_lead_s() -> None:
    experts = (an_expert("M2", category="official"), a_lead("M1", category="scholar"))
    assert decided(a_session(experts=experts)).expert_category == "scholar"
    assert decided(a_session(experts=())).expert_category is None


def test_the_hash_follows_the_facts_and_not_their_order() -> None:
    pair = (a_person(is_contact=True), a_person("F2"))
    facts = a_session(attendees=pair)
    shuffled = replace(facts, attendees=pair[::-1])
    assert decided(facts).inputs_hash == decided(shuffled).inputs_hash
    assert len(decided(facts).inputs_hash) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": 61},
        {"topic": "ip"},
        {"anonymous_heads": 1},
        {"confirmation": confirmed("09-16 10:00")},
        {"experts": (a_lead(category="scholar"),)},
    ],
)
def test_any_changed_fact_changes_the_hash(change: dict[str, Any]) -> None:
    assert decided(a_session(**change)).inputs_hash != decided(a_session()).inputs_hash


def test_another_policy_changes_the_hash() -> None:
    (other,) = decide_all([a_session()], [replace(POLICY, merge_gap_minutes=60)], LONG_AFTER)
    assert other.inputs_hash != decided(a_session()).inputs_hash


def test_two_records_under_one_id_are_refused() -> None:
    with pytest.raises(InvalidFactsError) as refusal:
        decide_all([a_session(), a_session(start="09-16 10:00")], [POLICY], LONG_AFTER)
    assert refusal.value.facts["session_ids"] == ["S1"]


@pytest.mark.parametrize(
    "fault",
    [
        {"experts": (an_expert("M1"), an_expert("M2"))},
        {"experts": (a_lead("M1"), a_lead("M2"))},
        {"void_code": Reason.BELOW_MINIMUM},
        {"break_minutes": -1},
        {"anonymous_heads": -1},
        {"review_projects": -1},
    ],
)
def test_facts_that_contradict_each_other_are_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(InvalidFactsError):
        a_session(**fault)


def test_a_person_can_say_only_what_stands_in_place_of_a_service() -> None:
    derived = {Reason.MERGED, Reason.BELOW_MINIMUM, Reason.UNCONFIRMED, Reason.NO_ATTENDEE}
    assert not VOID_CODES & derived


def test_a_span_touching_another_shares_nothing_with_it() -> None:
    assert a_span("09-15 10:00", 30).common(a_span("09-15 10:30", 30)) is None
