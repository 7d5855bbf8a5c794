from datetime import timedelta

import pytest

from app.db import StaleVersionError
from app.domain.actor import Role
from app.domain.booking import BookingStatus
from app.domain.clock import FixedClock
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.ids import new_id
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import (
    Evidence,
    IllegalStepError,
    NoShow,
    ServiceSessionStatus,
    TooEarlyError,
    TooLateError,
)
from app.models.booking import ResourceClaim
from app.models.outcome import Dispute, Outcome
from app.models.service_session import Attendance, ServiceSession
from app.services import bookings, service_sessions, ventures
from app.services.service_sessions import Finish, OwnTimes
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_venture, an_expert, staff
from tests.moments import at
from tests.road import Road, a_road
from tests.scenes import Plays


def agreed(store: Store, _clock: FixedClock) -> Road:
    road = a_road(store)
    road.accepted()
    return road


@pytest.fixture
def plays() -> Plays:
    return {"session": agreed, "road": a_road}


@pytest.fixture
def session(road) -> ServiceSession:
    (session,) = road.rows(ServiceSession)
    return session


def held(start: str = "09-18 14:00", end: str = "09-18 14:50", **values) -> Finish:
    return Finish(actual_start=at(start), actual_end=at(end), **values)


def test_each_side_checks_itself_in_once(road, session, clock) -> None:
    clock.put(at("09-18 13:45"))
    for actor in (road.founder, road.mentor, road.founder):
        road.store.execute(actor, service_sessions.check_in, session.id)

    rows = road.rows(Attendance)
    assert [row.checked_in_at for row in rows] == [at("09-18 13:45")] * 2
    (now,) = road.rows(ServiceSession)
    assert now.status is ServiceSessionStatus.IN_PROGRESS


def test_the_desk_checks_somebody_in_by_his_code(road, session, clock) -> None:
    clock.put(at("09-18 13:58"))
    desk = staff(road.store, Role.OFFICER)
    founder = road.founder.person_id
    road.store.execute(
        desk, service_sessions.check_in, session.id, person_id=founder, evidence=Evidence.CODE
    )
    (row,) = road.rows(Attendance, Attendance.person_id == founder)
    assert row.evidence is Evidence.CODE


def test_a_check_in_more_than_half_an_hour_early_is_refused(road, session, clock) -> None:
    clock.put(at("09-18 13:29"))
    with pytest.raises(TooEarlyError):
        road.store.execute(road.founder, service_sessions.check_in, session.id)


def test_nobody_checks_in_once_the_planned_end_has_come(road, session, clock) -> None:
    clock.put(at("09-18 14:50"))
    desk = staff(road.store, Role.OFFICER)
    seen = {"person_id": road.founder.person_id, "evidence": Evidence.CODE}
    for actor, values in ((road.founder, {}), (road.mentor, {}), (desk, seen)):
        with pytest.raises(TooLateError):
            road.store.execute(actor, service_sessions.check_in, session.id, **values)
    assert {row.checked_in_at for row in road.rows(Attendance)} == {None}


def test_nobody_vouches_for_himself_with_a_code_and_the_desk_with_no_ones_word(
    road, session, clock
) -> None:
    clock.put(at("09-18 13:45"))
    desk, founder = staff(road.store, Role.OFFICER), road.founder.person_id
    for actor, values in (
        (road.founder, {"evidence": Evidence.CODE}),
        (road.mentor, {"evidence": Evidence.SIGNATURE}),
        (desk, {"person_id": founder, "evidence": Evidence.SELF}),
        (desk, {"person_id": founder, "evidence": Evidence.MENTOR}),
    ):
        with pytest.raises(InvalidInputError) as refusal:
            road.store.execute(actor, service_sessions.check_in, session.id, **values)
        assert [error.field for error in refusal.value.errors] == ["evidence"]
    assert {row.evidence for row in road.rows(Attendance)} == {None}


def test_neither_side_checks_the_other_in(road, session, clock) -> None:
    clock.put(at("09-18 13:45"))
    for actor, other in (
        (road.mentor, road.founder.person_id),
        (road.founder, road.mentor.person_id),
        (road.mentor, road.mentor.person_id),
    ):
        with pytest.raises(ForbiddenError):
            road.store.execute(
                actor,
                service_sessions.check_in,
                session.id,
                person_id=other,
                evidence=Evidence.CODE,
            )
    assert {row.checked_in_at for row in road.rows(Attendance)} == {None}


def test_to_a_meeting_called_off_nobody_checks_in(road, session, clock) -> None:
    road.store.execute(road.founder, bookings.cancel, session.booking_id, "f_solved")
    clock.put(at("09-18 13:45"))
    with pytest.raises(IllegalStepError):
        road.store.execute(road.mentor, service_sessions.check_in, session.id)
    assert {row.checked_in_at for row in road.rows(Attendance)} == {None}


def test_who_speaks_for_the_venture_and_is_not_on_the_list_asks_the_desk(road, clock) -> None:
    venture = a_venture(road.store, road.founder.person_id)
    partner = a_founder(road.store, name="王强")
    desk = staff(road.store, Role.OFFICER)
    road.store.execute(desk, ventures.link, venture.id, partner.person_id, is_contact=True)
    road.accepted(need_id=road.need(venture_id=venture.id).id)
    (session,) = road.rows(ServiceSession)
    clock.put(at("09-18 13:45"))

    with pytest.raises(NotFoundError) as refusal:
        road.store.execute(partner, service_sessions.check_in, session.id)
    assert refusal.value.code == "attendance.not_found"
    seen = {"person_id": partner.person_id, "evidence": Evidence.SIGNATURE}
    road.store.execute(desk, service_sessions.check_in, session.id, **seen)
    (row,) = road.rows(Attendance, Attendance.person_id == partner.person_id)
    assert (row.evidence, row.is_lead) == (Evidence.SIGNATURE, False)


def test_a_stranger_cannot_check_in(road, session, clock) -> None:
    clock.put(at("09-18 13:45"))
    stranger = a_founder(road.store, name="王强")
    with pytest.raises(NotFoundError):
        road.store.execute(stranger, service_sessions.check_in, session.id)


def test_finishing_keeps_what_really_happened_and_opens_the_record(road, session, clock) -> None:
    clock.put(at("09-18 15:00"))
    facts = held("09-18 14:05", "09-18 14:55", break_minutes=5)

    road.store.execute(road.mentor, service_sessions.finish, session.id, facts)

    (now,) = road.rows(ServiceSession)
    assert (now.status, now.actual_start) == (ServiceSessionStatus.FINISHED, at("09-18 14:05"))
    assert road.booking(session.booking_id).status is BookingStatus.FULFILLED
    (outcome,) = road.rows(Outcome)
    assert (outcome.status, outcome.record_by) == (
        OutcomeStatus.AWAITING_RECORD,
        at("09-22 00:00"),
    )


def test_the_claim_keeps_the_planned_time_when_the_meeting_overruns(road, session, clock) -> None:
    clock.put(at("09-18 16:00"))
    road.store.execute(
        road.mentor, service_sessions.finish, session.id, held("09-18 14:00", "09-18 15:30")
    )
    assert {(c.ends_at, c.is_active) for c in road.rows(ResourceClaim)} == {
        (at("09-18 14:50"), True)
    }


def test_an_expert_who_left_early_keeps_his_own_times(road, session, clock) -> None:
    clock.put(at("09-18 15:00"))
    own = OwnTimes(at("09-18 14:00"), at("09-18 14:30"))
    facts = held(experts={road.expert.id: own})
    road.store.execute(road.mentor, service_sessions.finish, session.id, facts)
    (row,) = road.rows(Attendance, Attendance.expert_id == road.expert.id)
    assert row.out_at - row.in_at == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (held("09-18 14:50", "09-18 14:00"), "actual_end"),
        (held("09-18 14:00", "09-18 14:00"), "actual_end"),
        (held("09-18 14:00", "09-18 16:00"), "actual_end"),
        (held("09-18 06:00", "09-18 14:50"), "actual_end"),
        (held("09-18 13:29", "09-18 14:50"), "actual_start"),
        (held("09-17 14:00", "09-17 14:50"), "actual_start"),
        (held(break_minutes=50), "break_minutes"),
        (held(break_minutes=-1), "break_minutes"),
        (held(attendees=frozenset({new_id()})), "attendees"),
    ],
)
def test_times_that_cannot_have_been_are_refused_at_their_field(
    road, session, clock, facts: Finish, field: str
) -> None:
    clock.put(at("09-18 15:00"))
    with pytest.raises(InvalidInputError) as refusal:
        road.store.execute(road.mentor, service_sessions.finish, session.id, facts)
    assert [error.field for error in refusal.value.errors] == [field]
    assert road.rows(Outcome) == []


def test_only_the_mentor_himself_or_the_bureau_finishes(road, session, clock) -> None:
    clock.put(at("09-18 15:00"))
    with pytest.raises(ForbiddenError):
        road.store.execute(road.founder, service_sessions.finish, session.id, held())
    other = a_mentor(road.store, an_expert(road.store, name="刘总"))
    with pytest.raises(NotFoundError):
        road.store.execute(other, service_sessions.finish, session.id, held())


def test_a_finished_meeting_is_not_finished_again(road, session, clock) -> None:
    clock.put(at("09-18 15:00"))
    road.store.execute(road.mentor, service_sessions.finish, session.id, held())
    with pytest.raises(IllegalStepError):
        road.store.execute(road.mentor, service_sessions.finish, session.id, held())


def test_a_no_show_can_be_reported_after_half_an_hour_and_frees_the_time(
    road, session, clock
) -> None:
    clock.put(at("09-18 14:29"))
    with pytest.raises(TooEarlyError):
        road.store.execute(road.mentor, service_sessions.report_no_show, session.id, NoShow.FOUNDER)
    clock.put(at("09-18 14:31"))
    road.store.execute(road.mentor, service_sessions.report_no_show, session.id, NoShow.FOUNDER)

    (now,) = road.rows(ServiceSession)
    assert (now.status, now.contest_by) == (ServiceSessionStatus.NO_SHOW, at("09-23 00:00"))


def test_a_founder_contests_within_three_working_days(road, session, clock) -> None:
    clock.put(at("09-18 14:31"))
    road.store.execute(road.mentor, service_sessions.report_no_show, session.id, NoShow.FOUNDER)
    clock.put(at("09-22 23:59"))

    road.store.execute(
        road.founder, service_sessions.contest, session.id, "我 14:20 到的，前台没人。"
    )

    (dispute,) = road.rows(Dispute)
    assert dispute.ruling is None
    (now,) = road.rows(ServiceSession)
    assert now.status is ServiceSessionStatus.CONTESTED


def test_a_contest_after_the_window_is_refused_with_its_date(road, session, clock) -> None:
    clock.put(at("09-18 14:31"))
    road.store.execute(road.mentor, service_sessions.report_no_show, session.id, NoShow.FOUNDER)
    clock.put(at("09-23 00:00"))
    with pytest.raises(TooLateError) as refusal:
        road.store.execute(road.founder, service_sessions.contest, session.id, "我到了。")
    assert refusal.value.facts["until_at"] == at("09-23 00:00")


def test_own_times_of_a_stranger_or_in_reverse_are_refused(road, session, clock) -> None:
    clock.put(at("09-18 15:00"))
    stranger = {new_id(): OwnTimes(at("09-18 14:00"), at("09-18 14:50"))}
    reverse = {road.expert.id: OwnTimes(at("09-18 14:50"), at("09-18 14:50"))}
    for experts, code in (
        (stranger, "service_session.unknown_expert"),
        (reverse, "service_session.end_before_start"),
    ):
        with pytest.raises(InvalidInputError) as refusal:
            road.store.execute(
                road.mentor, service_sessions.finish, session.id, held(experts=experts)
            )
        assert [(each.field, each.code) for each in refusal.value.errors] == [("experts", code)]
    assert {row.out_at for row in road.rows(Attendance)} == {None}


def test_a_check_in_from_a_stale_look_is_refused(road, session, clock) -> None:
    clock.put(at("09-18 13:45"))
    road.store.execute(road.mentor, service_sessions.check_in, session.id, version=session.version)
    with pytest.raises(StaleVersionError):
        road.store.execute(
            road.founder, service_sessions.check_in, session.id, version=session.version
        )


def test_a_booking_that_was_missed_is_no_show(road, session, clock) -> None:
    clock.put(at("09-18 14:31"))
    road.store.execute(road.founder, service_sessions.report_no_show, session.id, NoShow.MENTOR)
    assert road.booking(session.booking_id).status is BookingStatus.NO_SHOW
    assert {claim.is_active for claim in road.rows(ResourceClaim)} == {False}
