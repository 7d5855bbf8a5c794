"""One need asked of several experts at different times: the first to accept is the one."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.booking import BookingStatus, IllegalTransitionError, Side
from app.domain.need import NeedStatus
from app.models.booking import Booking, ResourceClaim
from app.models.job import Job
from app.models.need import Need
from app.models.service_session import ServiceSession
from app.services import bookings
from tests.builders import a_mentor, an_expert
from tests.moments import at
from tests.turns import on_each

FIRST, SECOND, THIRD = "09-21 14:00", "09-22 14:00", "09-23 14:00"


def asked(road, *whens: str):
    """Ask as many experts for one need; return each booking with the mentor who may accept it."""
    need = road.need()
    found = [(road.requested(whens[0], need_id=need.id), road.mentor)]
    for when in whens[1:]:
        expert = an_expert(road.store, name=f"专家{when}")
        booking = road.requested(when, need_id=need.id, expert_id=expert.id)
        found.append((booking, a_mentor(road.store, expert)))
    return found


def test_the_first_acceptance_closes_the_other_requests_and_tells_both_sides(road) -> None:
    (one, mentor), (two, _), (three, _) = asked(road, FIRST, SECOND, THIRD)
    elsewhere = road.requested("09-24 14:00")

    road.store.execute(mentor, bookings.accept, one.id)

    for other in (two, three):
        now = road.now(other)
        assert (now.status, now.end_reason, now.end_side) == (
            BookingStatus.WITHDRAWN,
            "s_duplicate",
            Side.SYSTEM,
        )
    assert road.now(elsewhere).status is BookingStatus.REQUESTED
    active = road.rows(ResourceClaim, ResourceClaim.is_active)
    assert {claim.booking_id for claim in active} == {one.id, elsewhere.id}
    told = [job for job in road.rows(Job, Job.kind == "notify") if job.subject_id == two.id]
    assert "booking.superseded" in {job.payload["event"] for job in told}
    waiting = road.rows(Job, Job.kind == "expire_booking", Job.state == "ready")
    assert {job.subject_id for job in waiting} == {elsewhere.id}
    need = road.rows(Need, Need.id == one.need_id)[0]
    assert need.status is NeedStatus.BOOKED


def test_taking_an_offered_time_closes_them_too(road) -> None:
    (one, mentor), (two, _) = asked(road, FIRST, SECOND)
    road.store.execute(mentor, bookings.offer_times, one.id, [at(THIRD)])
    road.store.execute(road.founder, bookings.take_offer, one.id, at(THIRD))
    assert road.now(two).status is BookingStatus.WITHDRAWN


def test_a_closed_request_cannot_be_accepted(road) -> None:
    (one, mentor), (two, other) = asked(road, FIRST, SECOND)
    road.store.execute(mentor, bookings.accept, one.id)
    with pytest.raises(IllegalTransitionError):
        road.store.execute(other, bookings.accept, two.id)


def test_declining_one_leaves_the_others_waiting(road) -> None:
    (one, mentor), (two, _) = asked(road, FIRST, SECOND)
    road.store.execute(mentor, bookings.decline, one.id, "m_overload")
    assert road.now(two).status is BookingStatus.REQUESTED


@on_each
def test_of_parallel_acceptances_exactly_one_wins(road) -> None:
    found = asked(road, FIRST, SECOND, THIRD)
    start = threading.Barrier(len(found))

    def accept(booking: Booking, mentor) -> None:
        start.wait(30)
        road.store.execute(mentor, bookings.accept, booking.id)

    with ThreadPoolExecutor(len(found)) as pool:
        answers = [pool.submit(accept, *each) for each in found]
    refused = [answer.exception() for answer in answers if answer.exception() is not None]

    assert [type(error) for error in refused] == [IllegalTransitionError] * 2
    statuses = sorted(row.status for row in road.rows(Booking))
    assert statuses == [BookingStatus.ACCEPTED, BookingStatus.WITHDRAWN, BookingStatus.WITHDRAWN]
    assert len(road.rows(ServiceSession)) == 1
