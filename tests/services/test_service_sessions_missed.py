"""Meetings that did not come about: who reports it of whom, and who may contest it."""

from dataclasses import replace

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.booking import BookingStatus, IllegalTransitionError
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.need import NeedStatus
from app.domain.service_session import (
    Evidence,
    IllegalStepError,
    NoShow,
    ServiceSessionStatus,
    TooEarlyError,
    WasSeenError,
)
from app.models.audit_entry import AuditEntry
from app.models.booking import ResourceClaim
from app.models.need import Need
from app.models.outcome import Dispute
from app.models.service_record import ServiceRecord
from app.models.service_session import Attendance, ServiceSession
from app.services import bookings, service_sessions, ventures
from tests.builders import a_founder, a_person, a_venture, staff
from tests.moments import at
from tests.road import Road


@pytest.fixture
def session(road: Road, clock) -> ServiceSession:
    """A meeting that should have begun an hour ago."""
    road.accepted()
    clock.put(at("09-18 15:00"))
    (session,) = road.rows(ServiceSession)
    return session


def report(road: Road, actor, session, who: NoShow, **values) -> ServiceSession:
    return road.store.execute(actor, service_sessions.report_no_show, session.id, who, **values)


def contest(road: Road, actor, session) -> Dispute:
    return road.store.execute(actor, service_sessions.contest, session.id, "14:00 就在二楼等")


def see_at_the_desk(road: Road, clock, session, person_id) -> None:
    """Have the desk check somebody in by his code two minutes before the start."""
    now = clock.now()
    clock.put(at("09-18 13:58"))
    road.store.execute(
        staff(road.store, Role.OFFICER),
        service_sessions.check_in,
        session.id,
        person_id=person_id,
        evidence=Evidence.CODE,
    )
    clock.put(now)


def state(road: Road) -> ServiceSessionStatus:
    (session,) = road.rows(ServiceSession)
    return session.status


def test_a_founder_reports_that_the_mentor_did_not_come(road, session) -> None:
    report(road, road.founder, session, NoShow.MENTOR, note="14:00 到 14:40 在二楼等")

    (now,) = road.rows(ServiceSession)
    assert (now.status, now.no_show) == (ServiceSessionStatus.NO_SHOW, NoShow.MENTOR)
    assert (now.no_show_note, now.contest_by) == ("14:00 到 14:40 在二楼等", at("09-23 00:00"))
    assert road.booking(session.booking_id).status is BookingStatus.NO_SHOW
    assert {claim.is_active for claim in road.rows(ResourceClaim)} == {False}
    (decision,) = road.rows(ServiceRecord)
    assert (decision.status, decision.reason) == ("not_counted", "no_show_mentor")
    (entry,) = road.rows(AuditEntry, AuditEntry.action == "service_session.no_show")
    assert entry.actor_id == road.founder.account_id


def test_the_need_of_a_missed_meeting_waits_for_a_booking_again(road, session) -> None:
    report(road, road.mentor, session, NoShow.FOUNDER)
    assert [need.status for need in road.rows(Need)] == [NeedStatus.SUBMITTED]
    assert road.accepted("09-22 14:00", need_id=session.need_id).status is BookingStatus.ACCEPTED


def test_a_founder_too_waits_half_an_hour(road, session, clock) -> None:
    clock.put(at("09-18 14:29"))
    with pytest.raises(TooEarlyError):
        report(road, road.founder, session, NoShow.MENTOR)
    clock.put(at("09-18 14:30"))
    report(road, road.founder, session, NoShow.MENTOR)


def test_who_did_not_come_does_not_report_himself(road, session) -> None:
    for actor, who in ((road.founder, NoShow.FOUNDER), (road.mentor, NoShow.MENTOR)):
        with pytest.raises(InvalidInputError) as refusal:
            report(road, actor, session, who)
        assert [error.field for error in refusal.value.errors] == ["who"]
    assert state(road) is ServiceSessionStatus.PLANNED


def test_only_who_is_on_the_list_and_the_bureau_report(road, session) -> None:
    stranger = a_founder(road.store, name="王强")
    for outsider in (stranger, SYSTEM):
        with pytest.raises(NotFoundError):
            report(road, outsider, session, NoShow.MENTOR)
    assert state(road) is ServiceSessionStatus.PLANNED


def test_who_speaks_for_the_venture_and_was_not_there_does_not_report(road, clock) -> None:
    venture = a_venture(road.store, road.founder.person_id)
    partner = a_founder(road.store, name="王强")
    road.store.execute(
        staff(road.store), ventures.link, venture.id, partner.person_id, is_contact=True
    )
    road.accepted(need_id=road.need(venture_id=venture.id).id)
    (session,) = road.rows(ServiceSession)
    clock.put(at("09-18 15:00"))
    with pytest.raises(NotFoundError) as refusal:
        report(road, partner, session, NoShow.MENTOR)
    assert refusal.value.code == "attendance.not_found"


def test_who_came_along_reports_as_well_as_who_booked(road, session, clock) -> None:
    companion = a_founder(road.store, name="王强")
    see_at_the_desk(road, clock, session, companion.person_id)
    report(road, companion, session, NoShow.MENTOR)
    assert state(road) is ServiceSessionStatus.NO_SHOW
    assert road.booking(session.booking_id).status is BookingStatus.NO_SHOW


def test_a_founder_whom_the_desk_checked_in_is_not_called_absent(road, session, clock) -> None:
    see_at_the_desk(road, clock, session, road.founder.person_id)
    for actor in (road.mentor, staff(road.store, Role.OFFICER)):
        for who in (NoShow.FOUNDER, NoShow.BOTH):
            with pytest.raises(WasSeenError) as refusal:
                report(road, actor, session, who)
            assert refusal.value.code == "service_session.was_seen"
            assert refusal.value.facts == {"side": "founder", "seen_at": at("09-18 13:58")}
    assert state(road) is ServiceSessionStatus.IN_PROGRESS
    assert road.booking(session.booking_id).status is BookingStatus.ACCEPTED
    report(road, road.mentor, session, NoShow.TECHNICAL)
    assert state(road) is ServiceSessionStatus.NO_SHOW


def test_nor_is_one_whose_companion_the_desk_checked_in(road, session, clock) -> None:
    see_at_the_desk(road, clock, session, a_person(road.store, name="王强").id)
    with pytest.raises(WasSeenError):
        report(road, road.mentor, session, NoShow.FOUNDER)


def test_a_mentor_whom_the_desk_checked_in_is_not_called_absent(road, session, clock) -> None:
    see_at_the_desk(road, clock, session, road.expert.person_id)
    with pytest.raises(WasSeenError) as refusal:
        report(road, road.founder, session, NoShow.MENTOR)
    assert refusal.value.facts["side"] == "expert"
    report(road, road.mentor, session, NoShow.FOUNDER)


def test_ones_own_word_that_one_came_is_left_to_the_ruling(road, session, clock) -> None:
    clock.put(at("09-18 14:10"))
    road.store.execute(road.founder, service_sessions.check_in, session.id)
    clock.put(at("09-18 15:00"))
    report(road, road.mentor, session, NoShow.FOUNDER)
    contest(road, road.founder, session)
    assert state(road) is ServiceSessionStatus.CONTESTED


def test_what_the_desk_saw_outweighs_an_earlier_word_of_ones_own(road, session, clock) -> None:
    clock.put(at("09-18 13:45"))
    road.store.execute(road.founder, service_sessions.check_in, session.id)
    clock.put(at("09-18 15:00"))
    see_at_the_desk(road, clock, session, road.founder.person_id)

    (row,) = road.rows(Attendance, Attendance.person_id == road.founder.person_id)
    assert (row.evidence, row.checked_in_at) == (Evidence.CODE, at("09-18 13:58"))
    with pytest.raises(WasSeenError):
        report(road, road.mentor, session, NoShow.FOUNDER)


def test_a_meeting_is_reported_missed_once(road, session) -> None:
    report(road, road.founder, session, NoShow.MENTOR)
    for actor, who in ((road.founder, NoShow.BOTH), (road.mentor, NoShow.FOUNDER)):
        with pytest.raises(IllegalStepError):
            report(road, actor, session, who)
    assert {row.no_show for row in road.rows(ServiceSession)} == {NoShow.MENTOR}


@pytest.mark.parametrize(
    ("who", "blamed"),
    [
        (NoShow.FOUNDER, ["founder"]),
        (NoShow.MENTOR, ["mentor"]),
        (NoShow.BOTH, ["founder", "mentor"]),
        (NoShow.TECHNICAL, ["mentor", "founder"]),
    ],
)
def test_a_report_is_contested_by_whom_it_is_held_against_and_nobody_else(
    road, session, who: NoShow, blamed: list[str]
) -> None:
    officer = staff(road.store, Role.OFFICER)
    report(road, officer, session, who)
    others = [getattr(road, side) for side in ("founder", "mentor") if side not in blamed]
    for outsider in (officer, staff(road.store, Role.APPROVER), *others):
        with pytest.raises(ForbiddenError):
            contest(road, outsider, session)
    assert road.rows(Dispute) == []
    assert state(road) is ServiceSessionStatus.NO_SHOW

    actor = getattr(road, blamed[0])
    assert contest(road, actor, session).opened_by_id == actor.person_id
    assert state(road) is ServiceSessionStatus.CONTESTED


def test_nobody_disputes_in_the_name_of_somebody_else(road, session) -> None:
    report(road, road.mentor, session, NoShow.FOUNDER)
    nameless = replace(road.founder, person_id=None)
    for actor in (SYSTEM, nameless):
        with pytest.raises((ForbiddenError, NotFoundError)):
            contest(road, actor, session)
    assert road.rows(Dispute) == []


def test_a_meeting_that_was_called_off_is_not_reported_missed(road, clock) -> None:
    booking = road.accepted()
    (session,) = road.rows(ServiceSession)
    road.store.execute(road.founder, bookings.cancel, booking.id, "f_solved")
    clock.put(at("09-18 15:00"))
    with pytest.raises(IllegalTransitionError):
        report(road, road.mentor, session, NoShow.FOUNDER)
    assert state(road) is ServiceSessionStatus.PLANNED
