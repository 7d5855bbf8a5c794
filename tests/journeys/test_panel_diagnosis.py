"""Scenario 3: three experts diagnose a company together, in a room that is theirs alone.

Everything people do is done twice: at the pages, and by the API.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from app.domain.actor import SYSTEM
from app.domain.booking import BookingStatus
from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.expert import ExpertCategory
from app.domain.place import PlaceFacts, PlaceKind
from app.models.booking import Booking, BookingExpert
from app.models.need import Need
from app.models.outcome import OutcomeVersion
from app.models.person import VentureMember
from app.models.service_session import Attendance, ServiceSession
from app.services import places
from app.unit_of_work import Store
from tests.builders import a_founder, a_need, keep
from tests.journeys.district import District, Founder, Mentor
from tests.journeys.panel_ways import (
    FINDINGS,
    PanelByApi,
    PanelByPages,
    PanelWay,
    Party,
)
from tests.journeys.ways import Browsers, Programs
from tests.moments import at
from tests.scenes import Plays
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in"]

SEPTEMBER = Month(2026, 9)
MEETING, END = "09-15 14:00", "09-15 16:00"
WORDS = (
    "想请专家看看我们的商业模式：客户是谁、怎么收费；投资人想占股份，估值合不合适；门店怎么经营。"
)
DISSENT = "第 4 条不同意：现在不宜按年收费。"
SKILLS: dict[str, dict[str, Any]] = {
    "陈教授": {
        "category": ExpertCategory.SCHOLAR,
        "bio": "研究商业模式，辅导企业找准客户、设计收费方式。",
        "expertise": ["商业模式", "收费方式"],
        "topics": ["business_model"],
    },
    "刘总": {
        "category": ExpertCategory.ENTREPRENEUR,
        "bio": "开店十年，懂门店经营。",
        "expertise": ["门店经营"],
        "topics": [],
    },
    "何伟": {
        "category": ExpertCategory.INVESTOR,
        "bio": "早期股权投资，熟悉估值。",
        "expertise": ["股权融资", "估值"],
        "topics": [],
    },
}


class Street:
    """The company of 王强 and 赵敏, the three of the panel and a room."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.district = District(store, clock)
        self.chen, self.liu, self.he = (
            self.district.mentor(name, **skill) for name, skill in SKILLS.items()
        )
        self.wang_qiang = self.district.founder(
            "王强", name="历城某商贸", registered_on=date(2024, 3, 1)
        )
        self.zhao_min = self.district.founder("赵敏")
        self.join(self.wang_qiang, self.zhao_min)
        self.district.wait_until("09-10 10:00")
        facts = PlaceFacts(
            kind=PlaceKind.ROOM, name="会诊室", street="tangye", address="唐冶中路 88 号", seats=8
        )
        room = store.execute(self.district.officer, places.add, facts)
        self.party = Party(
            need=self.need(self.wang_qiang),
            mentors=(self.chen, self.liu, self.he),
            companion=self.zhao_min,
            room_id=room.id,
        )

    def join(self, contact: Founder, guest: Founder) -> None:
        assert contact.venture is not None
        row = VentureMember(venture_id=contact.venture.id, person_id=guest.person_id)
        keep(self.district.store, row)

    def need(self, founder: Founder) -> Need:
        assert founder.venture is not None
        return a_need(
            self.district.store,
            founder.person_id,
            topic="business_model",
            session_type="diagnosis",
            text=WORDS,
            venture_id=founder.venture.id,
        )


@pytest.fixture
def plays() -> Plays:
    return {"street": Street}


@pytest.fixture
def street(scene: Street) -> Street:
    return scene


@pytest.fixture
def district(street: Street) -> District:
    return street.district


@pytest.fixture(params=["pages", "api"])
def way(request: pytest.FixtureRequest, app: Flask, sign_in: Any, bearer: Any) -> PanelWay:
    if request.param == "pages":
        return PanelByPages(Browsers(app, sign_in))
    return PanelByApi(Programs(app, bearer))


def agreed(street: Street, way: PanelWay) -> ServiceSession:
    """Have the officer ask all three at once, and each of them accept; 何伟 is the last."""
    district = street.district
    assert way.ask(district, street.party, MEETING) in (201, 303)
    for mentor in (street.chen, street.liu, street.he):
        booking: Booking = district.one(Booking)
        assert booking.status is BookingStatus.REQUESTED
        assert way.accept(mentor, booking) in (200, 303)
    assert district.one(Booking).status is BookingStatus.ACCEPTED
    return district.session_of(district.one(Booking))


def minutes(district: District, session: ServiceSession) -> tuple[Any, ...]:
    figures = district.measures(SEPTEMBER).own.figures()
    names = ("sessions", "person_times", "session_minutes", "mentor_minutes", "enterprises")
    return tuple(figures[name] for name in names)


def test_three_experts_serve_two_founders_and_each_minute_is_signed(street, district, way) -> None:
    session = agreed(street, way)
    booking = district.one(Booking)
    assert (booking.quorum, booking.place_id) == (2, street.party.room_id)
    assert (booking.starts_at, booking.ends_at) == (at(MEETING), at(END))
    leads = {seat.expert_id: seat.is_lead for seat in district.rows(BookingExpert)}
    assert [leads[each.expert.id] for each in street.party.mentors] == [True, False, False]

    district.wait_until("09-15 13:55")
    for somebody in (street.wang_qiang, street.zhao_min, street.chen, street.liu, street.he):
        assert way.come(somebody, session) in (200, 303)

    district.wait_until("09-15 16:05")
    assert way.report(street.chen, session, END) in (200, 303)
    assert [row["text"] for row in district.one(OutcomeVersion).actions] == list(FINDINGS)
    district.wait_until("09-16 09:00")
    assert way.sign(street.liu, session, (MEETING, END), "") in (200, 303)
    assert way.sign(street.he, session, (MEETING, "09-15 15:15"), DISSENT) in (200, 303)
    said = {row.expert_id: row.dissent for row in district.rows(Attendance) if row.signed_at}
    assert said == {street.liu.expert.id: None, street.he.expert.id: DISSENT}

    district.wait_until("09-17 10:00")
    outcome_id = district.outcome_of(session).id
    for founder in (street.wang_qiang, street.zhao_min):
        assert way.confirm(founder, session, outcome_id) in (200, 303)

    assert minutes(district, session) == (1, 2, 120, 315, 1)
    own = district.decision(session).detail["expert_minutes"]
    expected = zip(street.party.mentors, (120, 120, 75), strict=True)
    assert dict(own) == {str(mentor.expert.id): length for mentor, length in expected}


def test_what_an_expert_does_not_sign_is_not_counted_and_the_service_is(
    street, district, way
) -> None:
    session = agreed(street, way)
    district.wait_until("09-15 16:05")
    assert way.sign(street.liu, session, (MEETING, END), "") == 409
    assert way.report(street.chen, session, END) in (200, 303)
    assert way.sign(street.liu, session, (MEETING, "09-15 16:01"), "") == 422
    assert way.sign(street.liu, session, (MEETING, END), "") in (200, 303)
    assert way.sign(street.liu, session, (MEETING, "09-15 15:00"), "") == 409
    outcome_id = district.outcome_of(session).id
    assert way.confirm(street.wang_qiang, session, outcome_id) in (200, 303)

    # 赵敏 neither signed in with the desk nor confirmed; 何伟 has not signed.
    assert minutes(district, session) == (1, 1, 120, 240, 1)


def test_of_two_panels_for_one_room_the_second_is_refused_and_leaves_nothing(
    street, district, way
) -> None:
    assert way.ask(district, street.party, MEETING) in (201, 303)
    sun_li = district.founder("孙丽", name="孙丽网店", registered_on=date(2025, 11, 20))
    others = [district.mentor(f"{name}二", **skill) for name, skill in SKILLS.items()]
    for mentor in street.party.mentors:
        _pause(district, mentor)
    rival = Party(street.need(sun_li), others, None, street.party.room_id)

    assert way.ask(district, rival, MEETING) == 409
    assert len(district.rows(Booking)) == 1
    assert len(district.rows(BookingExpert)) == len(street.party.mentors)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_of_two_who_ask_one_expert_at_the_same_moment_one_is_served(
    street, district, app, bearer
) -> None:
    programs, start = Programs(app, bearer), Barrier(2)
    founders = [a_founder(district.store, name=name) for name in ("孙丽", "周涛")]
    needs = [a_need(district.store, founder.person_id) for founder in founders]
    for founder in founders:
        programs.headers(founder)

    def ask(number: int) -> int:
        body = {
            "need_id": str(needs[number].id),
            "expert_ids": [str(street.liu.expert.id)],
            # Half an hour apart, so that the times overlap and are not the same.
            "starts_at": at(("09-15 14:00", "09-15 14:30")[number]).isoformat(),
            "session_type": "consultation",
            "mode": "onsite",
        }
        start.wait()
        return programs.post(founders[number], "/bookings", body).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, range(2))) == [201, 409]
    assert len(district.rows(Booking)) == 1


def _pause(district: District, mentor: Mentor) -> None:
    """Let the mentor be proposed to nobody else."""

    def use_case(uow: Any) -> None:
        uow.load(type(mentor.expert), mentor.expert.id).is_paused = True

    district.store.execute(SYSTEM, use_case)
