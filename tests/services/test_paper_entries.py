from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.actor import Actor, Role
from app.domain.availability import Mode
from app.domain.booking import BookingStatus, TimeTakenError
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.need import Channel, NeedStatus
from app.domain.outcome import CertifierError, IllegalStepError, OutcomeStatus
from app.domain.paper_entry import NotOfVentureError, OwnExpertError
from app.domain.service_session import ServiceSessionStatus
from app.models.booking import Booking, ResourceClaim
from app.models.need import Need
from app.models.outcome import Confirmation
from app.models.person import IdentityLevel, Person
from app.models.service_session import ServiceSession
from app.services import outcomes, paper_entries
from app.services.paper_entries import PaperEntry
from app.services.persons import WalkIn
from tests.builders import staff
from tests.journeys.district import WRITTEN, District, Founder, Mentor
from tests.moments import at


@pytest.fixture
def founder(district: District) -> Founder:
    return district.founder("孙丽", name="孙丽网店", registered_on=date(2025, 11, 20))


@pytest.fixture
def mentor(district: District) -> Mentor:
    return district.mentor("高源")


def a_sheet(mentor: Mentor, person: Any, start: str = "09-10 09:00", **values: Any) -> PaperEntry:
    minutes = values.pop("minutes", 60)
    return PaperEntry(
        **{
            "person": person,
            "expert_id": mentor.expert.id,
            "session_type": "consultation",
            "topic": "ecommerce",
            "text": "想在网上开店，不知道怎么选平台和备货。",
            "actual_start": at(start),
            "actual_end": at(start) + timedelta(minutes=minutes),
            "mode": Mode.ONSITE,
            "record": WRITTEN,
            **values,
        }
    )


def enter(district: District, sheet: PaperEntry, actor: Actor | None = None) -> ServiceSession:
    return district.store.execute(actor or district.officer, paper_entries.enter, sheet)


def compare(district: District, session: ServiceSession, actor: Actor | None = None) -> Any:
    return district.store.execute(
        actor or staff(district.store),
        outcomes.confirm_on_paper,
        district.outcome_of(session).id,
        "档案柜 3-12",
    )


def test_an_entry_makes_everything_the_main_road_would_have_made(district, mentor, founder) -> None:
    session = enter(district, a_sheet(mentor, founder.person_id, venture_id=founder.venture.id))

    assert session.status is ServiceSessionStatus.FINISHED
    assert session.entered_by_id == district.officer.account_id
    need, booking = district.one(Need), district.one(Booking)
    assert (need.status, need.channel) == (NeedStatus.SERVED, Channel.BUREAU)
    assert (booking.status, booking.starts_at) == (BookingStatus.FULFILLED, at("09-10 09:00"))
    claims = district.rows(ResourceClaim)
    assert {(c.starts_at, c.ends_at, c.is_active) for c in claims} == {
        (at("09-10 09:00"), at("09-10 10:00"), True)
    }
    assert len(claims) == 2
    assert district.outcome_of(session).status is OutcomeStatus.RECORDED
    assert district.decision(session).reason == "unconfirmed"


def test_a_signature_a_second_clerk_has_compared_lets_it_count(district, mentor, founder) -> None:
    session = enter(district, a_sheet(mentor, founder.person_id, venture_id=founder.venture.id))
    clerk = staff(district.store)
    compare(district, session, clerk)

    decision = district.decision(session)
    assert (decision.status, decision.minutes) == ("counted", 60)
    assert decision.detail["confirmation"] == "paper_signature"
    assert district.one(Confirmation).officer_id == clerk.account_id


def test_who_entered_the_sheet_does_not_compare_it(district, mentor, founder) -> None:
    session = enter(district, a_sheet(mentor, founder.person_id))
    with pytest.raises(CertifierError):
        compare(district, session, district.officer)


def test_the_second_clerk_says_where_the_sheet_is_kept(district, mentor, founder) -> None:
    session = enter(district, a_sheet(mentor, founder.person_id))
    outcome = district.outcome_of(session)
    with pytest.raises(InvalidInputError) as refused:
        district.store.execute(staff(district.store), outcomes.confirm_on_paper, outcome.id, " ")
    assert [error.field for error in refused.value.errors] == ["remark"]


def test_a_sheet_without_a_record_waits_for_the_experts(district, mentor, founder) -> None:
    session = enter(district, a_sheet(mentor, founder.person_id, record=None))

    assert district.outcome_of(session).status is OutcomeStatus.AWAITING_RECORD
    with pytest.raises(IllegalStepError):
        compare(district, session)


def test_overlapping_times_are_refused_and_leave_nothing_behind(district, mentor, founder) -> None:
    enter(district, a_sheet(mentor, founder.person_id))
    other = district.founder("吴迪")
    before = [len(district.rows(model)) for model in (Need, Booking, ServiceSession)]

    with pytest.raises(TimeTakenError):
        enter(district, a_sheet(mentor, other.person_id, "09-10 09:30"))

    assert [len(district.rows(model)) for model in (Need, Booking, ServiceSession)] == before


def test_a_founder_is_not_at_two_meetings_at_once(district, mentor, founder) -> None:
    enter(district, a_sheet(mentor, founder.person_id))
    with pytest.raises(TimeTakenError):
        enter(district, a_sheet(district.mentor("林会计"), founder.person_id, "09-10 09:30"))


def test_a_walk_in_whose_document_was_seen_counts_as_one_person(district, mentor) -> None:
    walk_in = WalkIn(name="钱大妈", street="tangye", document="居民身份证")
    session = enter(district, a_sheet(mentor, walk_in))
    compare(district, session)

    person = district.one(Person, Person.name == "钱大妈")
    assert person.identity_level is IdentityLevel.DOCUMENT
    decision = district.decision(session)
    assert (decision.status, decision.detail["person_ids"]) == ("counted", [str(person.id)])
    assert decision.detail["dimensions"]["area"] == "east_new_area"


def test_a_walk_in_nobody_has_identified_does_not_count(district, mentor) -> None:
    session = enter(district, a_sheet(mentor, WalkIn(name="路人", phone="13800000001")))
    compare(district, session)

    assert district.decision(session).reason == "identity_unverified"


def test_companions_who_signed_count_each_once(district, mentor, founder) -> None:
    friend = district.founder("赵敏")
    sheet = a_sheet(mentor, founder.person_id, companions=frozenset({friend.person_id}))
    session = enter(district, sheet)
    compare(district, session)

    assert set(district.decision(session).detail["person_ids"]) == {
        str(founder.person_id),
        str(friend.person_id),
    }


def test_without_a_plan_only_the_usual_length_and_half_an_hour_count(
    district, mentor, founder
) -> None:
    session = enter(district, a_sheet(mentor, founder.person_id, minutes=120))
    compare(district, session)

    assert district.decision(session).minutes == 80


def test_a_clerk_enters_for_his_own_sub_district(district, mentor) -> None:
    clerk = staff(district.store, Role.STREET_LIAISON, street="tangye")
    session = enter(district, a_sheet(mentor, WalkIn(name="钱大妈", document="户口簿")), clerk)
    assert (session.street, session.channel) == ("tangye", Channel.STREET)

    stranger = district.founder("外街道")
    with pytest.raises(NotFoundError):
        enter(district, a_sheet(mentor, stranger.person_id, "09-11 09:00"), clerk)


def test_founders_and_mentors_enter_nothing(district, mentor, founder) -> None:
    for actor in (founder.actor, mentor.actor):
        with pytest.raises(ForbiddenError):
            enter(district, a_sheet(mentor, founder.person_id), actor)


def test_the_person_belongs_to_the_venture_and_is_not_the_expert(district, mentor, founder) -> None:
    other = district.founder("吴迪")
    with pytest.raises(NotOfVentureError):
        enter(district, a_sheet(mentor, other.person_id, venture_id=founder.venture.id))
    with pytest.raises(OwnExpertError):
        enter(district, a_sheet(mentor, mentor.expert.person_id))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "短"}, "text"),
        ({"topic": "happiness"}, "topic"),
        ({"session_type": "lecture"}, "session_type"),
        ({"minutes": -5}, "actual_end"),
        ({"break_minutes": 90}, "break_minutes"),
    ],
)
def test_a_faulty_sheet_is_refused_at_its_field(district, mentor, founder, change, field) -> None:
    with pytest.raises(InvalidInputError) as refused:
        enter(district, a_sheet(mentor, founder.person_id, **change))
    assert [error.field for error in refused.value.errors] == [field]
    assert district.rows(Booking) == []
