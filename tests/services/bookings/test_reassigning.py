"""A booking handed to another expert: the need and its clock stay, both sides are told."""

import pytest

from app.domain.actor import SYSTEM, Actor
from app.domain.booking import (
    BookingStatus,
    PanelReassignError,
    SameExpertError,
    Side,
    TimeTakenError,
)
from app.domain.errors import ForbiddenError, InvalidInputError
from app.models.booking import Booking, BookingExpert, PanelAnswer, ResourceClaim
from app.models.expert import Expert
from app.models.job import Job
from app.models.need import Need
from app.services import bookings
from tests.builders import a_founder, an_expert, keep, staff
from tests.moments import at

WHEN = "09-22 14:00"


@pytest.fixture
def officer(road) -> Actor:
    return staff(road.store)


@pytest.fixture
def other(road) -> Expert:
    return an_expert(road.store, name="徐总")


@pytest.mark.parametrize("agreed", [True, False])
def test_another_expert_is_asked_at_the_same_time_for_the_same_need(
    road, officer, other, clock, agreed
) -> None:
    booking = road.accepted(WHEN) if agreed else road.requested(WHEN)
    submitted_at = road.rows(Need, Need.id == booking.need_id)[0].submitted_at
    clock.put(at("09-17 09:00"))

    successor = road.store.execute(officer, bookings.reassign, booking.id, other.id, "b_emergency")

    assert (successor.status, successor.starts_at) == (BookingStatus.REQUESTED, at(WHEN))
    assert (successor.need_id, successor.replaces_id) == (booking.need_id, booking.id)
    assert successor.answer_by == at("09-20 09:00")
    former = road.now(booking)
    ended = BookingStatus.CANCELLED if agreed else BookingStatus.WITHDRAWN
    assert (former.status, former.end_side) == (ended, Side.BUREAU)
    assert former.ics_sequence == booking.ics_sequence + 1
    assert former.is_late is (False if agreed else None)
    active = road.rows(ResourceClaim, ResourceClaim.is_active)
    assert {claim.booking_id for claim in active} == {successor.id}
    need = road.rows(Need, Need.id == booking.need_id)[0]
    assert need.submitted_at == submitted_at
    told = road.rows(Job, Job.kind == "notify", Job.subject_id == booking.id)
    assert "booking.reassigned" in {job.payload["event"] for job in told}


def test_where_the_other_is_busy_nothing_changes_and_another_time_can_be_given(
    road, officer, other
) -> None:
    booking = road.accepted(WHEN)
    busy = a_founder(road.store, name="王强")
    choice = road.choice(WHEN, need_id=road.need(busy).id, expert_id=other.id)
    road.store.execute(busy, bookings.request_now, choice)

    with pytest.raises(TimeTakenError):
        road.store.execute(officer, bookings.reassign, booking.id, other.id, "b_emergency")
    assert road.now(booking).status is BookingStatus.ACCEPTED

    moved = road.store.execute(
        officer, bookings.reassign, booking.id, other.id, "b_room", starts_at=at("09-22 16:00")
    )
    assert (moved.starts_at, moved.ends_at) == (at("09-22 16:00"), at("09-22 16:50"))


def test_only_the_bureau_hands_on_with_a_reason_of_its_own_and_to_another(
    road, officer, other
) -> None:
    booking = road.accepted(WHEN)
    for who in (road.founder, road.mentor):
        with pytest.raises(ForbiddenError):
            road.store.execute(who, bookings.reassign, booking.id, other.id, "b_emergency")
    with pytest.raises(InvalidInputError):
        road.store.execute(officer, bookings.reassign, booking.id, other.id, "m_illness")
    with pytest.raises(SameExpertError):
        road.store.execute(officer, bookings.reassign, booking.id, road.expert.id, "b_room")


def test_a_panel_is_not_handed_on_as_a_whole(road, officer, other) -> None:
    booking = road.accepted(WHEN)
    seat = BookingExpert(
        booking_id=booking.id, expert_id=other.id, answer=PanelAnswer.ACCEPTED, is_lead=False
    )
    keep(road.store, seat)
    third = an_expert(road.store, name="郑工")
    with pytest.raises(PanelReassignError):
        road.store.execute(officer, bookings.reassign, booking.id, third.id, "b_room")


def test_a_mentor_is_reminded_twice_before_his_deadline_and_not_after_an_answer(road) -> None:
    booking = road.requested(WHEN)
    due = road.rows(Job, Job.kind == "remind_answer", Job.state == "ready")
    assert sorted(job.run_at for job in due) == [at("09-17 10:00"), at("09-18 06:00")]
    road.store.execute(road.mentor, bookings.accept, booking.id)
    assert road.rows(Job, Job.kind == "remind_answer", Job.state == "ready") == []


def test_with_little_time_left_fewer_reminders_are_planned(road) -> None:
    road.requested("09-16 18:00")
    due = road.rows(Job, Job.kind == "remind_answer")
    assert [job.run_at for job in due] == [at("09-16 14:00")]


def test_the_need_waits_from_its_first_submission_whatever_turns_it_takes(road, clock) -> None:
    booking = road.requested(WHEN)
    before = road.rows(Need, Need.id == booking.need_id)[0].submitted_at
    clock.put(booking.answer_by)
    road.store.execute(SYSTEM, bookings.expire, booking.id)
    assert road.rows(Need, Need.id == booking.need_id)[0].submitted_at == before
    assert len(road.rows(Booking)) == 1
