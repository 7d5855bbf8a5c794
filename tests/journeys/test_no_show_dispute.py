"""Scenario 4: a reported no-show, contested and ruled on.

Everything people do is done twice: at the pages, and by the API.
"""

from datetime import date
from typing import Protocol
from uuid import UUID

import pytest

from app.domain.actor import Actor, Role
from app.domain.availability import Mode
from app.domain.booking import BookingStatus
from app.domain.calendar import Month
from app.domain.service_session import Evidence, ServiceSessionStatus
from app.domain.task import TaskKind
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking, ResourceClaim
from app.models.outcome import Dispute
from app.models.service_session import Attendance, ServiceSession
from app.models.task import Task
from app.services import bookings
from app.services.bookings import Choice
from tests.builders import a_need, staff
from tests.journeys.district import District, Founder, Mentor
from tests.journeys.visits import Api, Pages, told
from tests.moments import at
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in"]

SEPTEMBER = Month(2026, 9)
STATEMENT = "15:20 到了，前台没有人，有照片"
NOTHING = {"sessions": 0, "person_times": 0, "session_minutes": 0, "mentor_minutes": 0}


class Way(Protocol):
    """How somebody does what the story tells; each answers with what he reads then."""

    grace_over: str
    window_over: str

    def check_in(self, desk: Actor, session_id: UUID, mentor: Mentor) -> str: ...

    def miss(self, who: Actor, session_id: UUID, what: str) -> str: ...

    def contest(self, who: Actor, session_id: UUID) -> str: ...

    def rule(self, who: Actor, dispute: Dispute, ruling: str, text: str) -> str: ...


class ByPages:
    """The pages of founder, mentor and bureau."""

    grace_over = "9月16日 15:30 以后才能"
    window_over = "9月21日 00:00 为止，现在已过"

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def check_in(self, desk: Actor, session_id: UUID, mentor: Mentor) -> str:
        page = f"/bureau/sessions/{session_id}/arrivals"
        came = {"person_id": str(mentor.expert.person_id), "evidence": "signature"}
        return self._pages.post(desk, page, page, **came)

    def miss(self, who: Actor, session_id: UUID, what: str) -> str:
        portal = "/mentor" if who.expert_id else ""
        path = f"{portal}/sessions/{session_id}/no-show"
        return self._pages.post(who, path, who=what, note="等到 15:31，电话没有接")

    def contest(self, who: Actor, session_id: UUID) -> str:
        portal = "/mentor" if who.expert_id else ""
        # A page that was opened in time keeps its form when the time is over.
        hidden = self._pages.hidden(who, "/settings")
        path = f"{portal}/sessions/{session_id}"
        page = f"{path}/report" if portal else f"{path}/confirm"
        return self._pages.post(who, page, f"{path}/contest", **hidden, statement=STATEMENT)

    def rule(self, who: Actor, dispute: Dispute, ruling: str, text: str) -> str:
        page = f"/bureau/sessions/{dispute.service_session_id}/ruling"
        shown = {"dispute_id": str(dispute.id), "version": str(dispute.version)}
        return self._pages.post(who, page, **shown, ruling=ruling, text=text)


class ByApi:
    """The routes of the API."""

    grace_over = '"from_at": "2026-09-16T15:30:00+08:00"'
    window_over = '"until_at": "2026-09-21T00:00:00+08:00"'

    def __init__(self, api: Api) -> None:
        self._api = api

    def check_in(self, desk: Actor, session_id: UUID, mentor: Mentor) -> str:
        path = f"/service-sessions/{session_id}/arrivals"
        came = {"person_id": str(mentor.expert.person_id), "evidence": "signature"}
        return self._api.post(desk, path, **came)

    def miss(self, who: Actor, session_id: UUID, what: str) -> str:
        path = f"/service-sessions/{session_id}/no-show"
        return self._api.post(who, path, who=what, reason="等到 15:31，电话没有接")

    def contest(self, who: Actor, session_id: UUID) -> str:
        path = f"/service-sessions/{session_id}/contest"
        return self._api.post(who, path, statement=STATEMENT)

    def rule(self, who: Actor, dispute: Dispute, ruling: str, text: str) -> str:
        return self._api.post(who, f"/disputes/{dispute.id}/rule", ruling=ruling, text=text)


@pytest.fixture(params=["pages", "api"])
def way(request, app, sign_in, bearer) -> Way:
    return ByPages(Pages(app, sign_in)) if request.param == "pages" else ByApi(Api(app, bearer))


@pytest.fixture
def gao_yuan(district: District) -> Mentor:
    return district.mentor("高源")


@pytest.fixture
def wang_qiang(district: District) -> Founder:
    return district.founder("王强", name="历城某商贸", registered_on=date(2024, 3, 1))


@pytest.fixture
def xiao_guo(district: District) -> Actor:
    """小郭, who booked the meeting for the founder, and could rule on others."""
    return staff(district.store, Role.APPROVER, name="小郭")


@pytest.fixture
def agreed(district, gao_yuan, wang_qiang, xiao_guo) -> ServiceSession:
    need = a_need(district.store, wang_qiang.person_id, venture_id=wang_qiang.venture.id)
    choice = Choice(
        need_id=need.id,
        expert_id=gao_yuan.expert.id,
        starts_at=at("09-16 15:00"),
        mode=Mode.ONSITE,
    )
    booking = district.store.execute(xiao_guo, bookings.request_now, choice)
    district.store.execute(gao_yuan.actor, bookings.accept, booking.id)
    return district.session_of(booking)


@pytest.fixture
def missed(district, way, agreed, gao_yuan) -> ServiceSession:
    """高源 is checked in at the desk at 14:58 and reports at 15:31 that nobody came."""
    district.wait_until("09-16 14:58")
    way.check_in(district.officer, agreed.id, gao_yuan)
    came = district.one(Attendance, Attendance.expert_id == gao_yuan.expert.id)
    assert (came.checked_in_at, came.evidence) == (at("09-16 14:58"), Evidence.SIGNATURE)
    district.wait_until("09-16 15:31")
    way.miss(gao_yuan.actor, agreed.id, "no_show_founder")
    return district.one(ServiceSession)


def figures(district: District) -> dict[str, int]:
    found = district.measures(SEPTEMBER).own.figures()
    return {name: found[name] for name in NOTHING}


def reviews(district: District) -> list[Task]:
    return district.rows(Task, Task.kind == TaskKind.DISMISSAL_REVIEW)


def test_nobody_is_reported_missing_within_half_an_hour(district, way, agreed, gao_yuan) -> None:
    district.wait_until("09-16 15:29")
    assert way.grace_over in way.miss(gao_yuan.actor, agreed.id, "no_show_founder")
    assert district.one(ServiceSession).status is ServiceSessionStatus.PLANNED


def test_a_no_show_counts_nothing_and_the_founder_hears_of_it(
    district, missed, gao_yuan, wang_qiang
) -> None:
    assert missed.status is ServiceSessionStatus.NO_SHOW
    assert missed.contest_by == at("09-21 00:00")
    assert district.one(Booking).status is BookingStatus.NO_SHOW
    assert "service_session.no_show" in told(district, wang_qiang.actor)
    assert figures(district) == NOTHING
    assert district.measures(SEPTEMBER).not_counted == {missed.id: "no_show_founder"}
    # His own time is free again, and nothing is held against him.
    assert not any(claim.is_active for claim in district.rows(ResourceClaim))
    assert reviews(district) == []


@pytest.mark.parametrize("ruling", ["no_show_founder", "ruled_excused"])
def test_the_founder_contests_and_who_did_not_handle_it_rules(
    district, way, missed, gao_yuan, wang_qiang, xiao_guo, ruling
) -> None:
    district.wait_until("09-18 10:00")
    way.contest(wang_qiang.actor, missed.id)
    dispute = district.one(Dispute)
    # Five working days after the 18th: 20 (worked), 21, 22, 23, 24.
    assert (dispute.statement, dispute.rule_by) == (STATEMENT, at("09-25 00:00"))
    assert district.one(ServiceSession).status is ServiceSessionStatus.CONTESTED

    district.wait_until("09-22 09:00")
    assert "您经办过这次服务" in way.rule(xiao_guo, dispute, ruling, "没有来")
    way.rule(district.officer, dispute, ruling, "没有来")
    assert district.one(Dispute).ruled_at is None
    way.rule(district.approver, dispute, ruling, "已核实签到和照片")

    ruled = district.one(Dispute)
    assert (ruled.ruling, ruled.ruling_text) == (ruling, "已核实签到和照片")
    assert ruled.reference == "CJ2026-000001"
    assert district.one(ServiceSession).status is ServiceSessionStatus.RULED
    for side in (wang_qiang.actor, gao_yuan.actor):
        assert "dispute.ruled" in told(district, side)
    actions = {entry.action for entry in district.rows(AuditEntry)}
    assert {"dispute.opened", "dispute.ruled", "service_session.ruled"} <= actions
    # Either way nothing was delivered.
    assert figures(district) == NOTHING
    assert reviews(district) == []


def test_the_last_day_to_contest_is_a_worked_sunday(district, way, missed, wang_qiang) -> None:
    district.wait_until("09-20 23:59")
    way.contest(wang_qiang.actor, missed.id)
    assert district.one(Dispute).opened_at == at("09-20 23:59")


def test_a_day_later_it_is_too_late_and_the_day_is_shown(district, way, missed, wang_qiang) -> None:
    district.wait_until("09-21 00:00")
    assert way.window_over in way.contest(wang_qiang.actor, missed.id)
    assert district.rows(Dispute) == []


def test_who_reported_it_cannot_contest_it(district, way, missed, gao_yuan) -> None:
    district.wait_until("09-17 10:00")
    way.contest(gao_yuan.actor, missed.id)
    assert district.rows(Dispute) == []


def test_of_a_mentor_who_does_not_come_two_absences_make_one_review(
    district, way, agreed, gao_yuan, wang_qiang
) -> None:
    zhao_min = district.founder("赵敏")
    again = district.accepted(gao_yuan, zhao_min, "09-18 10:00")
    district.wait_until("09-18 09:00")
    way.miss(wang_qiang.actor, agreed.id, "no_show_mentor")
    assert district.measures(SEPTEMBER).not_counted[agreed.id] == "no_show_mentor"
    assert "service_session.no_show" in told(district, gao_yuan.actor)
    assert reviews(district) == []

    district.wait_until("09-18 10:31")
    way.miss(zhao_min.actor, again.id, "no_show_mentor")
    [review] = reviews(district)
    assert (review.subject_id, review.facts["absences"]) == (gao_yuan.expert.id, 2)
