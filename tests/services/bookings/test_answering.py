import pytest
from sqlalchemy import select

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Role
from app.domain.booking import AnswerOverError, BookingStatus, IllegalTransitionError
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.expert import OutOfTermError, RecusalError
from app.domain.job import JobState
from app.domain.need import Channel
from app.domain.recusal import Interest
from app.domain.service_session import ServiceSessionStatus
from app.models.booking import Booking, ResourceClaim
from app.models.expert import Appointment
from app.models.job import Job
from app.models.need import Need
from app.models.service_session import Attendance, ServiceSession
from app.services import bookings, experts
from app.unit_of_work import UnitOfWork
from tests.builders import a_founder, a_mentor, a_shortlist, an_expert, staff
from tests.moments import at, day


def test_accepting_plans_the_session_its_people_and_both_reminders(road) -> None:
    booking = road.accepted()

    assert booking.status is BookingStatus.ACCEPTED
    (session,) = road.rows(ServiceSession)
    assert (session.status, session.department) == (ServiceSessionStatus.PLANNED, "xzspj")
    assert {row.side.value for row in road.rows(Attendance)} == {"founder", "expert"}
    jobs = road.rows(Job, Job.kind == "remind_session")
    assert sorted(job.run_at for job in jobs) == [at("09-17 14:00"), at("09-18 12:00")]
    (expiry,) = road.rows(Job, Job.kind == "expire_booking")
    assert expiry.state is JobState.CANCELLED


def test_a_request_is_answered_once(road) -> None:
    booking = road.accepted()
    with pytest.raises(IllegalTransitionError):
        road.store.execute(road.mentor, bookings.accept, booking.id)
    assert len(road.rows(ServiceSession)) == 1


def test_another_mentor_does_not_know_of_the_request(road) -> None:
    booking = road.requested()
    stranger = a_mentor(road.store, an_expert(road.store, name="刘总"))
    with pytest.raises(NotFoundError):
        road.store.execute(stranger, bookings.accept, booking.id)


def test_the_founder_cannot_accept_for_the_mentor(road) -> None:
    booking = road.requested()
    with pytest.raises(ForbiddenError):
        road.store.execute(road.founder, bookings.accept, booking.id)


def test_an_answer_from_a_stale_page_is_refused(road) -> None:
    booking = road.requested()
    with pytest.raises(StaleVersionError):
        road.store.execute(road.mentor, bookings.accept, booking.id, version=booking.version - 1)


@pytest.mark.parametrize("now", ["09-18 10:00", "09-18 10:01"])
def test_an_answer_at_the_deadline_or_after_it_is_refused(road, clock, now: str) -> None:
    booking = road.requested("09-22 14:00")
    clock.put(at(now))
    with pytest.raises(AnswerOverError):
        road.store.execute(road.mentor, bookings.accept, booking.id)


def test_a_tie_that_came_to_light_after_the_request_forbids_accepting(road) -> None:
    booking = road.requested()
    kinship = Interest("ci5_kin", "", person_id=road.founder.person_id)
    road.store.execute(staff(road.store), experts.declare_interest, road.expert.id, kinship)
    with pytest.raises(RecusalError):
        road.store.execute(road.mentor, bookings.accept, booking.id)
    assert road.now(booking).status is BookingStatus.REQUESTED


def test_an_expert_whose_term_ends_before_the_meeting_does_not_accept(road) -> None:
    booking = road.requested()

    def dismiss(uow: UnitOfWork) -> None:
        (term,) = uow.all(select(Appointment).where(Appointment.expert_id == road.expert.id))
        term.ends_on = day("09-17")
        uow.audit("test.dismissed", term)

    road.store.execute(SYSTEM, dismiss)
    with pytest.raises(OutOfTermError):
        road.store.execute(road.mentor, bookings.accept, booking.id)
    assert road.rows(ServiceSession) == []


def test_declining_needs_a_reason_a_mentor_may_give(road) -> None:
    booking = road.requested()
    with pytest.raises(InvalidInputError):
        road.store.execute(road.mentor, bookings.decline, booking.id, "f_solved")
    assert road.now(booking).status is BookingStatus.REQUESTED


def test_declining_frees_the_time_and_lets_the_need_wait_again(road) -> None:
    booking = road.requested()
    road.store.execute(road.mentor, bookings.decline, booking.id, "m_overload")

    assert road.now(booking).status is BookingStatus.DECLINED
    claims = road.rows(ResourceClaim, ResourceClaim.booking_id == booking.id)
    assert [claim.is_active for claim in claims] == [False, False]
    assert [need.status.value for need in road.rows(Need)] == ["submitted"]


def test_declining_asks_the_next_candidate_who_is_free_at_the_same_time(road) -> None:
    busy, free = an_expert(road.store, name="刘总"), an_expert(road.store, name="徐总")
    other = a_founder(road.store, name="王强")
    road.store.execute(
        other,
        bookings.request_now,
        road.choice(need_id=road.need(other).id, expert_id=busy.id),
    )
    need = road.need()
    a_shortlist(road.store, need, road.expert, busy, free)
    booking = road.requested(need_id=need.id)

    road.store.execute(road.mentor, bookings.decline, booking.id, "m_time_conflict")

    (successor,) = road.rows(Booking, Booking.replaces_id == booking.id)
    assert (successor.lead_expert_id, successor.status) == (free.id, BookingStatus.REQUESTED)
    assert (successor.starts_at, successor.answer_by) == (booking.starts_at, at("09-18 10:00"))


def test_the_next_candidate_is_told_what_the_first_was_told_and_by_which_way(road) -> None:
    need, second = road.need(), an_expert(road.store, name="徐总")
    a_shortlist(road.store, need, road.expert, second)
    choice = road.choice(need_id=need.id, place="历城区创业孵化基地")
    desk = staff(road.store, Role.OFFICER)
    booking = road.store.execute(desk, bookings.request_now, choice, note="请带营业执照")

    road.store.execute(road.mentor, bookings.decline, booking.id, "m_time_conflict")

    (successor,) = road.rows(Booking, Booking.replaces_id == booking.id)
    kept = (successor.channel, successor.note, successor.place)
    assert kept == (Channel.BUREAU, "请带营业执照", "历城区创业孵化基地")


def test_who_wants_no_other_mentor_is_not_passed_on(road) -> None:
    need, free = road.need(), an_expert(road.store, name="徐总")
    a_shortlist(road.store, need, road.expert, free)
    booking = road.requested(need_id=need.id, may_pass_on=False)

    road.store.execute(road.mentor, bookings.decline, booking.id, "m_time_conflict")

    assert road.rows(Booking, Booking.replaces_id == booking.id) == []


def test_an_expert_already_asked_for_the_need_is_not_asked_again(road) -> None:
    need, second = road.need(), an_expert(road.store, name="徐总")
    a_shortlist(road.store, need, road.expert, second)
    first = road.requested(need_id=need.id)
    road.store.execute(road.mentor, bookings.decline, first.id, "m_time_conflict")
    (successor,) = road.rows(Booking, Booking.replaces_id == first.id)

    road.store.execute(
        a_mentor(road.store, second), bookings.decline, successor.id, "m_not_my_field"
    )

    assert len(road.rows(Booking)) == 2
