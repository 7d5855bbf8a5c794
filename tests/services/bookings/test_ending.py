import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.booking import (
    AlreadyStartedError,
    BookingStatus,
    IllegalTransitionError,
    Side,
)
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.job import JobState
from app.domain.need import NeedStatus
from app.models.booking import Booking, ResourceClaim
from app.models.job import Job
from app.models.need import Need
from app.services import bookings
from app.unit_of_work import UnitOfWork
from tests.builders import a_founder, a_shortlist, an_expert, staff
from tests.moments import at


def active(road, booking) -> list[bool]:
    claims = road.rows(ResourceClaim, ResourceClaim.booking_id == booking.id)
    return [claim.is_active for claim in claims]


def test_a_request_nobody_answers_runs_out_and_the_need_waits_again(road, clock) -> None:
    booking = road.requested("09-22 14:00")
    clock.put(at("09-18 10:00"))

    road.store.execute(SYSTEM, bookings.expire, booking.id)

    ended = road.now(booking)
    assert (ended.status, ended.end_reason) == (BookingStatus.EXPIRED, "s_offer_timeout")
    assert active(road, booking) == [False, False]
    assert [need.status.value for need in road.rows(Need)] == ["submitted"]


def test_expiry_leaves_a_request_alone_that_has_time_left_or_was_answered(road, clock) -> None:
    waiting, answered = road.requested("09-22 14:00"), road.accepted("09-22 16:00")

    for booking in (waiting, answered):
        road.store.execute(SYSTEM, bookings.expire, booking.id)

    assert road.now(waiting).status is BookingStatus.REQUESTED
    clock.put(at("09-21 10:00"))
    road.store.execute(SYSTEM, bookings.expire, answered.id)
    assert road.now(answered).status is BookingStatus.ACCEPTED


@pytest.mark.parametrize(
    ("when", "late"), [("09-17 14:00", False), ("09-17 14:01", True), ("09-18 09:40", True)]
)
def test_cancelling_under_24_hours_before_is_late_and_exactly_24_is_not(
    road, clock, when: str, late: bool
) -> None:
    booking = road.accepted()
    clock.put(at(when))

    road.store.execute(road.mentor, bookings.cancel, booking.id, "m_late_no_reason")

    ended = road.now(booking)
    assert (ended.status, ended.end_side) == (BookingStatus.CANCELLED, Side.MENTOR)
    assert (ended.is_late, ended.is_excused) == (late, False)
    assert active(road, booking) == [False, False]


@pytest.mark.parametrize(("reason", "excused"), [("m_illness", True), ("m_time_conflict", False)])
def test_a_late_time_conflict_does_not_excuse_and_illness_does(
    road, clock, reason: str, excused: bool
) -> None:
    booking = road.accepted()
    clock.put(at("09-18 09:40"))
    road.store.execute(road.mentor, bookings.cancel, booking.id, reason)
    assert road.now(booking).is_excused is excused


def test_within_an_hour_of_booking_cancelling_is_not_late(road, clock) -> None:
    booking = road.accepted("09-16 20:00")
    clock.put(at("09-16 11:00"))
    road.store.execute(road.founder, bookings.cancel, booking.id, "f_time_conflict")
    assert road.now(booking).is_late is False


def test_cancelling_stops_the_reminders_in_the_same_transaction(road) -> None:
    booking = road.accepted()
    road.store.execute(road.founder, bookings.cancel, booking.id, "f_solved")
    states = {job.state for job in road.rows(Job, Job.kind == "remind_session")}
    assert states == {JobState.CANCELLED}


def test_a_meeting_that_has_begun_cannot_be_cancelled(road, clock) -> None:
    booking = road.accepted()
    clock.put(at("09-18 14:00"))
    with pytest.raises(AlreadyStartedError):
        road.store.execute(road.founder, bookings.cancel, booking.id, "f_solved")


def test_each_side_gives_only_its_own_reasons(road) -> None:
    booking = road.accepted()
    with pytest.raises(InvalidInputError):
        road.store.execute(road.founder, bookings.cancel, booking.id, "m_illness")


def test_a_founder_withdraws_a_request_and_may_book_the_time_again(road) -> None:
    booking = road.requested()
    road.store.execute(road.founder, bookings.cancel, booking.id, "f_change_mentor")
    assert road.now(booking).status is BookingStatus.WITHDRAWN
    assert road.requested().status is BookingStatus.REQUESTED


def test_a_mentor_who_cancels_what_he_has_not_answered_declines_it(road) -> None:
    need, second = road.need(), an_expert(road.store, name="徐总")
    a_shortlist(road.store, need, road.expert, second)
    booking = road.requested(need_id=need.id)

    road.store.execute(road.mentor, bookings.cancel, booking.id, "m_illness", note="住院")

    ended = road.now(booking)
    assert (ended.status, ended.end_side) == (BookingStatus.DECLINED, Side.MENTOR)
    assert (ended.end_reason, ended.end_note) == ("m_illness", "住院")
    (successor,) = road.rows(Booking, Booking.replaces_id == booking.id)
    assert successor.lead_expert_id == second.id


@pytest.mark.parametrize("kept", [BookingStatus.SUSPENDED, BookingStatus.FULFILLED])
def test_a_need_does_not_wait_again_while_another_booking_of_it_stands(road, kept) -> None:
    need = road.need()
    other = road.accepted("09-22 14:00", need_id=need.id)
    booking = road.accepted("09-23 14:00", need_id=need.id)

    def set_apart(uow: UnitOfWork) -> None:
        row = uow.load(Booking, other.id)
        row.status = kept
        uow.audit("test.set_apart", row)

    road.store.execute(SYSTEM, set_apart)
    road.store.execute(road.founder, bookings.cancel, booking.id, "f_solved")

    assert [row.status for row in road.rows(Need)] == [NeedStatus.BOOKED]


def test_a_stranger_cannot_cancel_what_he_may_not_know_of(road) -> None:
    booking = road.accepted()
    stranger = a_founder(road.store, name="王强")
    with pytest.raises(NotFoundError):
        road.store.execute(stranger, bookings.cancel, booking.id, "f_solved")


def test_an_officer_cancels_for_the_bureau(road) -> None:
    booking = road.accepted()
    officer = staff(road.store, Role.OFFICER)
    road.store.execute(officer, bookings.cancel, booking.id, "b_emergency")
    assert road.now(booking).end_side is Side.BUREAU


def test_nothing_follows_an_end(road) -> None:
    booking = road.requested()
    road.store.execute(road.founder, bookings.withdraw, booking.id, "f_solved")
    with pytest.raises(IllegalTransitionError):
        road.store.execute(road.mentor, bookings.accept, booking.id)


def test_when_the_mentor_calls_off_the_next_candidate_is_asked_with_the_time_left(
    road, clock
) -> None:
    need, second = road.need(), an_expert(road.store, name="徐总")
    a_shortlist(road.store, need, road.expert, second)
    booking = road.accepted(need_id=need.id)
    clock.put(at("09-18 09:40"))

    road.store.execute(road.mentor, bookings.cancel, booking.id, "m_late_no_reason")

    (successor,) = road.rows(Booking, Booking.replaces_id == booking.id)
    assert (successor.lead_expert_id, successor.status) == (second.id, BookingStatus.REQUESTED)
    assert successor.answer_by == successor.starts_at == at("09-18 14:00")


def test_when_the_founder_calls_off_nobody_else_is_asked(road) -> None:
    need, second = road.need(), an_expert(road.store, name="徐总")
    a_shortlist(road.store, need, road.expert, second)
    booking = road.accepted(need_id=need.id)
    road.store.execute(road.founder, bookings.cancel, booking.id, "f_solved")
    assert road.rows(Booking, Booking.replaces_id == booking.id) == []
