"""Edge case 11 of docs/counting.md: a tie declared in the middle of a meeting, and left for."""

from datetime import datetime
from typing import Any

import pytest

from app.domain.declared_tie import AsideAlreadyError
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.service_session import (
    IllegalStepError,
    NotSignedError,
    TooEarlyError,
)
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.models.diagnosis import Diagnosis, DiagnosisRecusal
from app.models.service_session import Attendance, ServiceSession
from app.services import declared_ties, diagnoses, service_sessions
from app.services.service_sessions import OwnTimes
from tests.bundles import changed, exported, read, seal, verdict
from tests.journeys.counted import CLOSED, SEPTEMBER, own, panel
from tests.journeys.district import District, Founder, Mentor
from tests.moments import at
from tests.turns import on_each

STARTS, LEFT = at("09-17 14:00"), at("09-17 14:40")


@pytest.fixture
def he(district: District) -> Mentor:
    return district.mentor("何伟")


@pytest.fixture
def session(district: District, gao: Mentor, he: Mentor, wang: Founder) -> ServiceSession:
    """A panel agreed for two hours from 14:00, led by the first of the two."""
    return panel(district, gao, he, wang, "09-17 14:00")


def leave(district: District, mentor: Mentor, session: ServiceSession) -> None:
    """Have a mentor declare a tie at 14:40, and leave."""
    district.clock.put(LEFT)
    district.store.execute(mentor.actor, declared_ties.declare, session.id)


def end(district: District, lead: Mentor, founder: Founder, session: ServiceSession) -> None:
    """Have the meeting end after its two hours, recorded and confirmed."""
    district.finish(lead, session, 120)
    district.record(lead, session)
    district.confirm(founder, session)


def seat(district: District, mentor: Mentor) -> Attendance:
    return district.one(Attendance, Attendance.expert_id == mentor.expert.id)


def sign(district: District, mentor: Mentor, session: ServiceSession) -> None:
    times = OwnTimes(STARTS, LEFT)
    district.store.execute(mentor.actor, service_sessions.sign, session.id, times)


@on_each
def test_who_declares_a_tie_and_leaves_costs_a_panel_only_his_minutes(
    district, gao, he, wang, session
) -> None:
    leave(district, he, session)
    end(district, gao, wang, session)

    assert own(district) == [1, 1, 120, 120]
    (conflict,) = district.decision(session).inputs["conflicts"]
    assert conflict["expert_id"] == str(he.expert.id)
    assert datetime.fromisoformat(conflict["declared_at"]) == LEFT
    assert (seat(district, he).stood_aside_at, seat(district, he).out_at) == (LEFT, LEFT)
    (entry,) = district.rows(AuditEntry, AuditEntry.action == "attendance.stood_aside")
    assert (entry.entity_id, entry.actor_id) == (seat(district, he).id, he.actor.account_id)
    with pytest.raises(NotSignedError):
        sign(district, he, session)
    (recusal,) = district.rows(DiagnosisRecusal)
    assert recusal.expert_id == he.expert.id


def test_who_stays_and_signs_has_his_minutes(district, gao, he, wang, session) -> None:
    end(district, gao, wang, session)
    sign(district, he, session)
    assert own(district) == [1, 1, 120, 160]


def test_a_mentor_alone_who_leaves_takes_the_service_with_him(district, gao, wang) -> None:
    session = district.accepted(gao, wang, "09-17 14:00", minutes=120)
    leave(district, gao, session)
    end(district, gao, wang, session)
    assert district.decision(session).reason == "conflict_of_interest"
    assert own(district) == [0, 0, 0, 0]


@on_each
def test_where_the_lead_leaves_the_next_of_the_panel_leads_and_it_counts(
    district, gao, he, wang, session
) -> None:
    leave(district, gao, session)
    with pytest.raises(ForbiddenError):
        district.finish(gao, session, 120)
    end(district, he, wang, session)

    assert own(district) == [1, 1, 120, 120]
    decision = district.decision(session)
    leads = {each["expert_id"]: each["is_lead"] for each in decision.inputs["experts"]}
    assert leads == {str(gao.expert.id): False, str(he.expert.id): True}
    assert decision.detail["expert_minutes"] == [[str(he.expert.id), 120]]
    booking = district.one(Booking, Booking.id == session.booking_id)
    assert booking.lead_expert_id == he.expert.id
    (diagnosis,) = district.rows(Diagnosis)
    assert diagnosis.lead_expert_id == he.expert.id
    district.close(SEPTEMBER, CLOSED)
    seal(district.store)
    assert verdict(exported(district.store)) == []


def test_where_both_of_a_panel_leave_nothing_counts(district, gao, he, wang, session) -> None:
    leave(district, gao, session)
    leave(district, he, session)
    end(district, he, wang, session)
    assert district.decision(session).reason == "conflict_of_interest"


def test_a_lead_who_stands_aside_afterwards_is_followed_by_who_signed(
    district, gao, he, wang, session
) -> None:
    end(district, gao, wang, session)
    stand_aside(district, gao, session)
    # Nobody else stands by his own times yet: the record is still that of the lead.
    assert district.one(ServiceSession).lead_expert_id == gao.expert.id

    sign(district, he, session)
    assert district.one(ServiceSession).lead_expert_id == he.expert.id
    assert own(district) == [0, 0, 0, 0]
    assert district.decision(session).reason == "below_minimum"


def test_a_lead_who_stands_aside_after_the_others_signed_costs_his_minutes(
    district, gao, he, wang, session
) -> None:
    end(district, gao, wang, session)
    whole = OwnTimes(STARTS, at("09-17 16:00"))
    district.store.execute(he.actor, service_sessions.sign, session.id, whole)
    assert own(district) == [1, 1, 120, 240]
    stand_aside(district, gao, session)
    assert own(district) == [1, 1, 120, 120]


def stand_aside(district: District, mentor: Mentor, session: ServiceSession) -> None:
    """Have an expert stand aside from the diagnosis."""
    district.store.execute(mentor.actor, diagnoses.recuse, session.id, "与他的公司有来往")


def test_the_others_alone_must_reach_the_minimum(district, gao, he, wang, session) -> None:
    leave(district, he, session)
    district.finish(gao, session, 45)
    district.record(gao, session)
    district.confirm(wang, session)
    assert district.decision(session).reason == "below_minimum"


def test_an_officer_notes_on_his_word_when_he_left_and_only_while_it_runs(
    district, gao, he, wang, session
) -> None:
    def note(moment: datetime, by: Any = district.officer, mentor: Mentor = he) -> None:
        named = {"expert_id": mentor.expert.id, "left_at": moment}
        district.store.execute(by, declared_ties.declare, session.id, **named)

    with pytest.raises(TooEarlyError):
        note(LEFT)
    district.clock.put(at("09-17 14:50"))
    with pytest.raises(ForbiddenError):
        note(LEFT, gao.actor)
    with pytest.raises(NotFoundError):
        note(LEFT, mentor=district.mentor("刘总"))
    for moment in (at("09-17 13:00"), at("09-17 14:51")):
        with pytest.raises(InvalidInputError) as refused:
            note(moment)
        assert [fault.field for fault in refused.value.errors] == ["left_at"]
    note(LEFT)
    with pytest.raises(AsideAlreadyError):
        note(LEFT)
    district.finish(gao, session, 120)
    with pytest.raises(IllegalStepError):
        note(LEFT, mentor=gao)
    district.record(gao, session)
    district.confirm(wang, session)
    assert own(district) == [1, 1, 120, 120]


def test_an_auditor_finds_in_the_bundle_who_left_and_who_says_otherwise(
    district, gao, he, wang, session
) -> None:
    leave(district, he, session)
    end(district, gao, wang, session)
    district.close(SEPTEMBER, CLOSED)
    seal(district.store)
    files = exported(district.store)
    assert verdict(files) == []

    records = read(files, "records.json")
    for record in records:
        record["inputs"]["conflicts"] = []
    named = verdict(changed(files, "records.json", lambda _: records))
    assert any(str(session.id) in line and "declared_at" in line for line in named)
