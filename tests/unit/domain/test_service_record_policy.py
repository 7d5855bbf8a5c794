import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.calendar import Month
from app.domain.service_record import (
    REASON_PRECEDENCE,
    RULE_OF_REASON,
    InvalidPolicyError,
    NoPolicyError,
    PolicyStartError,
    Reason,
    SessionType,
    ensure_starts_on_first,
    policy_on,
)
from tests.moments import day
from tests.unit.domain.service_facts import POLICY

VOCABULARIES = Path(__file__).parents[3] / "seeds" / "reference" / "vocabularies.json"


def _codes(vocabulary: str) -> set[str]:
    rows = json.loads(VOCABULARIES.read_text(encoding="utf-8"))[vocabulary]["rows"]
    return {row["code"] for row in rows}


def test_every_reason_is_a_code_of_the_vocabulary_and_has_a_place_and_a_rule() -> None:
    assert {reason.value for reason in Reason} == _codes("not_counted_reason")
    assert sorted(REASON_PRECEDENCE) == sorted(Reason)
    assert set(RULE_OF_REASON) == set(Reason)


def test_session_types_are_those_of_the_vocabulary() -> None:
    assert {session_type.value for session_type in SessionType} == _codes("session_type")


def test_reasons_are_shown_in_the_order_of_the_rules() -> None:
    assert [reason.value for reason in REASON_PRECEDENCE] == [
        "test_data",
        "duplicate",
        "voided",
        "no_show_founder",
        "no_show_mentor",
        "no_show_both",
        "tech_failure",
        "not_a_session",
        "disputed",
        "merged",
        "conflict_of_interest",
        "mentor_suspended",
        "mentor_out_of_term",
        "identity_unverified",
        "no_attendee",
        "below_minimum",
        "unconfirmed",
        "outside_district",
    ]


def test_a_day_is_judged_by_the_latest_row_that_has_started() -> None:
    autumn = replace(POLICY, code="autumn", valid_from=day("10-01"))
    assert policy_on([autumn, POLICY], day("09-30")) is POLICY
    assert policy_on([POLICY, autumn], day("10-01")) is autumn


def test_a_day_before_every_row_has_no_policy() -> None:
    with pytest.raises(NoPolicyError):
        policy_on([POLICY], date(2025, 12, 31))


@pytest.mark.parametrize(
    ("valid_from", "entered_on", "closed"),
    [
        ("10-02", "09-10", []),
        ("10-01", "10-01", []),
        ("09-01", "09-10", []),
        ("10-01", "09-10", ["2026-10"]),
        ("10-01", "09-10", ["2026-08", "2026-11"]),
    ],
)
def test_a_row_that_cuts_a_month_or_reaches_back_is_refused(
    valid_from: str, entered_on: str, closed: list[str]
) -> None:
    months = [Month.parse(text) for text in closed]
    with pytest.raises(PolicyStartError) as refusal:
        ensure_starts_on_first(day(valid_from), day(entered_on), months)
    assert refusal.value.code == "policy.must_start_on_first"


def test_a_row_may_start_with_the_next_month() -> None:
    ensure_starts_on_first(day("10-01"), day("09-30"), [Month(2026, 8), Month(2026, 9)])


@pytest.mark.parametrize(
    "fault",
    [
        {"merge_gap_minutes": -1},
        {"close_working_day": 0},
        {"overrun_cap_minutes": -1},
        {"late_confirmation_days": -1},
        {"min_minutes": {SessionType.LECTURE: -1}},
        {"standard_minutes": {SessionType.LECTURE: -1}},
    ],
)
def test_a_row_with_a_number_below_zero_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(InvalidPolicyError):
        replace(POLICY, **fault)


def test_a_type_without_a_minimum_or_a_usual_length_has_none() -> None:
    bare = replace(POLICY, standard_minutes=None)
    assert bare.minimum(SessionType.FOLLOW_UP) == 0
    assert bare.standard(SessionType.CONSULTATION) is None
