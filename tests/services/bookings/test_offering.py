"""Other times: a mentor's counter-offer to a request, and what becomes of it."""

import pytest

from app.domain.actor import SYSTEM
from app.domain.availability import NotFreeError
from app.domain.booking import (
    AnswerOverError,
    BookingStatus,
    FounderBusyError,
    IllegalTransitionError,
    TimeTakenError,
)
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.need import NeedStatus
from app.domain.time_offer import (
    NoOfferError,
    NotOfferedError,
    OfferStandsError,
    OfferStatus,
    OwnOfferError,
)
from app.models.booking import Booking, ResourceClaim
from app.models.job import Job
from app.models.need import Need
from app.models.service_session import ServiceSession
from app.models.time_offer import TimeOffer
from app.services import bookings
from tests.builders import a_founder, a_mentor, a_shortlist, an_expert, staff
from tests.moments import at

ASKED = "09-18 14:00"
OTHERS = ("09-21 15:00", "09-22 14:00", "09-23 09:30")


def counter(road, booking, *times: str, **values):
    return road.store.execute(
        road.mentor,
        bookings.offer_times,
        booking.id,
        [at(each) for each in times or OTHERS],
        **values,
    )


def the_offer(road) -> TimeOffer:
    (offer,) = road.rows(TimeOffer)
    return offer


def test_offered_times_claim_nothing_and_name_the_founders_deadline(road) -> None:
    booking = road.requested(ASKED)

    offered = counter(road, booking, note="请带上立项书")

    offer = the_offer(road)
    assert (offer.status, offer.note) == (OfferStatus.OPEN, "请带上立项书")
    # Two working days from Wednesday 10:00, as the mentor had.
    assert offer.answer_by == offered.answer_by == at("09-18 10:00")
    assert offered.status is BookingStatus.REQUESTED
    assert offered.version > booking.version
    assert {claim.starts_at for claim in road.rows(ResourceClaim)} == {at(ASKED)}
    other = a_founder(road.store, name="王强")
    taken = road.choice(OTHERS[0], need_id=road.need(other).id)
    road.store.execute(other, bookings.request_now, taken)


def test_the_founders_time_to_choose_ends_before_the_last_of_the_times(road, clock) -> None:
    clock.put(at("09-17 16:00"))
    booking = road.requested("09-18 16:00")
    counter(road, booking, "09-18 18:00", "09-18 20:00")
    assert the_offer(road).answer_by == at("09-18 20:00")


def test_taking_one_agrees_the_meeting_at_once_and_gives_the_asked_time_back(road) -> None:
    booking = counter(road, road.requested(ASKED))

    taken = road.store.execute(road.founder, bookings.take_offer, booking.id, at(OTHERS[1]))

    assert (taken.status, taken.starts_at) == (BookingStatus.ACCEPTED, at("09-22 14:00"))
    assert (taken.id, taken.ics_sequence) == (booking.id, 1)
    assert taken.ends_at == at("09-22 14:50")
    (session,) = road.rows(ServiceSession)
    assert session.planned_starts_at == at("09-22 14:00")
    active = road.rows(ResourceClaim, ResourceClaim.is_active)
    assert {claim.starts_at for claim in active} == {at("09-22 14:00")}
    offer = the_offer(road)
    assert (offer.status, offer.taken_starts_at) == (OfferStatus.TAKEN, at("09-22 14:00"))
    jobs = road.rows(Job, Job.state == "ready")
    assert {job.kind for job in jobs} == {"notify", "remind_session", "ask_record"}


def test_a_time_that_has_gone_is_a_conflict_and_another_one_can_be_taken(road) -> None:
    booking = counter(road, road.requested(ASKED))
    other = a_founder(road.store, name="王强")
    road.store.execute(
        other, bookings.request_now, road.choice(OTHERS[0], need_id=road.need(other).id)
    )

    with pytest.raises(TimeTakenError):
        road.store.execute(road.founder, bookings.take_offer, booking.id, at(OTHERS[0]))

    assert road.now(booking).status is BookingStatus.REQUESTED
    assert the_offer(road).status is OfferStatus.OPEN
    taken = road.store.execute(road.founder, bookings.take_offer, booking.id, at(OTHERS[2]))
    assert taken.starts_at == at(OTHERS[2])


def test_a_time_the_mentor_has_closed_meanwhile_is_gone_too(road, clock) -> None:
    booking = counter(road, road.requested("09-18 20:00"), "09-18 09:00", "09-21 15:00")
    clock.put(at("09-18 09:30"))
    with pytest.raises(TimeTakenError) as gone:
        road.store.execute(road.founder, bookings.take_offer, booking.id, at("09-18 09:00"))
    assert gone.value.facts["cause"] == "availability.past"


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ((), "input.not_chosen"),
        (("09-21 15:00", "09-21 15:00"), "time_offer.not_other_times"),
        ((ASKED,), "time_offer.not_other_times"),
        ((*OTHERS, "09-24 15:00"), "time_offer.too_many"),
    ],
)
def test_one_to_three_other_times_are_offered(road, times: tuple[str, ...], code: str) -> None:
    booking = road.requested(ASKED)
    with pytest.raises(InvalidInputError) as refused:
        road.store.execute(
            road.mentor, bookings.offer_times, booking.id, [at(each) for each in times]
        )
    assert [(fault.field, fault.code) for fault in refused.value.errors] == [("times", code)]


@pytest.mark.parametrize(
    ("when", "error"),
    [
        ("09-25 14:00", NotFreeError),
        ("09-22 13:45", TimeTakenError),
        ("09-23 10:00", FounderBusyError),
    ],
)
def test_every_offered_time_is_free_for_both_at_that_moment(road, when: str, error) -> None:
    booking = road.requested(ASKED)
    other = a_founder(road.store, name="王强")
    road.store.execute(
        other, bookings.request_now, road.choice("09-22 14:00", need_id=road.need(other).id)
    )
    elsewhere = an_expert(road.store, name="刘总")
    road.requested("09-23 10:15", expert_id=elsewhere.id)

    with pytest.raises(error):
        counter(road, booking, "09-21 15:00", when)
    assert road.rows(TimeOffer) == []


def test_a_time_beside_the_asked_one_does_not_collide_with_it(road) -> None:
    booking = counter(road, road.requested(ASKED), "09-18 14:30")
    taken = road.store.execute(road.founder, bookings.take_offer, booking.id, at("09-18 14:30"))
    assert taken.starts_at == at("09-18 14:30")


def test_only_what_was_offered_is_taken(road) -> None:
    booking = counter(road, road.requested(ASKED))
    with pytest.raises(NotOfferedError):
        road.store.execute(road.founder, bookings.take_offer, booking.id, at("09-24 14:00"))


def test_the_founder_takes_and_nobody_else(road) -> None:
    booking = counter(road, road.requested(ASKED))
    with pytest.raises(OwnOfferError):
        road.store.execute(road.mentor, bookings.take_offer, booking.id, at(OTHERS[0]))
    with pytest.raises(OwnOfferError):
        road.store.execute(road.mentor, bookings.decline_offer, booking.id)
    # At the desk, for a founder who is on the telephone.
    officer = staff(road.store)
    assert road.store.execute(officer, bookings.take_offer, booking.id, at(OTHERS[0]))


def test_a_founder_moves_his_request_himself_and_offers_nothing(road) -> None:
    booking = road.requested(ASKED)
    with pytest.raises(IllegalTransitionError):
        road.store.execute(road.founder, bookings.offer_times, booking.id, [at(OTHERS[0])])


def test_the_mentor_may_still_accept_the_time_that_was_asked_for(road) -> None:
    booking = counter(road, road.requested(ASKED))
    accepted = road.store.execute(road.mentor, bookings.accept, booking.id)
    assert (accepted.status, accepted.starts_at) == (BookingStatus.ACCEPTED, at(ASKED))
    assert the_offer(road).status is OfferStatus.WITHDRAWN
    with pytest.raises(NoOfferError):
        road.store.execute(road.founder, bookings.take_offer, booking.id, at(OTHERS[0]))


def test_new_times_take_the_place_of_the_earlier_ones(road) -> None:
    booking = counter(road, road.requested(ASKED), OTHERS[0])
    counter(road, booking, OTHERS[1])
    assert [row.status for row in road.rows(TimeOffer)] == [OfferStatus.WITHDRAWN, OfferStatus.OPEN]
    with pytest.raises(NotOfferedError):
        road.store.execute(road.founder, bookings.take_offer, booking.id, at(OTHERS[0]))


def test_after_the_deadline_to_answer_no_times_are_offered(road, clock) -> None:
    booking = road.requested("09-22 16:00")
    clock.put(at("09-18 10:00"))
    with pytest.raises(AnswerOverError):
        counter(road, booking)


def test_none_suits_and_the_next_candidate_is_asked_at_the_asked_time(road) -> None:
    need = road.need()
    second = an_expert(road.store, name="徐总")
    a_shortlist(road.store, need, road.expert, second)
    booking = counter(road, road.requested(ASKED, need_id=need.id))

    declined = road.store.execute(road.founder, bookings.decline_offer, booking.id)

    assert (declined.status, declined.end_reason) == (BookingStatus.DECLINED, "m_time_conflict")
    (successor,) = road.rows(Booking, Booking.lead_expert_id == second.id)
    assert (successor.status, successor.starts_at) == (BookingStatus.REQUESTED, at(ASKED))
    assert successor.replaces_id == booking.id
    assert the_offer(road).status is OfferStatus.DECLINED


def test_who_wants_no_other_mentor_waits_again_when_none_suits(road) -> None:
    need = road.need()
    a_shortlist(road.store, need, road.expert, an_expert(road.store, name="徐总"))
    booking = counter(road, road.requested(ASKED, need_id=need.id, may_pass_on=False))
    road.store.execute(road.founder, bookings.decline_offer, booking.id)
    assert [row.status for row in road.rows(Need)] == [NeedStatus.SUBMITTED]


def test_silence_is_taken_as_none_suits_and_the_mentor_has_answered_in_time(road, clock) -> None:
    booking = counter(road, road.requested("09-22 16:00"))

    clock.put(at("09-18 09:59"))
    road.store.execute(SYSTEM, bookings.lapse_offer, booking.id)
    assert road.now(booking).status is BookingStatus.REQUESTED
    clock.put(at("09-18 10:00"))
    # The mentor's own deadline does not run any more.
    road.store.execute(SYSTEM, bookings.expire, booking.id)
    assert road.now(booking).status is BookingStatus.REQUESTED
    road.store.execute(SYSTEM, bookings.lapse_offer, booking.id)
    assert road.now(booking).status is BookingStatus.DECLINED
    assert the_offer(road).status is OfferStatus.LAPSED
    with pytest.raises(NoOfferError):
        road.store.execute(road.founder, bookings.take_offer, booking.id, at(OTHERS[0]))


def test_at_the_deadline_it_is_too_late_to_take_one(road, clock) -> None:
    booking = counter(road, road.requested("09-22 16:00"))
    clock.put(at("09-18 10:00"))
    with pytest.raises(NoOfferError):
        road.store.execute(road.founder, bookings.take_offer, booking.id, at(OTHERS[0]))


def test_a_stranger_and_the_service_itself_offer_nothing(road) -> None:
    booking = road.requested(ASKED)
    with pytest.raises(ForbiddenError):
        road.store.execute(SYSTEM, bookings.offer_times, booking.id, [at(OTHERS[0])])


MEETING = "09-22 14:00"


def propose(road, who, booking, *times: str):
    return road.store.execute(
        who, bookings.offer_times, booking.id, [at(each) for each in times or ("09-23 15:00",)]
    )


def test_under_a_day_before_a_move_is_real_when_the_other_side_agrees(road, clock) -> None:
    booking = road.accepted(MEETING)
    clock.put(at("09-22 08:00"))

    proposed = propose(road, road.founder, booking)
    assert proposed.starts_at == at(MEETING)
    assert the_offer(road).answer_by == at(MEETING)
    moved = road.store.execute(road.mentor, bookings.take_offer, booking.id, at("09-23 15:00"))

    assert (moved.id, moved.status) == (booking.id, BookingStatus.ACCEPTED)
    assert (moved.starts_at, moved.ics_sequence) == (at("09-23 15:00"), 1)
    assert moved.is_late is None
    (session,) = road.rows(ServiceSession)
    assert session.planned_starts_at == at("09-23 15:00")
    waiting = road.rows(Job, Job.kind == "remind_session", Job.state == "ready")
    assert sorted(job.run_at for job in waiting) == [at("09-22 15:00"), at("09-23 13:00")]


def test_a_mentor_proposes_to_move_and_the_founder_agrees_or_not(road) -> None:
    booking = propose(road, road.mentor, road.accepted(MEETING), "09-23 15:00", "09-24 10:00")
    with pytest.raises(OfferStandsError):
        propose(road, road.founder, booking, "09-24 11:00")

    stays = road.store.execute(road.founder, bookings.decline_offer, booking.id)
    assert (stays.status, stays.starts_at) == (BookingStatus.ACCEPTED, at(MEETING))

    propose(road, road.mentor, booking, "09-24 10:00")
    moved = road.store.execute(road.founder, bookings.take_offer, booking.id, at("09-24 10:00"))
    assert moved.starts_at == at("09-24 10:00")


def test_who_proposed_a_move_takes_it_back(road) -> None:
    booking = propose(road, road.mentor, road.accepted(MEETING))
    road.store.execute(road.mentor, bookings.decline_offer, booking.id)
    assert the_offer(road).status is OfferStatus.WITHDRAWN
    with pytest.raises(NoOfferError):
        road.store.execute(road.founder, bookings.take_offer, booking.id, at("09-23 15:00"))


def test_a_proposed_move_nobody_answers_leaves_the_meeting_as_it_is(road, clock) -> None:
    booking = propose(road, road.founder, road.accepted(MEETING))
    clock.put(at("09-18 10:00"))
    road.store.execute(SYSTEM, bookings.lapse_offer, booking.id)
    assert the_offer(road).status is OfferStatus.LAPSED
    assert road.now(booking).starts_at == at(MEETING)
    told = road.rows(Job, Job.kind == "notify")
    assert "booking.move_refused" in {job.payload["event"] for job in told}


def test_the_bureau_proposes_for_a_founder_and_the_mentor_alone_agrees(road) -> None:
    officer = staff(road.store)
    booking = propose(road, officer, road.accepted(MEETING))
    another = a_mentor(road.store, an_expert(road.store, name="刘总"))
    for stranger, error in ((road.founder, OwnOfferError), (another, Exception)):
        with pytest.raises(error):
            road.store.execute(stranger, bookings.take_offer, booking.id, at("09-23 15:00"))
    moved = road.store.execute(road.mentor, bookings.take_offer, booking.id, at("09-23 15:00"))
    assert moved.starts_at == at("09-23 15:00")


def test_moving_or_calling_off_ends_what_was_offered(road) -> None:
    booking = propose(road, road.mentor, road.accepted(MEETING))
    road.store.execute(road.founder, bookings.move, booking.id, at("09-24 14:00"))
    assert the_offer(road).status is OfferStatus.WITHDRAWN
