from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.service_record import (
    InvalidFactsError,
    SessionFacts,
    SessionType,
    Span,
    decide,
)
from tests.moments import at
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    POLICY,
    a_lead,
    a_person,
    a_session,
    a_span,
    an_expert,
    decided,
)


def _own(facts: SessionFacts) -> dict[str, int]:
    return dict(decided(facts).expert_minutes)


def test_minutes_run_from_actual_start_to_actual_end_less_breaks() -> None:
    facts = a_session(minutes=75, planned=a_span("09-15 10:00", 90), break_minutes=10)
    assert decided(facts).minutes == 65
    assert _own(facts) == {"M1": 65}


def test_minutes_are_whole_minutes_rounded_down() -> None:
    span = Span(at("09-15 10:00"), at("09-15 10:29") + timedelta(seconds=59))
    assert decided(a_session(actual=span)).minutes == 29


@pytest.mark.parametrize(("minutes", "counted"), [(89, 89), (90, 90), (91, 90), (200, 90)])
def test_minutes_beyond_plan_and_thirty_do_not_count(minutes: int, counted: int) -> None:
    facts = a_session(minutes=minutes, planned=a_span("09-15 10:00", 60))
    assert decided(facts).minutes == counted
    assert _own(facts) == {"M1": counted}


def test_an_approved_overrun_counts_whole() -> None:
    facts = a_session(minutes=200, planned=a_span("09-15 10:00", 60), is_overrun_approved=True)
    assert decided(facts).minutes == 200


def test_without_a_plan_the_usual_length_of_the_type_and_thirty_is_the_cap() -> None:
    assert decided(a_session(minutes=200, planned=None)).minutes == 80


def test_without_plan_and_usual_length_nothing_caps() -> None:
    facts = a_session(minutes=200, planned=None, session_type=SessionType.TUTORING)
    assert decided(facts).minutes == 200


def test_a_break_does_not_shorten_the_cap() -> None:
    facts = a_session(minutes=130, planned=a_span("09-15 10:00", 60), break_minutes=20)
    assert decided(facts).minutes == 90
    assert _own(facts) == {"M1": 90}


def test_a_break_longer_than_the_session_leaves_nothing() -> None:
    assert decided(a_session(minutes=10, break_minutes=20)).minutes == 0


def test_waiting_alone_does_not_count() -> None:
    late_founder = a_person(is_contact=True, present=a_span("09-15 10:20", 30))
    assert decided(a_session(minutes=60, attendees=(late_founder,))).minutes == 30


def test_expert_and_attendee_who_never_met_have_no_minutes() -> None:
    early, late = a_span("09-15 10:00", 20), a_span("09-15 10:20", 40)
    facts = a_session(experts=(a_lead(present=early),), attendees=(a_person(present=late),))
    assert decided(facts).minutes == 0
    assert _own(facts) == {"M1": 0}


def test_nobody_is_present_outside_the_session() -> None:
    before_and_after = a_span("09-15 09:00", 300)
    facts = a_session(
        experts=(a_lead(present=before_and_after),), attendees=(a_person(present=before_and_after),)
    )
    assert decided(facts).minutes == 60
    assert _own(facts) == {"M1": 60}


def test_each_expert_of_a_panel_has_his_own_minutes() -> None:
    facts = a_session(
        start="09-15 14:00",
        minutes=120,
        session_type=SessionType.DIAGNOSIS,
        experts=(a_lead("M2"), an_expert("M3"), an_expert("M4", present=a_span("09-15 14:00", 75))),
    )
    assert decided(facts).minutes == 120
    assert _own(facts) == {"M2": 120, "M3": 120, "M4": 75}
    assert decided(facts).mentor_minutes == 315


def test_an_expert_who_came_after_the_capped_end_has_no_minutes() -> None:
    facts = a_session(
        minutes=150,
        planned=a_span("09-15 10:00", 60),
        experts=(a_lead(), an_expert("M2", present=a_span("09-15 11:30", 60))),
    )
    assert _own(facts) == {"M1": 90, "M2": 0}


def test_minutes_of_a_second_expert_count_once_he_has_signed_them() -> None:
    experts = (a_lead(), an_expert("M2", signed_at=at("09-17 09:00")))
    facts = a_session(session_type=SessionType.DIAGNOSIS, experts=experts)
    assert decided(facts, at("09-17 08:59")).expert_minutes == (("M1", 60),)
    assert decided(facts, at("09-17 09:00")).expert_minutes == (("M1", 60), ("M2", 60))


def test_a_judge_loses_the_minutes_of_projects_he_stood_aside_from() -> None:
    judges = (a_lead(), an_expert("M3", recused_minutes=15))
    facts = a_session(session_type=SessionType.REVIEW, minutes=180, experts=judges, attendees=())
    assert _own(facts) == {"M1": 180, "M3": 165}


def test_a_record_that_states_lengths_is_taken_by_its_word_up_to_the_cap() -> None:
    experts = (a_lead(stated_minutes=95), an_expert("M2", stated_minutes=40, recused_minutes=50))
    facts = a_session(
        stated_minutes=100, planned=a_span("09-15 10:00", 60), experts=(*experts, an_expert("M3"))
    )
    assert decided(facts).minutes == 90
    assert _own(facts) == {"M1": 90, "M2": 0, "M3": 90}


def test_a_policy_without_cap_caps_nothing() -> None:
    policy = replace(POLICY, overrun_cap_minutes=None)
    facts = a_session(minutes=500, planned=a_span("09-15 10:00", 60))
    assert decide(facts, policy, LONG_AFTER).minutes == 500


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidFactsError):
        Span(at("09-15 10:00"), at("09-15 09:59"))


def test_a_span_without_offset_is_refused() -> None:
    naive = datetime(2026, 9, 15, 10)  # noqa: DTZ001 - the fault under test
    with pytest.raises(InvalidFactsError):
        Span(naive, at("09-15 11:00"))
    with pytest.raises(InvalidFactsError):
        Span(at("09-15 09:00"), naive)
