from dataclasses import replace

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.availability import NotFreeError
from app.domain.booking import BookingStatus, MoveTooLateError, TimeTakenError
from app.domain.errors import ForbiddenError
from app.models.booking import ResourceClaim
from app.models.expert import Expert
from app.models.job import Job
from app.models.service_session import ServiceSession
from app.services import bookings
from app.unit_of_work import UnitOfWork
from tests.builders import a_founder
from tests.moments import at


def test_a_moved_meeting_keeps_its_id_and_raises_its_sequence(road) -> None:
    booking = road.accepted("09-22 14:00")

    moved = road.store.execute(road.founder, bookings.move, booking.id, at("09-23 15:00"))

    assert (moved.id, moved.ics_sequence) == (booking.id, 1)
    assert (moved.starts_at, moved.ends_at) == (at("09-23 15:00"), at("09-23 15:50"))
    assert moved.status is BookingStatus.ACCEPTED
    claims = road.rows(ResourceClaim, ResourceClaim.is_active)
    assert {claim.starts_at for claim in claims} == {at("09-23 15:00")}
    (session,) = road.rows(ServiceSession)
    assert session.planned_starts_at == at("09-23 15:00")
    waiting = road.rows(Job, Job.kind == "remind_session", Job.state == "ready")
    assert sorted(job.run_at for job in waiting) == [at("09-22 15:00"), at("09-23 13:00")]


def test_moving_by_a_quarter_of_an_hour_does_not_collide_with_itself(road) -> None:
    booking = road.accepted("09-22 14:00")
    moved = road.store.execute(road.founder, bookings.move, booking.id, at("09-22 14:15"))
    assert moved.starts_at == at("09-22 14:15")


def test_a_moved_request_starts_a_new_answer_clock(road, clock) -> None:
    booking = road.requested("09-23 14:00")
    clock.put(at("09-17 09:00"))
    moved = road.store.execute(road.founder, bookings.move, booking.id, at("09-24 14:00"))
    assert moved.answer_by == at("09-20 09:00")


def test_a_request_that_is_moved_there_and_back_starts_a_new_clock_each_time(road) -> None:
    booking = road.requested("09-22 14:00")

    for when in ("09-22 15:00", "09-22 16:00", "09-22 14:00"):
        road.store.execute(road.founder, bookings.move, booking.id, at(when))

    waiting = road.rows(Job, Job.kind == "expire_booking", Job.state == "ready")
    assert [job.run_at for job in waiting] == [at("09-18 10:00")]


def test_a_move_to_a_taken_time_is_refused_and_the_old_time_stays(road) -> None:
    booking = road.accepted("09-22 14:00")
    other = a_founder(road.store, name="王强")
    road.store.execute(
        other, bookings.request_now, road.choice("09-22 16:00", need_id=road.need(other).id)
    )

    with pytest.raises(TimeTakenError):
        road.store.execute(road.founder, bookings.move, booking.id, at("09-22 16:15"))

    assert road.now(booking).starts_at == at("09-22 14:00")


def test_a_move_to_a_holiday_is_refused(road) -> None:
    booking = road.accepted("09-22 14:00")
    with pytest.raises(NotFreeError):
        road.store.execute(road.founder, bookings.move, booking.id, at("09-25 14:00"))


def test_less_than_a_day_before_one_side_alone_cannot_move(road, clock) -> None:
    booking = road.accepted("09-22 14:00")
    clock.put(at("09-21 14:01"))
    with pytest.raises(MoveTooLateError):
        road.store.execute(road.founder, bookings.move, booking.id, at("09-23 14:00"))


def test_a_full_month_has_room_for_moving_what_it_holds(road) -> None:
    set_monthly_limit(road, 1)
    booking = road.accepted("09-22 14:00")
    moved = road.store.execute(road.founder, bookings.move, booking.id, at("09-23 14:00"))
    assert moved.starts_at == at("09-23 14:00")


def test_another_month_that_is_full_has_none(road) -> None:
    set_monthly_limit(road, 1)
    booking = road.accepted("09-22 14:00")
    other = a_founder(road.store, name="王强")
    road.store.execute(
        other, bookings.request_now, road.choice("10-12 14:00", need_id=road.need(other).id)
    )
    with pytest.raises(NotFreeError) as refusal:
        road.store.execute(road.founder, bookings.move, booking.id, at("10-13 14:00"))
    assert refusal.value.code == "expert.month_full"


def set_monthly_limit(road, limit: int) -> None:
    def use_case(uow: UnitOfWork) -> None:
        uow.load(Expert, road.expert.id).monthly_limit = limit

    road.store.execute(SYSTEM, use_case)


def test_a_mentor_who_is_a_founder_too_does_not_move_his_clients_meeting(road) -> None:
    booking = road.accepted("09-22 14:00")
    both = replace(road.mentor, roles=frozenset({Role.MENTOR, Role.FOUNDER}))
    with pytest.raises(ForbiddenError):
        road.store.execute(both, bookings.move, booking.id, at("09-23 14:00"))
    assert road.now(booking).starts_at == at("09-22 14:00")
