"""A tie forbids at every step: offer, request, answer, move, check-in and count."""

from collections.abc import Callable
from datetime import date

import pytest

from app.domain.booking import BookingStatus
from app.domain.expert import RecusalError
from app.models.booking import Booking
from app.models.expert import DeclaredInterest
from app.models.person import Person, PersonAlias, VentureMember
from app.models.service_session import Attendance, ServiceSession
from app.services import bookings, service_records, service_sessions
from tests.builders import (
    a_founder,
    a_person,
    a_shortlist,
    a_venture,
    an_expert,
    keep,
    staff,
)
from tests.journeys.district import District
from tests.moments import at
from tests.road import Road

CODE = "91350100M000100Y43"


def a_tie(road: Road, **values: object) -> None:
    """Declare a tie of the expert, by default a stake in what the founder does."""
    declared = {
        "expert_id": road.expert.id,
        "conflict_type": "ci4_equity",
        "organisation": "",
        "person_id": road.founder.person_id,
    }
    keep(road.store, DeclaredInterest(**{**declared, **values}))


def a_named_venture(road: Road) -> None:
    a_venture(road.store, road.founder.person_id, name="禾墒科技有限公司")
    a_tie(road, organisation="禾墒", person_id=None)


def a_venture_of_both(road: Road) -> None:
    venture = a_venture(road.store, road.founder.person_id, name="禾墒科技")
    keep(road.store, VentureMember(venture_id=venture.id, person_id=road.expert.person_id))


def a_venture_of_his_own(road: Road) -> None:
    a_venture(road.store, road.founder.person_id, name="禾墒科技")
    a_venture(road.store, road.expert.person_id, name="禾墒")


def his_employer(road: Road) -> None:
    a_venture(road.store, road.founder.person_id, name=road.expert.organisation)


def a_double(road: Road) -> None:
    double = a_person(road.store, name="李 晓")
    one_person(road, double, road.founder.person_id)
    a_tie(road, person_id=double.id)


def himself_under_another_record(road: Road) -> None:
    person = road.rows(Person, Person.id == road.expert.person_id)[0]
    one_person(road, person, road.founder.person_id)


def one_person(road: Road, alias: Person, person_id: object) -> None:
    makers = [staff(road.store).account_id for _ in range(2)]
    keep(
        road.store,
        PersonAlias(
            alias_id=alias.id,
            person_id=person_id,
            made_by_id=makers[0],
            checked_by_id=makers[1],
            created_at=at("09-16 09:00"),
        ),
    )


@pytest.mark.parametrize(
    "tied",
    [
        a_tie,
        a_named_venture,
        a_venture_of_both,
        a_venture_of_his_own,
        his_employer,
        a_double,
        himself_under_another_record,
    ],
)
def test_whatever_ties_the_two_forbids_the_offer(road: Road, tied: Callable[[Road], None]) -> None:
    need = road.need()
    tied(road)
    # The need names no venture: leaving it out hides nothing.
    with pytest.raises(RecusalError):
        road.store.execute(road.founder, bookings.hold, road.choice(need_id=need.id))
    assert road.rows(Booking) == []


def test_a_tie_that_begins_before_the_meeting_forbids_the_offer(road: Road) -> None:
    a_tie(road, starts_on=date(2026, 9, 18))
    with pytest.raises(RecusalError):
        road.requested("09-18 14:00")
    assert road.requested("09-17 14:00").status is BookingStatus.REQUESTED


def test_a_hold_is_not_sent_once_a_tie_is_known(road: Road) -> None:
    held = road.store.execute(road.founder, bookings.hold, road.choice())
    a_tie(road)
    with pytest.raises(RecusalError):
        road.store.execute(road.founder, bookings.request, held.id)
    assert road.now(held).status is BookingStatus.ON_HOLD


def test_a_request_is_not_accepted_once_a_tie_is_known(road: Road) -> None:
    booking = road.requested()
    a_tie(road)
    with pytest.raises(RecusalError):
        road.store.execute(road.mentor, bookings.accept, booking.id)
    assert road.now(booking).status is BookingStatus.REQUESTED


def test_a_meeting_is_not_moved_once_a_tie_is_known(road: Road) -> None:
    booking = road.accepted()
    a_tie(road)
    with pytest.raises(RecusalError):
        road.store.execute(road.founder, bookings.move, booking.id, at("09-22 14:00"))
    assert road.now(booking).starts_at == booking.starts_at


def test_a_request_is_not_passed_on_to_who_is_tied(road: Road) -> None:
    need = road.need()
    tied, free = an_expert(road.store, name="刘总"), an_expert(road.store, name="徐总")
    a_tie(road, expert_id=tied.id)
    a_shortlist(road.store, need, road.expert, tied, free)
    booking = road.requested(need_id=need.id)
    road.store.execute(road.mentor, bookings.decline, booking.id, "m_overload")
    (successor,) = road.rows(Booking, Booking.replaces_id == booking.id)
    assert successor.lead_expert_id == free.id


def test_nobody_is_checked_in_once_a_tie_is_known(road: Road, clock) -> None:
    road.accepted()
    (session,) = road.rows(ServiceSession)
    a_tie(road)
    clock.put(at("09-18 13:50"))
    desk = staff(road.store)
    for actor, options in (
        (road.founder, {}),
        (road.mentor, {}),
        (desk, {"person_id": road.founder.person_id, "evidence": "code"}),
    ):
        with pytest.raises(RecusalError):
            road.store.execute(actor, service_sessions.check_in, session.id, **options)
    assert [row.checked_in_at for row in road.rows(Attendance)] == [None, None]


def counted(district: District, session: ServiceSession) -> str | None:
    district.store.execute(district.officer, service_records.count, session.id, cause="test")
    return district.decision(session).reason


@pytest.mark.parametrize("of_which", ["the venture served", "another of his", "a partner"])
def test_a_tie_to_any_venture_of_the_founder_keeps_the_meeting_out(
    district: District, of_which: str
) -> None:
    mentor = district.mentor("高源")
    founder = district.founder("王强", name="历城某商贸")
    session = district.served(mentor, founder, "09-17 14:00")
    assert counted(district, session) is None
    tie = {"organisation": "历城某商贸"}
    if of_which == "another of his":
        a_venture(district.store, founder.person_id, name="晨光")
        tie = {"organisation": "晨光文化传媒有限公司"}
    elif of_which == "a partner":
        partner = a_founder(district.store, name="赵敏")
        keep(
            district.store,
            VentureMember(venture_id=founder.venture.id, person_id=partner.person_id),
        )
        tie = {"organisation": "", "person_id": partner.person_id}
    keep(
        district.store,
        DeclaredInterest(expert_id=mentor.expert.id, conflict_type="ci5_kin", **tie),
    )
    assert counted(district, session) == "conflict_of_interest"


def test_who_belongs_to_the_venture_served_does_not_count(district: District) -> None:
    mentor = district.mentor("高源")
    founder = district.founder("王强", name="历城某商贸")
    session = district.served(mentor, founder, "09-17 14:00")
    keep(
        district.store,
        VentureMember(venture_id=founder.venture.id, person_id=mentor.expert.person_id),
    )
    assert counted(district, session) == "conflict_of_interest"


def a_review(district: District, mentor, founder, when: str) -> ServiceSession:
    return district.held(mentor, founder, when, 180, session_type="review")


def test_who_advised_a_project_may_not_judge_it(district: District) -> None:
    mentor, other = district.mentor("高源"), district.mentor("林会计")
    founder = district.founder("王强", name="历城某商贸")
    partner = a_founder(district.store, name="赵敏")
    keep(
        district.store,
        VentureMember(venture_id=founder.venture.id, person_id=partner.person_id),
    )
    district.served(mentor, founder, "09-17 14:00")
    with pytest.raises(RecusalError):
        a_review(district, mentor, founder, "09-22 14:00")
    assert counted(district, a_review(district, other, founder, "09-22 14:00")) != (
        "conflict_of_interest"
    )
    # Advising goes on.
    assert counted(district, district.served(mentor, founder, "09-23 14:00")) is None


def test_advice_that_came_after_the_verdict_does_not_undo_it(district: District) -> None:
    mentor, founder = district.mentor("高源"), district.founder("王强", name="历城某商贸")
    review = a_review(district, mentor, founder, "09-17 14:00")
    district.served(mentor, founder, "09-22 14:00")
    assert counted(district, review) != "conflict_of_interest"


def test_advice_that_becomes_known_later_undoes_the_verdict(district: District) -> None:
    mentor, founder = district.mentor("高源"), district.founder("王强", name="历城某商贸")
    district.served(mentor, founder, "09-15 14:00")
    stranger = district.founder("孙丽")
    review = a_review(district, mentor, stranger, "09-17 14:00")
    assert counted(district, review) != "conflict_of_interest"
    keep(
        district.store,
        VentureMember(venture_id=founder.venture.id, person_id=stranger.person_id),
    )
    assert counted(district, review) == "conflict_of_interest"
