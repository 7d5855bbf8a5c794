import pytest

from app.domain.actor import Role
from app.domain.booking import BookingStatus
from app.domain.errors import ForbiddenError
from app.domain.pairing import PairingCapError
from app.domain.waiver import NothingToWaiveError, WaiverRule
from app.models.booking import Booking
from app.models.waiver import Waiver
from app.services import bookings, waivers
from tests.builders import PROJECTS_A_YEAR, a_founder, a_venture, staff
from tests.road import Road

CAP = WaiverRule.PAIRINGS


def tutor(road: Road, when: str, **values) -> Booking:
    """Have a founder of his own ask the expert for tutoring."""
    founder = values.pop("founder", None) or a_founder(road.store, name="王强")
    need = road.need(founder, session_type="tutoring", **values)
    choice = road.choice(when, need_id=need.id)
    return road.store.execute(founder, bookings.request_now, choice)


@pytest.fixture
def guiding(road: Road) -> Road:
    """An expert who guides as many projects this year as he may."""
    for number in range(PROJECTS_A_YEAR):
        tutor(road, f"09-21 {9 + 2 * number:02}:00")
    return road


def test_a_sixth_project_is_refused_with_the_cap_shown(guiding: Road) -> None:
    with pytest.raises(PairingCapError) as refusal:
        tutor(guiding, "09-22 09:00")
    assert refusal.value.facts == {"most": PROJECTS_A_YEAR}
    assert len(guiding.rows(Booking)) == PROJECTS_A_YEAR


def test_who_is_guided_already_and_who_only_asks_take_no_place(guiding: Road) -> None:
    (first, *_) = guiding.rows(Booking)
    again = tutor(guiding, "09-22 09:00", founder=guided(guiding, first))
    assert again.status is BookingStatus.REQUESTED
    assert guiding.requested("09-22 11:00").status is BookingStatus.REQUESTED


def guided(road: Road, booking: Booking):
    founder = a_founder(road.store, name="合伙人")
    return founder.__class__(
        roles=founder.roles, account_id=founder.account_id, person_id=booking.founder_person_id
    )


def test_two_founders_of_one_venture_are_one_project(road: Road) -> None:
    founder = a_founder(road.store, name="赵敏")
    venture = a_venture(road.store, founder.person_id)
    for number in range(PROJECTS_A_YEAR - 1):
        tutor(road, f"09-21 {9 + 2 * number:02}:00")
    tutor(road, "09-22 09:00", founder=founder, venture_id=venture.id)
    partner = a_founder(road.store, name="孙丽")
    tutor(road, "09-22 11:00", founder=partner, venture_id=venture.id)
    with pytest.raises(PairingCapError):
        tutor(road, "09-22 14:00")


def test_a_project_given_up_makes_room(guiding: Road) -> None:
    (first, *_) = guiding.rows(Booking)
    guiding.store.execute(guiding.mentor, bookings.decline, first.id, "m_overload")
    assert tutor(guiding, "09-22 09:00").status is BookingStatus.REQUESTED


def test_an_approver_waives_the_cap_for_one_need(guiding: Road) -> None:
    founder = a_founder(guiding.store, name="周涛")
    need = guiding.need(founder, session_type="tutoring")
    officer, approver = staff(guiding.store), staff(guiding.store, Role.APPROVER)
    given = (need.id, guiding.expert.id, CAP, "镇街推荐的重点项目")
    made = guiding.store.execute(officer, waivers.propose, *given, founder_agrees=True)
    assert (made.rule, made.kinds) == (CAP, [])
    with pytest.raises(ForbiddenError):
        guiding.store.execute(staff(guiding.store), waivers.approve, made.id)
    choice = guiding.choice("09-22 09:00", need_id=need.id)
    with pytest.raises(PairingCapError):
        guiding.store.execute(founder, bookings.request_now, choice)

    guiding.store.execute(approver, waivers.approve, made.id)

    booking = guiding.store.execute(founder, bookings.request_now, choice)
    assert booking.status is BookingStatus.REQUESTED
    with pytest.raises(PairingCapError):
        tutor(guiding, "09-22 14:00")


@pytest.mark.parametrize("service", ["tutoring", "consultation"])
def test_where_the_cap_does_not_speak_there_is_nothing_to_waive(road: Road, service) -> None:
    need = road.need(session_type=service)
    given = (need.id, road.expert.id, CAP, "重点项目")
    with pytest.raises(NothingToWaiveError):
        road.store.execute(staff(road.store), waivers.propose, *given, founder_agrees=True)
    assert road.rows(Waiver) == []
