"""Scenario 1: a plain consultation on a make-up Sunday 调休.

Everything people do is done twice: at the pages, and by the API.
"""

import re
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.domain.actor import Actor
from app.domain.calendar import Month, local_day
from app.domain.clock import FixedClock
from app.domain.expert import ExpertCategory
from app.domain.outcome import OutcomeStatus
from app.domain.service_record import split_persons
from app.models.booking import Booking, ResourceClaim
from app.models.need import Need
from app.models.outcome import Rating
from app.models.service_session import ServiceSession
from app.queries.service_counts.decisions import of_month
from app.unit_of_work import Store
from tests.builders import a_group
from tests.journeys.district import District, Founder, Mentor
from tests.journeys.ways import Browsers, Programs, hidden
from tests.moments import at, day
from tests.scenes import Plays
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in"]

SEPTEMBER = Month(2026, 9)
WORDS = "我想办营业执照，不知道该注册个体户还是公司，要带哪些材料去大厅？"
GROUP = "college_graduate"
QUESTION, ADVICE = "怎么办营业执照？", "先核名，再到大厅一窗办理。"
MEETING, HOLIDAY = "09-20 09:30", "09-25 09:30"
# The make-up Sunday, and the Saturday, the festival and the weekend that are free.
DAYS = [day(f"09-{number}") for number in (19, 20, 25, 26, 27)]


class Way(Protocol):
    """How somebody does what the story tells."""

    def state(self, who: Founder) -> int: ...

    def proposed(self, who: Founder, need: Need) -> list[str]: ...

    def offered(self, who: Founder, need: Need, mentor: Mentor) -> set[date]: ...

    def book(self, who: Founder, need: Need, mentor: Mentor, when: str) -> list[TestResponse]: ...

    def accept(self, who: Mentor, booking: Booking) -> int: ...

    def come(self, who: Founder | Mentor, session: ServiceSession) -> int: ...

    def record(self, who: Mentor, session: ServiceSession) -> int: ...

    def confirm(self, who: Founder, session: ServiceSession, outcome_id: UUID) -> int: ...

    def verify(self, who: Actor, person_id: UUID) -> int: ...


class ByPages:
    """Browsers without scripts."""

    def __init__(self, browsers: Browsers) -> None:
        self.browsers = browsers

    def state(self, who: Founder) -> int:
        assert who.venture is not None
        typed = {"text": WORDS, "stage": "preparing", "session_type": "consultation"}
        venture = {"venture_id": str(who.venture.id)}
        return self.browsers.post(who.actor, "/needs/new", "/needs", **typed, **venture).status_code

    def proposed(self, who: Founder, need: Need) -> list[str]:
        page = self.browsers.get(who.actor, f"/needs/{need.id}/mentors")
        assert "为什么推荐" in page
        return re.findall(rf"/needs/{need.id}/book\?mentor=([0-9a-f-]+)", page)

    def offered(self, who: Founder, need: Need, mentor: Mentor) -> set[date]:
        # A day that is closed leads to the first that is open.
        pages = [self.browsers.get(who.actor, _picker(need, mentor, on.isoformat())) for on in DAYS]
        times = re.findall(r'name="starts_at" value="([^"]+)"', "".join(pages))
        return {local_day(datetime.fromisoformat(time)) for time in times} & set(DAYS)

    def book(self, who: Founder, need: Need, mentor: Mentor, when: str) -> list[TestResponse]:
        picker = self.browsers.get(who.actor, _picker(need, mentor, f"2026-{when[:5]}"))
        chosen = {"starts_at": at(when).isoformat()}
        kept = self._twice(who, "/holds", picker, **chosen)
        if kept[0].status_code != 303:
            return kept
        assert kept[0].location == kept[1].location
        check = self.browsers.get(who.actor, kept[0].location)
        return self._twice(who, "/bookings", check, consent="yes")

    def _twice(self, who: Founder, to: str, page: str, **typed: str) -> list[TestResponse]:
        return [self.browsers.send(who.actor, to, hidden(page), **typed) for _ in range(2)]

    def accept(self, who: Mentor, booking: Booking) -> int:
        to = f"/mentor/requests/{booking.id}/accept"
        return self.browsers.post(
            who.actor, "/mentor", to, version=str(booking.version)
        ).status_code

    def come(self, who: Founder | Mentor, session: ServiceSession) -> int:
        if isinstance(who, Mentor):
            to = f"/mentor/sessions/{session.id}/check-in"
            return self.browsers.post(who.actor, "/mentor", to).status_code
        page = f"/sessions/{session.id}/confirm"
        return self.browsers.post(who.actor, page, f"/sessions/{session.id}/check-in").status_code

    def record(self, who: Mentor, session: ServiceSession) -> int:
        page = f"/mentor/sessions/{session.id}/report"
        typed = {
            "on": "2026-09-20",
            "actual_start": "09:30",
            "actual_end": "10:25",
            "break_minutes": "0",
            "attendees": str(session.founder_person_id),
            "question": QUESTION,
            "advice": ADVICE,
            "result": "advised",
            "do": "send",
        }
        return self.browsers.post(who.actor, page, page, **typed).status_code

    def confirm(self, who: Founder, session: ServiceSession, outcome_id: UUID) -> int:
        page = f"/sessions/{session.id}/confirm"
        return self.browsers.post(who.actor, page, page, agrees="yes", rating="5").status_code

    def verify(self, who: Actor, person_id: UUID) -> int:
        page = f"/bureau/desk/people/{person_id}"
        act = f"{page}/groups"
        seen = {"group": GROUP, f"proof_{GROUP}": "certificate"}
        return self.browsers.post(who, page, act, **seen).status_code


class ByApi:
    """Programs with a token."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs

    def state(self, who: Founder) -> int:
        assert who.venture is not None
        venture = {"venture_id": str(who.venture.id)}
        body = {"text": WORDS, "stage": "preparing", "session_type": "consultation", **venture}
        return self.programs.post(who.actor, "/needs", body).status_code

    def proposed(self, who: Founder, need: Need) -> list[str]:
        items = self.programs.get(who.actor, f"/needs/{need.id}/proposals")["items"]
        assert all(item["reasons"] for item in items)
        return [item["expert"]["id"] for item in items]

    def offered(self, who: Founder, need: Need, mentor: Mentor) -> set[date]:
        asked = f"from={DAYS[0]}&to={DAYS[-1]}&session_type=consultation"
        path = f"/experts/{mentor.expert.id}/free-times?{asked}"
        items = self.programs.get(who.actor, path)["items"]
        return {date.fromisoformat(item["starts_at"][:10]) for item in items} & set(DAYS)

    def book(self, who: Founder, need: Need, mentor: Mentor, when: str) -> list[TestResponse]:
        body = {
            "need_id": str(need.id),
            "expert_ids": [str(mentor.expert.id)],
            "starts_at": at(when).isoformat(),
            "session_type": "consultation",
            "mode": "onsite",
        }
        return [self.programs.post(who.actor, "/bookings", body, key=when) for _ in range(2)]

    def accept(self, who: Mentor, booking: Booking) -> int:
        return self.programs.post(who.actor, f"/bookings/{booking.id}/accept").status_code

    def come(self, who: Founder | Mentor, session: ServiceSession) -> int:
        path = f"/service-sessions/{session.id}/check-in"
        return self.programs.post(who.actor, path).status_code

    def record(self, who: Mentor, session: ServiceSession) -> int:
        here = f"/service-sessions/{session.id}"
        times = {
            "actual_start": at(MEETING).isoformat(),
            "actual_end": at("09-20 10:25").isoformat(),
        }
        closed = self.programs.post(who.actor, f"{here}/finish", times)
        assert closed.status_code == 200, closed.text
        record = {"question": QUESTION, "advice": ADVICE, "result": "advised"}
        return self.programs.post(who.actor, f"{here}/outcome", record).status_code

    def confirm(self, who: Founder, session: ServiceSession, outcome_id: UUID) -> int:
        path = f"/outcomes/{outcome_id}/confirm"
        return self.programs.post(who.actor, path, {"agrees": True, "rating": 5}).status_code

    def verify(self, who: Actor, person_id: UUID) -> int:
        path = f"/persons/{person_id}/groups/verify"
        seen = {"code": GROUP, "proof": "certificate"}
        return self.programs.post(who, path, seen).status_code


def _picker(need: Need, mentor: Mentor, on: str) -> str:
    return f"/needs/{need.id}/book?mentor={mentor.expert.id}&mode=onsite&day={on}"


class Hall:
    """李晓, a graduate by her own word, and 张敏, an official with the official hours."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.district = District(store, clock)
        self.li_xiao = self.district.founder("李晓", name="李晓工作室", area="east_new_area")
        a_group(store, self.li_xiao.person, GROUP)
        self.zhang_min = self.district.mentor(
            "张敏", category=ExpertCategory.OFFICIAL, weekly=False
        )
        self.district.wait_until("09-16 10:00")


@pytest.fixture
def plays() -> Plays:
    return {"hall": Hall}


@pytest.fixture
def hall(scene: Hall) -> Hall:
    return scene


@pytest.fixture
def district(hall: Hall) -> District:
    return hall.district


@pytest.fixture(params=["pages", "api"])
def way(request: pytest.FixtureRequest, app: Flask, sign_in: Any, bearer: Any) -> Way:
    return (
        ByPages(Browsers(app, sign_in))
        if request.param == "pages"
        else ByApi(Programs(app, bearer))
    )


@pytest.fixture
def need(hall: Hall, way: Way) -> Need:
    assert way.state(hall.li_xiao) in (201, 303)
    return hall.district.one(Need)


def test_from_her_words_to_one_counted_service(hall, district, way, need) -> None:
    li_xiao, zhang_min = hall.li_xiao, hall.zhang_min
    proposed = way.proposed(li_xiao, need)
    assert str(zhang_min.expert.id) in proposed
    assert len(set(proposed)) <= 5
    # The Sunday is worked; the Saturday before it, the festival and its weekend are not.
    assert way.offered(li_xiao, need, zhang_min) == {day("09-20")}

    assert {answer.status_code for answer in way.book(li_xiao, need, zhang_min, MEETING)} <= {
        201,
        303,
    }
    booking = district.one(Booking)
    assert (booking.ends_at, booking.answer_by) == (at("09-20 10:20"), at("09-18 10:00"))

    district.wait_until("09-17 16:00")
    assert way.accept(zhang_min, booking) in (200, 303)
    session = district.session_of(booking)
    district.wait_until(MEETING)
    for somebody in (li_xiao, zhang_min):
        assert way.come(somebody, session) in (200, 303)

    district.wait_until("09-21 09:00")
    assert way.record(zhang_min, session) in (200, 303)
    outcome = district.outcome_of(session)
    # Two working days after the worked Sunday: Monday the 21st and Tuesday the 22nd.
    assert outcome.record_by == at("09-23 00:00")
    district.wait_until("09-21 14:00")
    assert way.confirm(li_xiao, session, outcome.id) in (200, 303)

    assert district.outcome_of(session).status is OutcomeStatus.CONFIRMED
    assert district.one(Rating).score == 5
    counts = district.measures(SEPTEMBER)
    figures = counts.own.figures()
    assert [figures[name] for name in ("sessions", "person_times", "session_minutes")] == [1, 1, 55]
    assert (figures["teams"], figures["enterprises"]) == (1, 0)
    assert counts.not_counted == {}

    # What is only her own word enters no group table, until an officer has seen the paper.
    assert groups(district) == {"unverified": 1}
    assert way.verify(district.officer, li_xiao.person_id) in (200, 303)
    assert groups(district) == {GROUP: 1}
    assert district.measures(SEPTEMBER).own == counts.own


def test_a_holiday_is_refused_by_its_name_and_nothing_is_written(hall, district, way, need) -> None:
    answer, _again = way.book(hall.li_xiao, need, hall.zhang_min, HOLIDAY)
    assert answer.status_code == 422
    assert "是节假日" in answer.text
    assert district.rows(Booking) == []
    assert district.rows(ResourceClaim) == []


def test_a_double_click_books_once(hall, district, way, need) -> None:
    first, second = way.book(hall.li_xiao, need, hall.zhang_min, MEETING)
    assert first.status_code == second.status_code
    assert (first.location, first.data) == (second.location, second.data)
    booking = district.one(Booking)
    assert local_day(booking.starts_at) == day("09-20")


def groups(district: District) -> dict[str, int]:
    """Return 人次 by verified group."""
    with district.store.read(district.officer) as reader:
        decisions = [version.decision for version in of_month(reader, SEPTEMBER).values()]
    found = split_persons(decisions, SEPTEMBER)
    return {label: figures.person_times for label, figures in found.items()}
