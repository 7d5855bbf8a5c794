from dataclasses import replace

import pytest

from app.domain.service_record import (
    ActualTimes,
    ConflictFacts,
    Correction,
    CorrectionOp,
    Dimensions,
    DisputeFacts,
    InvalidFactsError,
    Reason,
    Ruling,
    ServedVenture,
    VentureFacts,
    canonical,
    corrected,
    with_aliases,
)
from tests.moments import at
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    a_lead,
    a_person,
    a_session,
    a_span,
    an_expert,
    decided,
)

STRIKE = Correction("S1", at("10-20 10:00"), CorrectionOp.REMOVE_ATTENDEE, "F1")


def test_a_correction_is_known_from_the_instant_it_is_made() -> None:
    facts = a_session()
    assert corrected(facts, [STRIKE], at("10-20 09:59")) == facts
    assert corrected(facts, [STRIKE], at("10-20 10:00")).attendees == ()


def test_a_correction_leaves_other_records_alone() -> None:
    facts = a_session("S2")
    assert corrected(facts, [STRIKE], LONG_AFTER) == facts


def test_the_last_correction_of_the_times_holds() -> None:
    early = ActualTimes(a_span("09-15 10:00", 40), 5)
    late = ActualTimes(a_span("09-15 10:00", 50))
    corrections = [
        Correction("S1", at("10-21 10:00"), CorrectionOp.SET_ACTUAL_TIMES, late),
        Correction("S1", at("10-20 10:00"), CorrectionOp.SET_ACTUAL_TIMES, early),
    ]
    facts = corrected(a_session(break_minutes=10), corrections, LONG_AFTER)
    assert (facts.actual, facts.break_minutes) == (late.span, 0)


def test_a_correction_names_another_venture_and_where_it_belongs() -> None:
    labels = Dimensions(area="outside", street="tangye", industry="retail")
    served = ServedVenture(VentureFacts("V9", None), labels)
    correction = Correction("S1", at("10-20 10:00"), CorrectionOp.SET_VENTURE, served)
    facts = corrected(a_session(dimensions=Dimensions(department="hr")), [correction], LONG_AFTER)
    assert (facts.venture, facts.is_in_district) == (served.venture, False)
    assert facts.dimensions == replace(labels, department="hr")

    untold = Correction("S1", at("10-20 11:00"), CorrectionOp.SET_VENTURE, ServedVenture(None))
    facts = corrected(facts, [untold], LONG_AFTER)
    assert (facts.venture, facts.is_in_district) == (None, False)


def test_an_overrun_is_approved_and_taken_back() -> None:
    made = [
        Correction("S1", at(f"10-2{number} 10:00"), CorrectionOp.SET_OVERRUN, said)
        for number, said in enumerate([True, False])
    ]
    assert corrected(a_session(), made[:1], LONG_AFTER).is_overrun_approved
    assert not corrected(a_session(), made, LONG_AFTER).is_overrun_approved


def test_a_correction_names_another_topic() -> None:
    correction = Correction("S1", at("10-20 10:00"), CorrectionOp.SET_TOPIC, "finance_tax")
    assert corrected(a_session(), [correction], LONG_AFTER).topic == "finance_tax"


def test_a_void_record_stays_void_whatever_was_ruled() -> None:
    dispute = DisputeFacts(at("09-16 10:00"), at("09-18 10:00"), Ruling.DELIVERED)
    void = Correction("S1", at("10-20 10:00"), CorrectionOp.VOID, None)
    facts = corrected(a_session(dispute=dispute), [void], LONG_AFTER)
    assert decided(facts).reason is Reason.VOIDED


def test_aliases_are_followed_to_the_end() -> None:
    assert canonical("F9", {"F9": "F8", "F8": "F1"}) == "F1"
    assert canonical("F1", {"F9": "F1"}) == "F1"


def test_aliases_in_a_circle_are_refused() -> None:
    with pytest.raises(InvalidFactsError) as refusal:
        canonical("F1", {"F1": "F2", "F2": "F1"})
    assert refusal.value.facts["fault"] == "alias_circle"


def test_two_rows_of_one_person_are_one_with_the_best_that_is_known() -> None:
    rows = (
        a_person("F1", is_identified=False, vouched_at=None, present=a_span("09-15 10:00", 20)),
        a_person("F9", is_contact=True, group="veteran", present=a_span("09-15 10:30", 30)),
    )
    (person,) = with_aliases(a_session(attendees=rows), {"F9": "F1"}).attendees
    assert person.person_id == "F1"
    assert person.is_identified
    assert person.is_contact
    assert person.vouched_at == at("01-01 00:00")
    assert person.group == "veteran"
    assert person.present == a_span("09-15 10:00", 60)


def test_one_row_of_a_whole_stay_makes_the_stay_whole() -> None:
    rows = (a_person("F1", present=a_span("09-15 10:00", 20)), a_person("F9", vouched_at=None))
    (person,) = with_aliases(a_session(attendees=rows), {"F9": "F1"}).attendees
    assert person.present is None
    assert person.vouched_at == at("01-01 00:00")


def test_of_two_check_ins_of_one_person_the_earlier_holds() -> None:
    rows = (a_person("F1", vouched_at=at("09-17 10:00")), a_person("F9"))
    (person,) = with_aliases(a_session(attendees=rows), {"F9": "F1"}).attendees
    assert person.vouched_at == at("01-01 00:00")


def test_an_expert_named_twice_keeps_the_row_of_the_lead_and_his_conflict() -> None:
    rows = (an_expert("M9"), a_lead("M1"), an_expert("M8"))
    facts = with_aliases(
        a_session(experts=rows, conflicts=(ConflictFacts("M9"), ConflictFacts(None))),
        {"M9": "M1", "M8": "M1"},
    )
    assert facts.experts == (a_lead("M1"),)
    assert [conflict.expert_id for conflict in facts.conflicts] == ["M1", None]
