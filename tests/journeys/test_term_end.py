"""Scenario 9: a term ends with meetings still booked beyond it.

What is decided about the term is done twice: at the pages, and by the API.
"""

from datetime import date
from typing import Any, Protocol
from uuid import UUID

import pytest

from app.domain.actor import SYSTEM, Actor
from app.domain.booking import BookingStatus
from app.domain.calendar import Month
from app.domain.task import TaskKind
from app.models.booking import Booking
from app.models.dismissal import Dismissal
from app.models.expert import Appointment
from app.models.message import Message
from app.models.need import Need
from app.models.service_session import ServiceSession
from app.models.suspension import Suspension
from app.models.task import Task
from app.services import experts
from app.unit_of_work import UnitOfWork
from tests.builders import a_need
from tests.journeys.district import District, Founder, Mentor
from tests.journeys.visits import Api, Pages, deliver, told
from tests.moments import at, day
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in"]

OCTOBER = Month(2026, 10)
WHY = "本聘期时长不足，导师已承诺增加坐诊"
PAPER = "历人社聘〔2026〕9号"
CAUSE = "9月3日有关部门来函。"
WORDS = "我想办营业执照，不知道该注册个体户还是公司，要带哪些材料去大厅？"
FIGURES = ("sessions", "person_times", "session_minutes")


class Way(Protocol):
    """How somebody does what the story tells; each answers with what he reads then."""

    def extend(self, who: Actor, mentor: Mentor, until: date) -> str: ...

    def renew(self, who: Actor, mentor: Mentor, starts_on: date, ends_on: date) -> str: ...

    def propose(self, who: Actor, mentor: Mentor) -> str: ...

    def answer(self, mentor: Mentor, key: UUID) -> str: ...

    def dismiss(self, who: Actor, mentor: Mentor, key: UUID) -> str: ...

    def suspended(self, officer: Actor) -> str: ...

    def proposed(self, founder: Founder, need: Need) -> str: ...

    def enter(self, clerk: Actor, mentor: Mentor, on: date, starts: str, ends: str) -> str: ...


class ByPages:
    """The pages of approver, officer and founder."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def extend(self, who: Actor, mentor: Mentor, until: date) -> str:
        return self._decide(who, mentor, act="extend", ends_on=until.isoformat())

    def renew(self, who: Actor, mentor: Mentor, starts_on: date, ends_on: date) -> str:
        days = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
        return self._decide(who, mentor, act="renew", reason=WHY, **days)

    def propose(self, who: Actor, mentor: Mentor) -> str:
        page = f"/bureau/duty/{mentor.expert.id}/dismissal"
        return self._pages.post(who, page, ground="misconduct", statement=CAUSE)

    def answer(self, mentor: Mentor, key: UUID) -> str:
        return self._pages.post(mentor.actor, "/mentor/hearing", words="没有意见。")

    def dismiss(self, who: Actor, mentor: Mentor, key: UUID) -> str:
        page = f"/bureau/duty/{mentor.expert.id}/dismissal"
        return self._pages.post(who, page, f"{page}/{key}", verdict="approve", document=PAPER)

    def suspended(self, officer: Actor) -> str:
        return self._pages.read(officer, "/bureau/suspended")

    def proposed(self, founder: Founder, need: Need) -> str:
        shown = f"/needs/{need.id}/mentors"
        return self._pages.post(founder.actor, shown, f"/needs/{need.id}/refresh")

    def enter(self, clerk: Actor, mentor: Mentor, on: date, starts: str, ends: str) -> str:
        row = {f"r1_{name}": value for name, value in served(mentor, starts, ends).items()}
        head = {**sheet(on), "count": "5"}
        return self._pages.post(clerk, "/bureau/desk/sheets/new", **head, **row)

    def _decide(self, who: Actor, mentor: Mentor, **typed: Any) -> str:
        page = f"/bureau/mentors/{mentor.expert.id}/term"
        return self._pages.post(who, page, document=PAPER, **typed)


class ByApi:
    """The routes of the API."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def extend(self, who: Actor, mentor: Mentor, until: date) -> str:
        return self._decide(who, mentor, "terms/extend", until=until.isoformat())

    def renew(self, who: Actor, mentor: Mentor, starts_on: date, ends_on: date) -> str:
        days = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
        return self._decide(who, mentor, "terms", reason=WHY, **days)

    def propose(self, who: Actor, mentor: Mentor) -> str:
        said = {"ground": "misconduct", "statement": CAUSE}
        return self._api.post(who, f"/experts/{mentor.expert.id}/dismissals", **said)

    def answer(self, mentor: Mentor, key: UUID) -> str:
        return self._api.post(mentor.actor, f"/dismissals/{key}/hear", words="没有意见。")

    def dismiss(self, who: Actor, mentor: Mentor, key: UUID) -> str:
        return self._api.post(who, f"/dismissals/{key}/approve", document=PAPER)

    def suspended(self, officer: Actor) -> str:
        return str(self._api.read(officer, "/suspended-bookings"))

    def proposed(self, founder: Founder, need: Need) -> str:
        return self._api.post(founder.actor, f"/needs/{need.id}/proposals")

    def enter(self, clerk: Actor, mentor: Mentor, on: date, starts: str, ends: str) -> str:
        row = {"position": 1, **served(mentor, starts, ends), "birth_year": 1963}
        return self._api.post(clerk, "/paper-sheets", **sheet(on), rows=[row])

    def _decide(self, who: Actor, mentor: Mentor, what: str, **body: Any) -> str:
        return self._api.post(who, f"/experts/{mentor.expert.id}/{what}", document=PAPER, **body)


def sheet(on: date) -> dict[str, str]:
    return {"number": "QD260915-7KQ4M", "day": on.isoformat(), "filed_at": "档案柜 3-12"}


def served(mentor: Mentor, starts: str, ends: str) -> dict[str, str]:
    """One line of a sheet of paper on which the mentor and a walk-in signed."""
    return {
        "name": "钱大妈",
        "phone": "13800001234",
        "birth_year": "1963",
        "document": "居民身份证",
        "consented_on": "2026-09-15",
        "expert": mentor.expert.name,
        "session_type": "consultation",
        "topic": "registration",
        "mode": "onsite",
        "starts": starts,
        "ends": ends,
        "text": WORDS,
        "advice": "先在网上核名，再带身份证到大厅。",
        "result": "advised",
    }


@pytest.fixture(params=["pages", "api"])
def way(request, app, sign_in, bearer) -> Way:
    return ByPages(Pages(app, sign_in)) if request.param == "pages" else ByApi(Api(app, bearer))


@pytest.fixture
def zheng_gong(district: District) -> Mentor:
    return district.mentor("郑工", category="scholar", term=(day("01-01"), day("12-31")))


@pytest.fixture
def sun_li(district: District) -> Founder:
    return district.founder("孙丽", name="孙丽网店", registered_on=date(2025, 11, 20))


@pytest.fixture
def li_xiao(district: District) -> Founder:
    return district.founder("李晓")


@pytest.fixture
def soon(district: District, zheng_gong, sun_li) -> ServiceSession:
    return district.accepted(zheng_gong, sun_li, "10-09 14:00")


@pytest.fixture
def late(district: District, zheng_gong, li_xiao) -> ServiceSession:
    return district.accepted(zheng_gong, li_xiao, "11-05 14:00")


@pytest.fixture
def ending(district: District, zheng_gong, soon, late) -> None:
    """His term ends on the 30th of September, with both meetings agreed before."""

    def cut(uow: UnitOfWork) -> None:
        (term,) = uow.session.query(Appointment).filter_by(expert_id=zheng_gong.expert.id)
        term.ends_on = day("09-30")
        uow.audit("test.built", term)

    district.store.execute(SYSTEM, cut)
    district.wait_until("09-15 10:00")


def state(district: District, session: ServiceSession) -> BookingStatus:
    booking = district.one(Booking, Booking.id == session.booking_id)
    return BookingStatus(booking.status)


def watch(district: District, moment: str) -> None:
    """Let the daily job look after terms."""
    district.wait_until(moment)
    district.store.execute(SYSTEM, experts.watch_terms)


@pytest.fixture
def extended(district, way, ending, zheng_gong) -> None:
    district.wait_until("09-28 10:00")
    way.extend(district.approver, zheng_gong, day("10-30"))


def test_the_mentor_and_the_bureau_are_reminded_that_the_term_ends(
    district, ending, zheng_gong
) -> None:
    for moment in ("08-31 08:00", "09-01 08:00", "09-23 08:00", "09-24 08:00"):
        watch(district, moment)
    deliver(district.store)
    for somebody in (zheng_gong.actor, district.officer):
        own = Message.account_id == somebody.account_id
        assert len(district.rows(Message, own, Message.event == "appointment.ending")) == 2


def test_an_extension_keeps_what_it_covers_and_the_rest_waits_for_the_bureau(
    district, way, ending, zheng_gong, soon, late, sun_li, li_xiao
) -> None:
    district.wait_until("09-28 10:00")
    way.extend(district.officer, zheng_gong, day("10-30"))
    assert "最长 30 天" in way.extend(district.approver, zheng_gong, day("10-31"))
    assert state(district, late) is BookingStatus.ACCEPTED

    way.extend(district.approver, zheng_gong, day("10-30"))
    assert state(district, soon) is BookingStatus.ACCEPTED
    assert state(district, late) is BookingStatus.SUSPENDED
    task = district.one(Task, Task.kind == TaskKind.SUSPENDED_BOOKING)
    assert (task.subject_id, task.closed_at) == (late.booking_id, None)
    reference = district.one(Booking, Booking.id == late.booking_id).reference
    assert reference in way.suspended(district.officer)
    for side in (li_xiao.actor, zheng_gong.actor):
        assert "booking.suspended" in told(district, side)
    assert "booking.suspended" not in told(district, sun_li.actor)


def test_what_is_served_in_the_extension_counts(
    district, extended, zheng_gong, soon, sun_li
) -> None:
    district.finish(zheng_gong, soon, 45)
    district.record(zheng_gong, soon)
    district.confirm(sun_li, soon, "10-10 10:00")
    assert district.decision(soon).status == "counted"
    found = district.measures(OCTOBER).own.figures()
    assert [found[name] for name in FIGURES] == [1, 1, 45]


def test_a_renewal_is_never_back_dated_and_what_it_covers_stands_again(
    district, way, extended, zheng_gong, late, li_xiao
) -> None:
    district.wait_until("11-02 09:00")
    way.renew(district.approver, zheng_gong, day("10-31"), date(2029, 10, 30))
    assert state(district, late) is BookingStatus.SUSPENDED
    assert len(district.rows(Appointment)) == 2

    way.renew(district.approver, zheng_gong, day("11-02"), date(2029, 11, 1))
    assert state(district, late) is BookingStatus.ACCEPTED
    for side in (li_xiao.actor, zheng_gong.actor):
        assert "booking.resumed" in told(district, side)
    assert district.one(Task, Task.kind == TaskKind.SUSPENDED_BOOKING).closed_at is not None

    # The day between extension and renewal belongs to no term.
    way.enter(district.officer, zheng_gong, day("11-01"), "09:00", "09:40")
    gap = district.one(ServiceSession, ServiceSession.planned_starts_at == at("11-01 09:00"))
    assert district.decision(gap).reason == "mentor_out_of_term"


def test_without_an_extension_nothing_stands_and_what_he_serves_is_kept_uncounted(
    district, way, ending, zheng_gong, soon, late
) -> None:
    watch(district, "09-30 00:05")
    assert {state(district, soon), state(district, late)} == {BookingStatus.SUSPENDED}
    district.mentor("陈教授")
    wu_di = district.founder("吴迪")
    district.wait_until("10-01 09:00")
    found = way.proposed(wu_di, a_need(district.store, wu_di.person_id))
    assert "陈教授" in found
    assert zheng_gong.expert.name not in found

    district.wait_until("10-12 10:00")
    way.enter(district.officer, zheng_gong, day("10-09"), "09:00", "09:40")
    kept = district.one(ServiceSession, ServiceSession.planned_starts_at == at("10-09 09:00"))
    assert district.decision(kept).reason == "mentor_out_of_term"
    assert district.measures(OCTOBER).own.figures()["sessions"] == 0

    refused = way.extend(district.approver, zheng_gong, day("10-30"))
    assert "聘期结束前批准" in refused
    assert len(district.rows(Appointment, Appointment.expert_id == zheng_gong.expert.id)) == 1
    assert district.decision(kept).reason == "mentor_out_of_term"


def test_a_dismissal_holds_back_all_that_is_to_come_and_leaves_what_was_counted(
    district, way, ending, zheng_gong, soon, late, li_xiao
) -> None:
    held = district.served(zheng_gong, district.founder("吴迪"), "09-16 10:00", 40)
    before = district.versions(held)
    district.wait_until("09-17 10:00")
    way.propose(district.officer, zheng_gong)
    (proposal,) = district.rows(Dismissal)
    way.dismiss(district.approver, zheng_gong, proposal.id)
    # Neither unheard, nor by the officer who proposed it.
    assert state(district, soon) is BookingStatus.ACCEPTED
    way.answer(zheng_gong, proposal.id)
    way.dismiss(district.officer, zheng_gong, proposal.id)
    assert state(district, soon) is BookingStatus.ACCEPTED

    way.dismiss(district.approver, zheng_gong, proposal.id)
    assert {state(district, soon), state(district, late)} == {BookingStatus.SUSPENDED}
    assert {row.cause for row in district.rows(Suspension)} == {"dismissal"}
    assert len({row.since for row in district.rows(Suspension)}) == 1
    for side in (li_xiao.actor, zheng_gong.actor):
        assert "booking.suspended" in told(district, side)
    # The term is another one now, so that it is decided anew, and alike.
    counted, again = before[-1], district.decision(held)
    assert (again.number, again.cause) == (counted.number + 1, "expert.dismissed")
    assert {**again.detail, "inputs_hash": ""} == {**counted.detail, "inputs_hash": ""}
    assert again.status == "counted"
