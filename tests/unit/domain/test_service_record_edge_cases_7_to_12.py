"""The edge cases 7 to 12 of docs/counting.md, each under its number."""

from typing import Any

import pytest

from app.domain.calendar import DayKind, Month, WorkingCalendar
from app.domain.outcome import ConfirmationKind
from app.domain.service_record import (
    ConflictFacts,
    Measures,
    MonthOutOfOrderError,
    PolicyStartError,
    Reason,
    SessionFacts,
    SessionType,
    Status,
    VentureFacts,
    cut_instant,
    decide_all,
    ensure_may_close,
    ensure_starts_on_first,
    month_to_close,
    restatement,
    tally,
)
from tests.moments import at, day
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    POLICY,
    a_lead,
    a_person,
    a_session,
    a_span,
    all_decided,
    an_expert,
    confirmed,
    decided,
)

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


def _measures(*records: SessionFacts) -> Measures:
    return tally(tuple(all_decided(*records).values()), SEPTEMBER)


def test_case_7_a_venture_that_registers_after_the_service_is_a_team_that_month() -> None:
    registers_late = VentureFacts("V1", day("10-05"))
    assert _measures(a_session(venture=registers_late)).teams == 1
    assert _measures(a_session(venture=registers_late)).enterprises == 0


def test_case_7_served_again_after_registering_it_is_one_enterprise_and_no_team() -> None:
    venture = VentureFacts("V1", day("09-15"))
    team = a_session("A", "09-14 10:00", venture=venture)
    enterprise = a_session("B", "09-15 10:00", venture=venture)
    for measures in (_measures(team, enterprise), _measures(enterprise, team)):
        assert (measures.enterprises, measures.teams) == (1, 0)


def test_case_7_registered_between_a_service_and_a_lecture_it_stays_a_team() -> None:
    venture = VentureFacts("V1", day("09-15"))
    advice = a_session("A", "09-14 10:00", venture=venture)
    lecture = a_session("B", "09-16 10:00", session_type=SessionType.LECTURE, venture=venture)
    assert (_measures(advice, lecture).enterprises, _measures(advice, lecture).teams) == (0, 1)


def test_case_8_two_records_of_one_person_are_one_in_the_restated_month() -> None:
    records = [a_session("A"), a_session("B", "09-16 10:00", attendees=(a_person("F9"),))]
    reported = decide_all(records, [POLICY], LONG_AFTER)
    restated = decide_all(records, [POLICY], LONG_AFTER, {"F9": "F1"})
    assert tally(reported, SEPTEMBER).distinct_persons == 2
    assert tally(restated, SEPTEMBER).distinct_persons == 1
    assert tally(restated, SEPTEMBER).additive == tally(reported, SEPTEMBER).additive


def test_case_8_person_times_change_only_where_both_aliases_sat_together() -> None:
    both = (a_person("F1", is_contact=True), a_person("F9"))
    (decision,) = decide_all([a_session(attendees=both)], [POLICY], LONG_AFTER, {"F9": "F1"})
    assert decision.person_ids == ("F1",)
    change = restatement(_measures(a_session(attendees=both)), tally([decision], SEPTEMBER))
    assert change.distinct_persons == -1


def test_case_9_a_policy_never_changes_within_a_month() -> None:
    with pytest.raises(PolicyStartError):
        ensure_starts_on_first(day("09-16"), day("09-10"))


@pytest.mark.parametrize(
    ("is_identified", "confirmation", "reason"),
    [
        (True, confirmed("09-15 11:00", ConfirmationKind.PAPER_SIGNATURE), None),
        (False, None, Reason.IDENTITY_UNVERIFIED),
        (True, None, Reason.UNCONFIRMED),
    ],
)
def test_case_10_a_walk_in_counts_by_document_and_signature(
    is_identified: bool, confirmation: object, reason: Reason | None
) -> None:
    walk_in = a_person("F7", is_identified=is_identified, is_contact=True)
    decision = decided(a_session(attendees=(walk_in,), confirmation=confirmation))
    assert decision.reason is reason


LEFT_AT_FORTY = ConflictFacts("M4", declared_at=at("09-15 10:40"))


PANEL = (a_lead("M2"), an_expert("M4", present=a_span("09-15 10:00", 40)))


def _panel(**overrides: Any) -> SessionFacts:
    facts: dict[str, Any] = {"session_type": SessionType.DIAGNOSIS, "experts": PANEL}
    return a_session(minutes=120, **(facts | overrides))


def test_case_11_a_panel_member_who_declares_and_leaves_costs_only_his_minutes() -> None:
    decision = decided(_panel(conflicts=(LEFT_AT_FORTY,)))
    assert (decision.status, decision.minutes) == (Status.COUNTED, 120)
    assert decision.expert_minutes == (("M2", 120),)


@pytest.mark.parametrize(
    ("experts", "conflict"),
    [
        ((a_lead("M4"),), LEFT_AT_FORTY),
        ((a_lead("M4"), an_expert("M2")), LEFT_AT_FORTY),
        (PANEL, ConflictFacts("M4")),
        (PANEL, ConflictFacts("M4", declared_at=at("09-15 12:01"))),
        (PANEL, ConflictFacts(None, declared_at=at("09-15 10:40"))),
        ((), LEFT_AT_FORTY),
    ],
)
def test_case_11_alone_as_lead_or_undeclared_the_whole_session_falls(
    experts: tuple[object, ...], conflict: ConflictFacts
) -> None:
    decision = decided(_panel(experts=experts, conflicts=(conflict,)))
    assert decision.reason is Reason.CONFLICT_OF_INTEREST


def test_case_11_the_time_with_the_others_must_reach_the_minimum() -> None:
    panel = (a_lead("M2", present=a_span("09-15 10:00", 50)), an_expert("M4"))
    decision = decided(_panel(experts=panel, conflicts=(LEFT_AT_FORTY,)))
    assert (decision.reason, decision.minutes) == (Reason.BELOW_MINIMUM, 50)


def test_case_11_a_judge_who_stands_aside_from_a_project_loses_only_its_minutes() -> None:
    judges = [an_expert(f"M{number}") for number in (2, 5, 8)]
    judges += [a_lead("M1"), an_expert("M3", recused_minutes=15)]
    facts = a_session(
        minutes=180,
        planned=a_span("09-15 10:00", 180),
        session_type=SessionType.REVIEW,
        experts=tuple(judges),
        attendees=(),
        review_projects=12,
    )
    additive = _measures(facts).additive
    assert (additive.review_sessions, additive.review_projects) == (1, 12)
    assert additive.review_mentor_minutes == 885


def test_case_12_months_close_in_order_each_once_and_an_empty_one_with_zeros() -> None:
    assert month_to_close(SEPTEMBER, [SEPTEMBER]) == OCTOBER
    for asked in (SEPTEMBER, Month(2026, 11)):
        with pytest.raises(MonthOutOfOrderError):
            ensure_may_close(asked, OCTOBER, at("11-06 00:00"), at("11-10 10:00"))
    assert set(tally([], OCTOBER).figures().values()) == {0, "0.0"}


def test_case_12_closing_late_keeps_the_cut() -> None:
    holidays = dict.fromkeys((day(f"10-0{number}") for number in range(1, 8)), DayKind.OFF)
    calendar = WorkingCalendar({**holidays, day("10-10"): DayKind.WORKDAY})
    assert cut_instant(SEPTEMBER, calendar, 5, closed_at=at("10-20 10:00")) == at("10-14 00:00")
