from datetime import date

import pytest

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Role
from app.domain.clock import FixedClock
from app.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.domain.job import JobState
from app.domain.outcome import (
    CertifierError,
    ConfirmationKind,
    ConfirmationOverError,
    IllegalStepError,
    OutcomeStatus,
)
from app.models.job import Job
from app.models.need import Need
from app.models.outcome import Confirmation, Dispute, Outcome, OutcomeVersion, Rating
from app.models.service_session import ServiceSession
from app.services import outcomes, service_sessions
from app.services.outcomes import Action, Record
from app.services.service_sessions import Finish
from app.unit_of_work import Store
from tests.builders import a_founder, staff
from tests.moments import at
from tests.road import Road, a_road
from tests.scenes import Plays

WRITTEN = Record(
    question="该注册个体户还是公司",
    advice="先登记个体工商户，规模稳定后再转公司。",
    actions=[Action("到大厅办理登记", "创业者", date(2026, 9, 30))],
    result="advised",
)


def finished(store: Store, clock: FixedClock) -> Road:
    road = a_road(store)
    road.accepted()
    (session,) = road.rows(ServiceSession)
    clock.put(at("09-18 15:00"))
    facts = Finish(actual_start=at("09-18 14:00"), actual_end=at("09-18 14:50"))
    store.execute(road.mentor, service_sessions.finish, session.id, facts)
    return road


def written_down(store: Store, clock: FixedClock) -> Road:
    road = finished(store, clock)
    (session,) = road.rows(ServiceSession)
    store.execute(road.mentor, outcomes.record, session.id, WRITTEN)
    return road


@pytest.fixture
def plays() -> Plays:
    return {"recorded": written_down, "session": finished, "road": a_road}


@pytest.fixture
def session(road) -> ServiceSession:
    (session,) = road.rows(ServiceSession)
    return session


@pytest.fixture
def recorded(road) -> Outcome:
    return outcome(road)


def outcome(road) -> Outcome:
    (row,) = road.rows(Outcome)
    return row


def test_a_record_waits_five_working_days_for_the_founder(road, recorded) -> None:
    assert recorded.status is OutcomeStatus.RECORDED
    # The 20th is worked, the 25th to 27th are off.
    assert recorded.confirm_by == at("09-25 00:00")
    (version,) = road.rows(OutcomeVersion)
    assert (version.number, version.actions[0]["due_on"]) == (1, "2026-09-30")


def test_a_second_version_keeps_the_first(road, session, recorded) -> None:
    road.store.execute(road.mentor, outcomes.record, session.id, WRITTEN)
    assert sorted(row.number for row in road.rows(OutcomeVersion)) == [1, 2]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": "  "}, "question"),
        ({"advice": "字" * 4001}, "advice"),
        ({"result": "great"}, "result"),
        ({"actions": [Action("", "", date(2026, 9, 30))]}, "action_1_text"),
        ({"actions": [Action("做", "", None)]}, "action_1_due_on"),
        ({"actions": [Action("做", "", date(2026, 9, 30))] * 11}, "actions"),
    ],
)
def test_an_incomplete_record_is_refused_at_its_field(road, session, change, field: str) -> None:
    values = {
        "question": WRITTEN.question,
        "advice": WRITTEN.advice,
        "actions": WRITTEN.actions,
        "result": WRITTEN.result,
    }
    with pytest.raises(InvalidInputError) as refusal:
        road.store.execute(road.mentor, outcomes.record, session.id, Record(**{**values, **change}))
    assert [error.field for error in refusal.value.errors] == [field]
    assert road.rows(OutcomeVersion) == []


def test_nothing_is_recorded_before_the_meeting_was_held(road) -> None:
    road.accepted()
    (session,) = road.rows(ServiceSession)
    with pytest.raises(NotFoundError):
        road.store.execute(road.mentor, outcomes.record, session.id, WRITTEN)


def test_a_record_from_a_stale_page_is_refused(road, session, recorded) -> None:
    with pytest.raises(StaleVersionError):
        road.store.execute(road.mentor, outcomes.record, session.id, WRITTEN, version=1)


def test_the_founders_word_settles_the_facts_and_the_rating_stands_apart(road, recorded) -> None:
    road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=True, rating=5)

    now = outcome(road)
    assert (now.status, now.confirmation_kind) == (
        OutcomeStatus.CONFIRMED,
        ConfirmationKind.SIGNED_IN,
    )
    assert not now.is_late
    assert [row.score for row in road.rows(Rating)] == [5]
    assert [need.status.value for need in road.rows(Need)] == ["served"]
    kinds = {job.kind for job in road.rows(Job, Job.state == JobState.READY)}
    assert not kinds & {"lapse_outcome", "remind_confirm", "remind_record"}


def test_a_rating_is_voluntary_and_given_once(road, recorded) -> None:
    road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=True)
    assert road.rows(Rating) == []
    with pytest.raises(IllegalStepError):
        road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=True, rating=1)


@pytest.mark.parametrize("rating", [0, 6])
def test_a_rating_outside_the_five_levels_leaves_nothing_confirmed(
    road, recorded, rating: int
) -> None:
    with pytest.raises(InvalidInputError):
        road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=True, rating=rating)
    assert outcome(road).status is OutcomeStatus.RECORDED


def test_disagreement_opens_a_dispute(road, recorded) -> None:
    road.store.execute(
        road.founder, outcomes.confirm, recorded.id, agrees=False, remark="只谈了二十分钟。"
    )
    assert outcome(road).status is OutcomeStatus.DISPUTED
    (dispute,) = road.rows(Dispute)
    assert dispute.statement == "只谈了二十分钟。"


def test_disagreement_without_a_statement_is_refused(road, recorded) -> None:
    with pytest.raises(InvalidInputError):
        road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=False)
    assert road.rows(Confirmation) == []


def test_silence_is_never_consent(road, recorded, clock) -> None:
    clock.put(at("09-24 23:59"))
    road.store.execute(SYSTEM, outcomes.lapse, recorded.id)
    assert outcome(road).status is OutcomeStatus.RECORDED
    clock.put(at("09-25 00:00"))
    road.store.execute(SYSTEM, outcomes.lapse, recorded.id)
    assert outcome(road).status is OutcomeStatus.UNCONFIRMED


def test_a_late_confirmation_is_taken_for_ninety_days_and_marked(road, recorded, clock) -> None:
    clock.put(at("09-25 00:00"))
    road.store.execute(SYSTEM, outcomes.lapse, recorded.id)
    clock.put(at("12-17 23:00"))
    road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=True)
    assert (outcome(road).status, outcome(road).is_late) == (OutcomeStatus.CONFIRMED, True)


def test_after_ninety_days_nothing_is_confirmed(road, recorded, clock) -> None:
    clock.put(at("12-18 00:00"))
    with pytest.raises(ConfirmationOverError):
        road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=True)


def test_an_officer_certifies_after_calling_back(road, recorded) -> None:
    officer = staff(road.store, Role.OFFICER)
    road.store.execute(officer, outcomes.certify, recorded.id, "09-21 10:05 电话核实属实")
    assert outcome(road).status is OutcomeStatus.CERTIFIED
    (said,) = road.rows(Confirmation)
    assert (said.kind, said.officer_id) == (ConfirmationKind.CALL_BACK, officer.account_id)


def test_who_closed_the_meeting_cannot_certify_it(road, clock) -> None:
    road.accepted()
    (session,) = road.rows(ServiceSession)
    clock.put(at("09-18 15:00"))
    officer, other = staff(road.store), staff(road.store)
    held = Finish(actual_start=at("09-18 14:00"), actual_end=at("09-18 14:50"))
    road.store.execute(officer, service_sessions.finish, session.id, held)
    written = road.store.execute(road.mentor, outcomes.record, session.id, WRITTEN)

    with pytest.raises(CertifierError):
        road.store.execute(officer, outcomes.certify, written.id, "电话核实")
    assert outcome(road).status is OutcomeStatus.RECORDED
    road.store.execute(other, outcomes.certify, written.id, "电话核实")


def test_after_ninety_days_nothing_is_certified(road, recorded, clock) -> None:
    clock.put(at("12-18 00:00"))
    with pytest.raises(ConfirmationOverError):
        road.store.execute(staff(road.store), outcomes.certify, recorded.id, "电话核实")
    assert outcome(road).status is OutcomeStatus.RECORDED


@pytest.mark.parametrize("by", ["founder", "officer"])
def test_a_word_after_the_deadline_is_late_before_any_sweep_has_noticed(
    road, recorded, clock, by: str
) -> None:
    clock.put(at("09-25 00:00"))
    if by == "founder":
        road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=True)
    else:
        road.store.execute(staff(road.store), outcomes.certify, recorded.id, "电话核实")
    assert outcome(road).is_late


def test_who_agreed_to_an_earlier_version_has_not_agreed_to_this_one(
    road, session, recorded
) -> None:
    road.store.execute(road.mentor, outcomes.record, session.id, WRITTEN)
    with pytest.raises(StaleVersionError) as refusal:
        road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=True, version=1)
    assert refusal.value.facts == {"version": 2}
    assert road.rows(Confirmation) == []
    road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=True, version=2)


def test_nobody_without_a_person_of_his_own_confirms(road, recorded) -> None:
    with pytest.raises(ForbiddenError):
        road.store.execute(SYSTEM, outcomes.confirm, recorded.id, agrees=True)
    assert outcome(road).status is OutcomeStatus.RECORDED


def test_who_wrote_the_record_cannot_certify_it(road, session, clock) -> None:
    officer = staff(road.store, Role.OFFICER)

    def write(uow) -> Outcome:
        return outcomes.write_record(uow, uow.load(ServiceSession, session.id), WRITTEN)

    written = road.store.execute(officer, write)
    with pytest.raises(CertifierError):
        road.store.execute(officer, outcomes.certify, written.id, "电话核实")


def test_neither_the_mentor_nor_a_stranger_confirms_for_the_founder(road, recorded) -> None:
    with pytest.raises(ForbiddenError):
        road.store.execute(road.mentor, outcomes.confirm, recorded.id, agrees=True)
    stranger = a_founder(road.store, name="王强")
    with pytest.raises(NotFoundError):
        road.store.execute(stranger, outcomes.confirm, recorded.id, agrees=True)


@pytest.mark.parametrize("model", [OutcomeVersion, Confirmation])
def test_what_was_said_is_never_changed(road, recorded, model) -> None:
    road.store.execute(road.founder, outcomes.confirm, recorded.id, agrees=True)
    (row,) = road.rows(model)

    def change(uow) -> None:
        kept = uow.load(model, row.id)
        kept.created_at = at("09-30 10:00")
        uow.audit("test.changed", kept)

    with pytest.raises(ConflictError) as refusal:
        road.store.execute(SYSTEM, change)
    assert refusal.value.code == "ledger.append_only"
