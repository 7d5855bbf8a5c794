"""The edge cases 1 to 6 of docs/counting.md, each under its number."""

from dataclasses import replace
from datetime import datetime

from app.domain.calendar import Month
from app.domain.service_record import (
    AdjustmentKind,
    Correction,
    CorrectionOp,
    Decision,
    DisputeFacts,
    Measures,
    Reason,
    Ruling,
    SessionFacts,
    SessionType,
    Status,
    adjustments,
    corrected,
    decide_all,
    tally,
)
from tests.moments import at, day
from tests.unit.domain.service_facts import (
    ENTERPRISE,
    LONG_AFTER,
    POLICY,
    TERM,
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
CUT = at("10-14 00:00")
ENDS_IN_SEPTEMBER = replace(TERM, ends_on=day("09-30"))


def _known(*records: SessionFacts, asof: datetime = LONG_AFTER) -> tuple[Decision, ...]:
    return tuple(all_decided(*records, asof=asof).values())


def _measures(*records: SessionFacts, month: Month = SEPTEMBER) -> Measures:
    return tally(_known(*records), month)


def test_case_1_a_session_over_midnight_and_month_end_belongs_whole_to_its_first_day() -> None:
    facts = a_session(
        start="09-30 23:20", minutes=70, experts=(a_lead(terms=(ENDS_IN_SEPTEMBER,)),)
    )
    assert decided(facts).day == day("09-30")
    assert _measures(facts).additive.sessions == 1
    assert _measures(facts).additive.session_minutes == 70
    assert _measures(facts, month=OCTOBER) == tally([], OCTOBER)


def test_case_1_parts_on_two_dates_are_never_merged() -> None:
    before = a_session("A", "09-30 23:00", 40)
    after = a_session("B", "10-01 00:10", 40)
    assert {d.reason for d in _known(before, after)} == {None}


def test_case_1_the_session_is_judged_by_the_policy_of_its_first_day() -> None:
    strict = replace(POLICY, valid_from=day("10-01"), min_minutes={SessionType.CONSULTATION: 120})
    records = [a_session("A", "09-30 23:20", 70), a_session("B", "10-01 10:00", 70)]
    first, second = decide_all(records, [POLICY, strict], LONG_AFTER)
    assert (first.reason, second.reason) == (None, Reason.BELOW_MINIMUM)
    assert second.policy_from == day("10-01")


def test_case_2_parts_confirmed_in_another_order_are_carried_by_the_first_to_start() -> None:
    first = a_session("A", "09-10 09:00", 35, confirmation=confirmed("09-20 10:00"))
    second = a_session("B", "09-10 10:00", 30, confirmation=confirmed("09-11 10:00"))
    carried, merged = _known(second, first)
    assert (carried.session_id, carried.minutes) == ("A", 65)
    assert carried.confirmed_at == at("09-20 10:00")
    assert merged.reason is Reason.MERGED


def test_case_2_a_part_confirmed_after_the_cut_joins_as_an_adjustment() -> None:
    first = a_session("A", "09-10 09:00", 35)
    second = a_session("B", "09-10 10:00", 30, confirmation=confirmed("10-20 10:00"))
    reported, restated = _known(first, second, asof=CUT), _known(first, second)
    (change,) = adjustments(reported, restated, SEPTEMBER)
    assert (change.session_id, change.kind) == ("A", AdjustmentKind.LATE_CONFIRMATION)
    assert (change.change.sessions, change.change.session_minutes) == (0, 30)


def test_case_2_a_correction_follows_the_part_it_names() -> None:
    pair = (a_person("F1", is_contact=True), a_person("F2"))
    parts = [a_session("A", "09-10 09:00", 35, attendees=pair)]
    parts.append(a_session("B", "09-10 10:00", 30, attendees=pair))
    strike = Correction("B", at("10-20 10:00"), CorrectionOp.REMOVE_ATTENDEE, "F2")
    decisions = _known(*(corrected(part, [strike], LONG_AFTER) for part in parts))
    assert [d.parts for d in decisions] == [("A",), ("B",)]


def test_case_3_a_panel_member_out_of_term_is_not_counted_and_the_session_is() -> None:
    panel = (a_lead("M2"), an_expert("M3"), an_expert("M7", terms=(ENDS_IN_SEPTEMBER,)))
    facts = a_session(
        start="10-05 10:00", minutes=120, session_type=SessionType.DIAGNOSIS, experts=panel
    )
    decision = decided(facts)
    assert decision.status is Status.COUNTED
    assert decision.expert_minutes == (("M2", 120), ("M3", 120))


def test_case_3_only_time_with_an_expert_in_term_counts() -> None:
    lead = a_lead("M2", present=a_span("10-05 10:00", 50))
    panel = (lead, an_expert("M7", terms=(ENDS_IN_SEPTEMBER,)))
    facts = a_session(
        start="10-05 10:00", minutes=120, session_type=SessionType.DIAGNOSIS, experts=panel
    )
    assert decided(facts).reason is Reason.BELOW_MINIMUM
    assert decided(facts).minutes == 50


def test_case_3_a_lead_out_of_term_takes_the_session_with_him() -> None:
    panel = (a_lead("M7", terms=(ENDS_IN_SEPTEMBER,)), an_expert("M2"))
    assert decided(a_session(start="10-05 10:00", experts=panel)).reason is (
        Reason.MENTOR_OUT_OF_TERM
    )


def test_case_4_a_founder_of_two_ventures_is_one_person_and_one_venture_is_served() -> None:
    measures = _measures(a_session(venture=ENTERPRISE))
    assert (measures.additive.person_times, measures.distinct_persons) == (1, 1)
    assert (measures.enterprises, measures.teams) == (1, 0)


def test_case_5_striking_the_last_attendee_takes_the_session_out_of_the_restated_month() -> None:
    facts = a_session()
    strike = Correction("S1", at("10-20 10:00"), CorrectionOp.REMOVE_ATTENDEE, "F1")
    reported = _known(corrected(facts, [strike], CUT), asof=CUT)
    restated = _known(corrected(facts, [strike], LONG_AFTER))
    assert restated[0].reason is Reason.NO_ATTENDEE
    (change,) = adjustments(reported, restated, SEPTEMBER)
    assert change.kind is AdjustmentKind.CORRECTION
    assert change.persons_removed == ("F1",)
    assert (change.change.sessions, change.change.person_times) == (-1, -1)
    assert (change.change.session_minutes, change.change.mentor_minutes) == (-60, -60)
    assert tally(reported, SEPTEMBER).additive.sessions == 1


def test_case_5_a_corrected_merged_service_is_merged_again_before_the_minimum() -> None:
    parts = [a_session("A", "09-10 09:00", 20), a_session("B", "09-10 10:00", 15)]
    assert all_decided(*parts)["A"].minutes == 35
    shortened = replace(parts[1], actual=a_span("09-10 10:00", 5))
    decisions = all_decided(parts[0], shortened)
    assert (decisions["A"].reason, decisions["A"].minutes) == (Reason.BELOW_MINIMUM, 25)


def test_case_6_a_dispute_open_at_the_cut_counts_once_it_is_ruled_delivered() -> None:
    dispute = DisputeFacts(at("09-16 10:00"), at("10-20 10:00"), Ruling.DELIVERED)
    facts = a_session(dispute=dispute)
    reported, restated = _known(facts, asof=CUT), _known(facts)
    assert reported[0].reason is Reason.DISPUTED
    (change,) = adjustments(reported, restated, SEPTEMBER)
    assert change.kind is AdjustmentKind.RULING
    assert (change.change.sessions, change.persons_added) == (1, ("F1",))


def test_case_6_a_dispute_ruled_not_delivered_adds_nothing() -> None:
    dispute = DisputeFacts(at("09-16 10:00"), at("10-20 10:00"), Ruling.NO_SHOW_FOUNDER)
    facts = a_session(dispute=dispute)
    assert adjustments(_known(facts, asof=CUT), _known(facts), SEPTEMBER) == ()
