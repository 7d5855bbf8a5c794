from datetime import timedelta

import pytest

from app.db import StaleVersionError
from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.correction import AlreadyCheckedError, NothingToCorrectError, SamePersonError
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.service_record import ActualTimes, CorrectionOp, Span
from app.models.period import Adjustment
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import ServiceSession
from app.services import corrections
from app.unit_of_work import Store
from tests.acquainted import People, acquainted, district, founder, mentor
from tests.journeys.district import District
from tests.moments import at
from tests.scenes import Plays

__all__ = ["district", "founder", "mentor"]

SEPTEMBER = Month(2026, 9)


def once_met(store: Store, clock: FixedClock) -> People:
    people = acquainted(store, clock)
    people.meet("09-17 14:00", 60)
    return people


@pytest.fixture
def plays() -> Plays:
    return {"session": once_met, "district": acquainted}


@pytest.fixture
def session(scene: People) -> ServiceSession:
    return scene.sessions[0]


def times(start: str, minutes: int, break_minutes: int = 0) -> ActualTimes:
    return ActualTimes(Span(at(start), at(start) + timedelta(minutes=minutes)), break_minutes)


def propose(district: District, session, operation: CorrectionOp, value=None, why="抽查核实"):
    return district.store.execute(
        district.officer, corrections.propose, session.id, operation, value, why
    )


def test_a_proposal_changes_nothing_yet(district, session) -> None:
    proposed = propose(district, session, CorrectionOp.VOID)

    assert proposed.status is CorrectionStatus.PROPOSED
    assert district.decision(session).status == "counted"


def test_an_approved_void_takes_the_meeting_out_and_keeps_it_visible(district, session) -> None:
    corrected = district.correct(session, CorrectionOp.VOID, None)

    decision = district.decision(session)
    assert (decision.reason, decision.cause) == ("voided", "correction.approved")
    assert corrected.checked_by_id == district.approver.account_id


def test_striking_the_only_attendee_leaves_nobody_served(district, session, founder) -> None:
    district.correct(session, CorrectionOp.REMOVE_ATTENDEE, founder.person_id)

    assert district.decision(session).reason == "no_attendee"


def test_corrected_times_are_counted_and_the_recorded_ones_stay(district, session) -> None:
    district.correct(session, CorrectionOp.SET_ACTUAL_TIMES, times("09-17 14:05", 50, 10))

    decision = district.decision(session)
    assert (decision.minutes, decision.mentor_minutes) == (40, 40)
    kept = district.one(type(session), type(session).id == session.id)
    assert kept.actual_start == at("09-17 14:00")


def test_times_corrected_to_another_month_move_the_service(district, session) -> None:
    district.clock.put(at("10-09 09:00"))
    district.correct(session, CorrectionOp.SET_ACTUAL_TIMES, times("10-08 14:00", 60))

    assert district.decision(session).month == "2026-10"
    assert district.measures(SEPTEMBER).own.additive.sessions == 0
    assert district.measures(Month(2026, 10)).own.additive.sessions == 1


def test_a_corrected_topic_parts_what_was_merged(district, mentor, founder) -> None:
    first = district.served(mentor, founder, "09-18 09:00", 35)
    second = district.served(mentor, founder, "09-18 10:00", 30)
    assert district.decision(second).reason == "merged"

    district.correct(second, CorrectionOp.SET_TOPIC, "finance_tax")

    assert [district.decision(part).status for part in (first, second)] == ["counted", "counted"]


def test_a_correction_of_a_closed_month_is_posted_with_its_id(district, session) -> None:
    district.close(SEPTEMBER, "10-13 09:00")
    corrected = district.correct(session, CorrectionOp.VOID, None, "10-20 10:00")

    posted = district.one(Adjustment)
    assert (posted.correction_id, posted.posted_month) == (corrected.id, "2026-10")
    assert posted.service_record_id == district.decision(session).id
    assert posted.cause == "correction"
    assert posted.deltas["measures"] == {
        "sessions": -1,
        "person_times": -1,
        "session_minutes": -60,
        "mentor_minutes": -60,
    }
    counts = district.measures(SEPTEMBER)
    assert (counts.as_reported.additive.sessions, counts.restated.additive.sessions) == (1, 0)


def test_who_proposed_a_correction_does_not_approve_it(district, session) -> None:
    proposed = district.store.execute(
        district.approver, corrections.propose, session.id, CorrectionOp.VOID, None, "抽查"
    )

    for verb in (corrections.approve, corrections.refuse):
        with pytest.raises(SamePersonError):
            district.store.execute(district.approver, verb, proposed.id)


def test_a_refused_correction_stays_in_the_file_without_effect(district, session) -> None:
    proposed = propose(district, session, CorrectionOp.VOID)
    district.store.execute(district.approver, corrections.refuse, proposed.id)

    assert district.one(Correction).status is CorrectionStatus.REFUSED
    assert district.decision(session).status == "counted"
    with pytest.raises(AlreadyCheckedError):
        district.store.execute(district.approver, corrections.approve, proposed.id)


def test_a_check_from_a_stale_page_is_refused(district, session) -> None:
    proposed = propose(district, session, CorrectionOp.VOID)
    with pytest.raises(StaleVersionError):
        district.store.execute(district.approver, corrections.approve, proposed.id, version=9)


def test_an_officer_may_propose_and_not_approve(district, session) -> None:
    proposed = propose(district, session, CorrectionOp.VOID)
    with pytest.raises(ForbiddenError):
        district.store.execute(district.officer, corrections.approve, proposed.id)


@pytest.mark.parametrize(
    ("operation", "value", "why", "field"),
    [
        (CorrectionOp.VOID, None, " ", "reason"),
        (CorrectionOp.VOID, None, "长" * 1001, "reason"),
        (CorrectionOp.VOID, "something", "抽查", "value"),
        (CorrectionOp.SET_TOPIC, "happiness", "抽查", "value"),
        (CorrectionOp.SET_TOPIC, None, "抽查", "value"),
        (CorrectionOp.SET_ACTUAL_TIMES, None, "抽查", "value"),
        (CorrectionOp.SET_ACTUAL_TIMES, times("12-30 09:00", 30), "抽查", "actual_end"),
    ],
)
def test_an_incomplete_correction_is_refused_at_its_field(
    district, session, operation, value, why, field
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        propose(district, session, operation, value, why)
    assert [error.field for error in refused.value.errors] == [field]
    assert district.rows(Correction) == []


def test_nobody_is_struck_who_was_not_there(district, session) -> None:
    stranger = district.founder("路人")
    with pytest.raises(InvalidInputError) as refused:
        propose(district, session, CorrectionOp.REMOVE_ATTENDEE, stranger.person_id)
    assert refused.value.code == "correction.not_there"


def test_a_meeting_still_ahead_has_nothing_to_correct(district, mentor, founder) -> None:
    ahead = district.accepted(mentor, founder, "09-22 14:00")
    with pytest.raises(NothingToCorrectError):
        propose(district, ahead, CorrectionOp.VOID)
