"""Several experts asked to one meeting with a room: all of it or nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.actor import SYSTEM, Role
from app.domain.availability import NotFreeError
from app.domain.booking import (
    BookingStatus,
    FounderBusyError,
    IllegalTransitionError,
    TimeTakenError,
)
from app.domain.booking_panel import Company
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.ids import new_id
from app.domain.need import NeedStatus
from app.domain.place import PlaceClosedError, PlaceFacts, PlaceTakenError, PlaceUnfitError
from app.domain.task import TaskKind
from app.models.booking import Booking, BookingExpert, ResourceClaim
from app.models.need import Need
from app.models.service_session import Attendance, ServiceSession
from app.models.task import Task
from app.services import bookings, places
from tests.builders import a_founder, a_need, a_shortlist, staff
from tests.moments import at
from tests.panel_meeting import Table, lay_table
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"table": lay_table}


@pytest.fixture
def table(scene: Table) -> Table:
    return scene


def everything(table: Table) -> set:
    experts = {each.id for each in table.experts[:3]}
    return {*experts, table.founder.person_id, table.companion.person_id, table.room.id}


def nothing_is_left(table: Table) -> bool:
    counts = [len(table.rows(model)) for model in (Booking, BookingExpert, ResourceClaim)]
    return counts == [0, 0, 0]


def test_experts_founders_and_the_room_are_claimed_together(table) -> None:
    booking = table.requested()
    assert booking.status is BookingStatus.REQUESTED
    assert table.claimed(booking) == everything(table)
    assert set(table.answers(booking).values()) == {"invited"}
    assert (booking.place, booking.place_id, booking.quorum) == ("会诊室", table.room.id, 2)


def test_the_last_yes_makes_the_meeting_with_everybody_expected(table) -> None:
    booking = table.requested()
    table.accept(booking, 0)
    table.accept(booking, 1)
    assert table.booking(booking).status is BookingStatus.REQUESTED
    assert table.rows(ServiceSession) == []
    table.accept(booking, 2)
    assert table.booking(booking).status is BookingStatus.ACCEPTED
    (session,) = table.rows(ServiceSession)
    expected = table.rows(Attendance, Attendance.service_session_id == session.id)
    assert len([row for row in expected if row.expert_id]) == 3
    assert [row.is_lead for row in expected if row.expert_id == table.experts[0].id] == [True]
    founders = {row.person_id: row.is_lead for row in expected if not row.expert_id}
    assert founders == {table.founder.person_id: True, table.companion.person_id: False}


def test_who_declines_gets_his_time_back_at_once_and_the_others_go_on(table) -> None:
    booking = table.requested()
    table.decline(booking, 2)
    assert table.claimed(booking) == everything(table) - {table.experts[2].id}
    table.accept(booking, 0)
    table.accept(booking, 1)
    assert table.booking(booking).status is BookingStatus.ACCEPTED
    assert len(table.rows(Attendance, Attendance.expert_id.is_not(None))) == 2


def test_the_last_no_makes_the_meeting_of_those_who_said_yes(table) -> None:
    booking = table.requested()
    table.accept(booking, 0)
    table.accept(booking, 1)
    table.decline(booking, 2)
    assert table.booking(booking).status is BookingStatus.ACCEPTED


def test_at_the_deadline_a_quorum_with_its_lead_is_enough(table) -> None:
    booking = table.requested()
    table.accept(booking, 0)
    table.accept(booking, 1)
    assert table.expire(booking).status is BookingStatus.ACCEPTED
    assert table.answers(booking)["王律师"] == "replaced"
    assert table.experts[2].id not in table.claimed(booking)


def test_without_its_lead_a_quorum_is_not_enough(table) -> None:
    booking = table.requested()
    table.accept(booking, 1)
    table.accept(booking, 2)
    assert table.expire(booking).status is BookingStatus.EXPIRED
    assert table.claimed(booking) == set()
    assert [need.status for need in table.rows(Need)] == [NeedStatus.SUBMITTED]


def test_alternates_are_asked_with_the_time_that_is_left(table) -> None:
    booking = table.requested(alternates=(3,))
    table.accept(booking, 0)
    first_deadline = booking.answer_by
    waiting = table.expire(booking)
    assert waiting.status is BookingStatus.REQUESTED
    assert waiting.answer_by > first_deadline
    assert waiting.answer_by <= waiting.starts_at
    assert table.answers(booking)["赵投"] == "invited"
    table.accept(booking, 3)
    assert table.booking(booking).status is BookingStatus.ACCEPTED


def test_a_lead_who_declines_is_followed_by_an_alternate_who_leads(table) -> None:
    booking = table.requested(alternates=(3,))
    table.decline(booking, 0)
    assert table.booking(booking).lead_expert_id == table.experts[3].id
    for number in (1, 2, 3):
        table.accept(booking, number)
    (session,) = table.rows(ServiceSession)
    assert session.lead_expert_id == table.experts[3].id


def test_an_alternate_who_is_busy_is_passed_over(table) -> None:
    taken = table.choice(company=replace(table.choice().company, expert_ids=(), place_id=None))
    other = a_need(table.store, table.companion.person_id)
    busy = replace(
        taken,
        need_id=other.id,
        expert_id=table.experts[3].id,
        company=Company(),
        ends_at=None,
        starts_at=at("09-18 15:30"),
        session_type="consultation",
    )
    booking = table.requested(
        alternates=(3, 4),
        company=replace(table.choice(alternates=(3, 4)).company, companion_ids=()),
    )
    table.store.execute(table.companion, bookings.request_now, busy)
    table.decline(booking, 0)
    assert table.booking(booking).lead_expert_id == table.experts[4].id


def test_the_shortlist_follows_the_named_alternates_where_the_founder_agreed(table) -> None:
    (need,) = table.rows(Need)
    a_shortlist(table.store, need, table.experts[0], table.experts[4])
    booking = table.requested()
    table.decline(booking, 1)
    table.decline(booking, 2)
    assert table.answers(booking)["孙工"] == "invited"
    alone = table.booking(booking)
    assert alone.status is BookingStatus.REQUESTED


def test_too_few_left_and_no_alternate_end_the_request(table) -> None:
    booking = table.requested(quorum=3)
    table.accept(booking, 0)
    table.decline(booking, 1)
    ended = table.booking(booking)
    assert ended.status is BookingStatus.DECLINED
    assert table.claimed(booking) == set()


@pytest.mark.parametrize("number", [0, 1])
def test_each_expert_answers_once(table, number) -> None:
    booking = table.requested()
    table.accept(booking, number)
    with pytest.raises(IllegalTransitionError):
        table.accept(booking, number)
    table.decline(booking, number)
    with pytest.raises((IllegalTransitionError, ForbiddenError)):
        table.decline(booking, number)
    with pytest.raises(NotFoundError):
        table.accept(booking, 3)


def test_a_meeting_stands_while_its_quorum_does(table) -> None:
    booking = table.agreed()
    table.cancel(booking, 2)
    left = table.booking(booking)
    assert left.status is BookingStatus.ACCEPTED
    assert left.ics_sequence == booking.ics_sequence + 1
    assert table.experts[2].id not in table.claimed(booking)
    (seat,) = table.rows(BookingExpert, BookingExpert.expert_id == table.experts[2].id)
    assert (seat.reason, seat.is_excused) == ("m_illness", True)
    assert table.rows(Task) == []


def test_below_its_quorum_an_alternate_joins_a_meeting_that_is_agreed(table) -> None:
    booking = table.agreed(quorum=3, alternates=(3,))
    table.cancel(booking, 1)
    assert table.booking(booking).status is BookingStatus.ACCEPTED
    table.accept(booking, 3)
    (session,) = table.rows(ServiceSession)
    (joined,) = table.rows(Attendance, Attendance.expert_id == table.experts[3].id)
    assert joined.service_session_id == session.id
    assert table.rows(Task) == []


def test_below_its_quorum_without_alternates_the_bureau_decides(table) -> None:
    booking = table.agreed()
    table.cancel(booking, 0)
    (task,) = table.rows(Task)
    assert (task.kind, task.subject_id) == (TaskKind.MENTOR_CANCELLED, booking.id)
    assert table.booking(booking).status is BookingStatus.ACCEPTED


def test_an_alternate_who_lets_the_time_pass_leaves_it_to_the_bureau(table) -> None:
    booking = table.agreed(alternates=(3,))
    table.cancel(booking, 0)
    assert table.rows(Task) == []
    table.expire(booking)
    (task,) = table.rows(Task)
    assert task.subject_id == booking.id


def test_who_left_has_no_more_say(table) -> None:
    booking = table.agreed()
    table.cancel(booking, 2)
    with pytest.raises(ForbiddenError):
        table.cancel(booking, 2)


def test_the_founder_and_the_bureau_call_off_the_whole(table) -> None:
    booking = table.agreed()
    table.store.execute(table.founder, bookings.cancel, booking.id, "f_solved")
    assert table.booking(booking).status is BookingStatus.CANCELLED
    assert table.claimed(booking) == set()


def test_all_claims_move_together(table) -> None:
    booking = table.agreed()
    table.store.execute(table.founder, bookings.move, booking.id, at("09-18 14:30"))
    moved = table.rows(ResourceClaim, ResourceClaim.is_active)
    assert {claim.starts_at for claim in moved} == {at("09-18 14:30")}
    assert len(moved) == 6
    (session,) = table.rows(ServiceSession)
    assert session.planned_starts_at == at("09-18 14:30")


def test_a_request_that_moves_asks_everybody_anew(table) -> None:
    booking = table.requested()
    table.accept(booking, 1)
    table.store.execute(table.officer, bookings.move, booking.id, at("09-21 14:00"))
    assert set(table.answers(booking).values()) == {"invited"}


@pytest.mark.parametrize("hindrance", ["expert", "room", "closed"])
def test_nothing_moves_where_one_cannot_follow(table, hindrance) -> None:
    booking = table.agreed()
    to = at("09-21 14:00")
    if hindrance == "closed":
        to, refusal = at("09-19 14:00"), PlaceClosedError
    else:
        company = Company(place_id=table.room.id if hindrance == "room" else None)
        refusal = PlaceTakenError if hindrance == "room" else TimeTakenError
        expert = table.experts[4] if hindrance == "room" else table.experts[2]
        second = a_need(table.store, a_founder(table.store, name="别人").person_id)
        table.requested(
            need_id=second.id,
            company=company,
            expert_id=expert.id,
            starts_at=to,
            ends_at=to + timedelta(hours=1),
        )
    with pytest.raises(refusal):
        table.store.execute(table.founder, bookings.move, booking.id, to)
    kept = table.rows(ResourceClaim, ResourceClaim.booking_id == booking.id)
    assert {claim.starts_at for claim in kept} == {booking.starts_at}


def test_two_panels_never_share_a_room(table) -> None:
    table.requested()
    other = a_need(
        table.store, a_founder(table.store, name="别人").person_id, session_type="diagnosis"
    )
    company = Company(expert_ids=(table.experts[4].id,), quorum=2, place_id=table.room.id)
    choice = table.choice(need_id=other.id, expert_id=table.experts[3].id, company=company)
    with pytest.raises(PlaceTakenError):
        table.store.execute(table.officer, bookings.request_now, choice)
    assert len(table.rows(Booking)) == 1


@pytest.mark.parametrize("who", ["expert", "companion"])
def test_one_who_is_busy_keeps_the_whole_from_being_asked(table, who) -> None:
    busy_founder = table.companion if who == "companion" else a_founder(table.store, name="别人")
    need = a_need(table.store, busy_founder.person_id)
    expert = table.experts[4] if who == "companion" else table.experts[2]
    choice = replace(
        table.choice(company=Company()),
        need_id=need.id,
        expert_id=expert.id,
        session_type="consultation",
    )
    table.store.execute(busy_founder, bookings.request_now, choice)
    with pytest.raises(TimeTakenError if who == "expert" else FounderBusyError):
        table.requested()
    assert len(table.rows(Booking)) == 1


def test_an_expert_who_is_not_open_then_is_no_member(table) -> None:
    night = {"starts_at": at("09-18 21:00"), "ends_at": at("09-18 22:00")}
    with pytest.raises(NotFreeError):
        table.requested(**night)
    assert nothing_is_left(table)


def test_a_room_too_small_closed_or_retired_is_refused(table) -> None:
    with pytest.raises(PlaceClosedError):
        table.requested(starts_at=at("09-18 18:00"), ends_at=at("09-18 19:00"))
    facts = PlaceFacts(kind=table.room.kind, name="会诊室", street=None, address="路", seats=4)
    table.store.execute(table.officer, places.change, table.room.id, facts)
    with pytest.raises(PlaceUnfitError):
        table.requested()
    assert nothing_is_left(table)


def test_a_company_that_contradicts_itself_is_named(table) -> None:
    company = table.choice().company
    for changed, name in (
        (replace(company, quorum=4), "quorum"),
        (replace(company, quorum=0), "quorum"),
        (replace(company, expert_ids=(table.experts[0].id,)), "expert_ids"),
        (replace(company, companion_ids=(table.founder.person_id,)), "companion_ids"),
        (replace(company, alternate_ids=(table.experts[1].id,)), "alternate_ids"),
        (replace(company, expert_ids=tuple(new_id() for _ in range(6))), "expert_ids"),
    ):
        with pytest.raises(InvalidInputError) as refusal:
            table.requested(company=changed)
        assert refusal.value.errors[0].field == name
    with pytest.raises(NotFoundError):
        table.requested(company=replace(company, place_id=new_id()))


def test_panels_are_the_bureaus_to_ask_and_rooms_its_to_give(table) -> None:
    with pytest.raises(ForbiddenError):
        table.store.execute(table.founder, bookings.request_now, table.choice())
    alone = Company(place_id=table.room.id)
    choice = table.choice(company=alone)
    with pytest.raises(ForbiddenError):
        table.store.execute(table.founder, bookings.request_now, choice)
    clerk = staff(table.store, Role.STREET_LIAISON, street="tangye")
    booking = table.store.execute(clerk, bookings.request_now, table.choice(company=alone))
    assert table.room.id in table.claimed(booking)


def test_nobody_sees_the_founder_through_a_seat_he_gave_up(table) -> None:
    booking = table.requested()
    with table.store.read(table.mentors[2]) as reader:
        assert reader.session.scalar(select(func.count()).select_from(Need)) == 1
    table.decline(booking, 2)
    with table.store.read(table.mentors[2]) as reader:
        assert reader.session.scalar(select(func.count()).select_from(Need)) == 0
    assert table.store.execute(SYSTEM, bookings.expire, booking.id).status == "requested"
