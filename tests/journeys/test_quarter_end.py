"""Scenario 12, its scheduling steps: the cap on pairings, and the next year's holidays.

Everything people do is done twice: at the pages, and by the API.
"""

from datetime import datetime, timedelta
from typing import Protocol

import pytest

from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Mode
from app.domain.booking import BookingStatus
from app.domain.waiver import WaiverStatus
from app.models.booking import Booking
from app.models.need import Need
from app.models.waiver import Waiver
from app.services import bookings, calendars
from app.services.bookings import Choice
from tests.builders import PROJECTS_A_YEAR, a_need
from tests.journeys.district import District, Founder, Mentor
from tests.journeys.visits import Api, Pages, told
from tests.moments import ZONE, at
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in"]

REASON = "项目与导师的行业完全一致，本人愿意"
SIXTH = "09-22 09:00"
NEW_YEAR = [
    ("2027-01-01", "off", "放假", "元旦"),
    ("2027-01-04", "off", "放假", "元旦调休"),
]
NOTICE = "国办发明电〔2026〕7号"
MONDAY = datetime(2027, 1, 4, 10, tzinfo=ZONE)


class Way(Protocol):
    """How somebody does what the story tells; each answers with what he reads then."""

    missing: str

    def request(self, who: Actor, need: Need, mentor: Mentor, when: str) -> str: ...

    def propose_waiver(self, who: Actor, need: Need, mentor: Mentor) -> str: ...

    def approve(self, who: Actor, waiver: Waiver) -> str: ...

    def tasks(self, officer: Actor) -> str: ...

    def suspended(self, officer: Actor) -> str: ...

    def import_year(self, approver: Actor) -> str: ...


class ByPages:
    """The pages of founder and bureau."""

    missing = "2027年放假安排未导入"

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def request(self, who: Actor, need: Need, mentor: Mentor, when: str) -> str:
        page = f"/needs/{need.id}/book?mentor={mentor.expert.id}&mode=onsite&day=2026-{when[:5]}"
        read = self._pages.post(who, page, "/holds", starts_at=at(when).isoformat())
        # Who was refused a hold is shown no form to ask by.
        if 'name="consent"' not in read:
            return read
        return self._pages.send(who, "/bookings", **self._pages.hidden_of(read), consent="yes")

    def propose_waiver(self, who: Actor, need: Need, mentor: Mentor) -> str:
        page = f"/bureau/needs/{need.id}/waivers/{mentor.expert.id}"
        sent = {"rule": "pairing_cap_reached", "reason": REASON, "founder_agrees": "yes"}
        return self._pages.post(who, page, **sent)

    def approve(self, who: Actor, waiver: Waiver) -> str:
        page = f"/bureau/needs/{waiver.need_id}/waivers/{waiver.expert_id}"
        sent = {"version": str(waiver.version), "verdict": "approve"}
        return self._pages.post(who, page, f"{page}/{waiver.id}", **sent)

    def tasks(self, officer: Actor) -> str:
        return self._pages.read(officer, "/bureau/tasks")

    def suspended(self, officer: Actor) -> str:
        return self._pages.read(officer, "/bureau/suspended")

    def import_year(self, approver: Actor) -> str:
        lines = [f"{on}\t{word}\t{name}\t{NOTICE}" for on, _, word, name in NEW_YEAR]
        checked = self._pages.post(approver, "/bureau/calendar", table="\n".join(lines))
        hidden = self._pages.hidden_of(checked)
        return self._pages.send(approver, "/bureau/calendar/confirm", **hidden)


class ByApi:
    """The routes of the API."""

    missing = "calendar_missing"

    def __init__(self, api: Api) -> None:
        self._api = api

    def request(self, who: Actor, need: Need, mentor: Mentor, when: str) -> str:
        return self._api.post(
            who,
            "/bookings",
            need_id=str(need.id),
            expert_ids=[str(mentor.expert.id)],
            starts_at=at(when).isoformat(),
            session_type="tutoring",
            mode="onsite",
        )

    def propose_waiver(self, who: Actor, need: Need, mentor: Mentor) -> str:
        return self._api.post(
            who,
            f"/needs/{need.id}/waivers",
            expert_id=str(mentor.expert.id),
            rule="pairing_cap_reached",
            reason=REASON,
            founder_agrees=True,
        )

    def approve(self, who: Actor, waiver: Waiver) -> str:
        return self._api.post(who, f"/waivers/{waiver.id}/approve")

    def tasks(self, officer: Actor) -> str:
        return str(self._api.read(officer, "/tasks"))

    def suspended(self, officer: Actor) -> str:
        return str(self._api.read(officer, "/suspended-bookings"))

    def import_year(self, approver: Actor) -> str:
        items = [
            {"date": on, "kind": kind, "name": name, "source": NOTICE}
            for on, kind, _, name in NEW_YEAR
        ]
        return self._api.post(approver, "/calendar/import", items=items)


@pytest.fixture(params=["pages", "api"])
def way(request, app, sign_in, bearer) -> Way:
    return ByPages(Pages(app, sign_in)) if request.param == "pages" else ByApi(Api(app, bearer))


@pytest.fixture
def gao_yuan(district: District) -> Mentor:
    return district.mentor("高源")


def tutored(district: District, mentor: Mentor, founder: Founder, starts_at: datetime) -> Booking:
    need = a_need(district.store, founder.person_id, session_type="tutoring")
    choice = Choice(
        need_id=need.id,
        expert_id=mentor.expert.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=60),
        mode=Mode.ONSITE,
    )
    booking = district.store.execute(founder.actor, bookings.request_now, choice)
    return district.store.execute(mentor.actor, bookings.accept, booking.id)


def test_a_sixth_project_is_refused_with_the_cap_and_an_approver_may_waive_it(
    district, way, gao_yuan
) -> None:
    for number in range(PROJECTS_A_YEAR):
        starts_at = at(f"09-21 {9 + 2 * number:02}:00")
        tutored(district, gao_yuan, district.founder(f"创业者{number}"), starts_at)
    sun_li = district.founder("孙丽")
    need = a_need(district.store, sun_li.person_id, session_type="tutoring")

    assert "5 个的上限" in way.request(sun_li.actor, need, gao_yuan, SIXTH)
    assert len(district.rows(Booking)) == PROJECTS_A_YEAR

    way.propose_waiver(district.officer, need, gao_yuan)
    waiver = district.one(Waiver)
    assert waiver.reason == REASON
    way.approve(district.officer, waiver)
    assert district.one(Waiver).status is WaiverStatus.PROPOSED
    way.request(sun_li.actor, need, gao_yuan, SIXTH)
    assert len(district.rows(Booking)) == PROJECTS_A_YEAR

    way.approve(district.approver, waiver)
    assert district.one(Waiver).status is WaiverStatus.APPROVED
    way.request(sun_li.actor, need, gao_yuan, SIXTH)
    sixth = district.one(Booking, Booking.need_id == need.id)
    assert (sixth.status, sixth.starts_at) == (BookingStatus.REQUESTED, at(SIXTH))


def test_who_proposes_to_waive_the_cap_does_not_approve_it(district, way, gao_yuan) -> None:
    for number in range(PROJECTS_A_YEAR):
        starts_at = at(f"09-21 {9 + 2 * number:02}:00")
        tutored(district, gao_yuan, district.founder(f"创业者{number}"), starts_at)
    need = a_need(district.store, district.founder("孙丽").person_id, session_type="tutoring")
    way.propose_waiver(district.approver, need, gao_yuan)
    way.approve(district.approver, district.one(Waiver))
    assert district.one(Waiver).status is WaiverStatus.PROPOSED


def test_the_next_years_notice_is_asked_for_and_suspends_what_falls_on_new_days_off(
    district, way, gao_yuan
) -> None:
    district.wait_until("10-31 23:59")
    district.store.execute(SYSTEM, calendars.watch)
    assert way.missing not in way.tasks(district.officer)
    district.wait_until("11-01 09:00")
    district.store.execute(SYSTEM, calendars.watch)
    assert way.missing in way.tasks(district.officer)

    district.wait_until("11-10 09:00")
    sun_li, zhou_tao = district.founder("孙丽"), district.founder("周涛")
    gone = tutored(district, gao_yuan, sun_li, MONDAY)
    kept = tutored(district, gao_yuan, zhou_tao, MONDAY + timedelta(days=1))
    way.import_year(district.officer)
    assert way.missing in way.tasks(district.officer)

    way.import_year(district.approver)
    assert way.missing not in way.tasks(district.officer)
    assert district.one(Booking, Booking.id == gone.id).status is BookingStatus.SUSPENDED
    assert district.one(Booking, Booking.id == kept.id).status is BookingStatus.ACCEPTED
    listed = way.suspended(district.officer)
    assert gone.reference in listed
    assert kept.reference not in listed
    for side in (sun_li.actor, gao_yuan.actor):
        assert told(district, side).count("booking.suspended") == 1
    assert "booking.suspended" not in told(district, zhou_tao.actor)
