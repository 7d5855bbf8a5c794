"""Scenario 5: a mentor with a stake in the founder's company, and a tie that is found out later.

What people do is done twice: at the pages, and by the API. The review of the scenario is walked
in tests/web/activities/test_review.py.
"""

import re
from datetime import date
from typing import Any, Protocol
from uuid import UUID

import pytest
from flask import Flask

from app.domain.actor import Actor, Role
from app.domain.availability import Mode
from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.expert import ExpertCategory
from app.domain.task import TaskKind
from app.domain.waiver import WaiverStatus
from app.models.booking import Booking, ResourceClaim
from app.models.expert import DeclaredInterest
from app.models.need import Need
from app.models.person import PersonDouble
from app.models.service_session import ServiceSession
from app.models.task import Task
from app.models.waiver import Waiver
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import Store
from tests.builders import a_venture, keep, staff
from tests.journeys.district import District, Founder, Mentor
from tests.journeys.visits import told
from tests.journeys.ways import Browsers, Programs
from tests.moments import at
from tests.scenes import Plays
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in"]

SEPTEMBER = Month(2026, 9)
WORDS = "我想办营业执照，不知道该注册个体户还是公司，要带哪些材料去大厅？"
MEETING = "09-21 14:00"
ROW = {
    "name": "吴迪",
    "expert": "何伟",
    "session_type": "tutoring",
    "topic": "registration",
    "mode": "onsite",
    "starts": "14:00",
    "ends": "15:00",
    "text": "第二个项目还没有注册，想办营业执照，不知道要带什么材料。",
    "advice": "先在网上核名，再带身份证到大厅。",
    "result": "advised",
    "consented_on": "2026-09-17",
    "document": "居民身份证",
}
SHEET = {"number": "QD260917-7KQ4M", "day": "2026-09-17", "filed_at": "档案柜 3-12"}
REASON = "唯一熟悉该工艺的导师"
GROUNDS = "同名，证件相同"


class Way(Protocol):
    """How somebody does what the story tells."""

    def state(self, who: Founder, venture_id: UUID) -> int: ...

    def proposed(self, who: Founder, need: Need) -> set[str]: ...

    def search(self, who: Founder, name: str) -> str: ...

    def pick(self, who: Founder, need: Need, mentor: Mentor) -> tuple[int, str, set[str]]: ...

    def enter(self, who: Actor) -> int: ...

    def compare(self, who: Actor, session: ServiceSession, outcome_id: UUID) -> int: ...

    def link(self, who: Actor, stranger_id: UUID, known_id: UUID) -> int: ...

    def approve_link(self, who: Actor, double: PersonDouble) -> int: ...

    def to_do(self, who: Actor) -> str: ...

    def propose_waiver(self, who: Actor, need: Need, mentor: Mentor) -> int: ...

    def approve_waiver(self, who: Actor, waiver: Waiver) -> int: ...


class ByPages:
    """Browsers without scripts."""

    def __init__(self, browsers: Browsers) -> None:
        self.browsers = browsers

    def state(self, who: Founder, venture_id: UUID) -> int:
        typed = {"text": WORDS, "session_type": "consultation", "venture_id": str(venture_id)}
        return self.browsers.post(who.actor, "/needs/new", "/needs", **typed).status_code

    def proposed(self, who: Founder, need: Need) -> set[str]:
        return _asked(self.browsers.get(who.actor, f"/needs/{need.id}/mentors"), need)

    def search(self, who: Founder, name: str) -> str:
        return self.browsers.get(who.actor, f"/mentors?q={name}")

    def pick(self, who: Founder, need: Need, mentor: Mentor) -> tuple[int, str, set[str]]:
        page = f"/needs/{need.id}/book?mentor={mentor.expert.id}&mode=onsite&day=2026-09-21"
        chosen = {"starts_at": at(MEETING).isoformat()}
        answer = self.browsers.post(who.actor, page, "/holds", **chosen)
        note = answer.text.partition('aria-label="请换一位导师"')[2].partition("<form")[0]
        return answer.status_code, note, _asked(note, need)

    def enter(self, who: Actor) -> int:
        new = "/bureau/desk/sheets/new"
        row = {f"r1_{column}": value for column, value in ROW.items()}
        return self.browsers.post(who, new, new, **SHEET, count="5", **row).status_code

    def compare(self, who: Actor, session: ServiceSession, outcome_id: UUID) -> int:
        page = f"/bureau/sessions/{session.id}/certification"
        typed = {"way": "paper_signature", "remark": "扫描件 2026-0918-01"}
        return self.browsers.post(who, page, page, **typed).status_code

    def link(self, who: Actor, stranger_id: UUID, known_id: UUID) -> int:
        page = f"/bureau/desk/people/{known_id}/doubles"
        assert f'value="{stranger_id}"' in self.browsers.get(who, page)
        chosen = {"other": str(stranger_id), "grounds": GROUNDS}
        return self.browsers.post(who, page, page, **chosen).status_code

    def approve_link(self, who: Actor, double: PersonDouble) -> int:
        page = "/bureau/doubles"
        act = f"{page}/{double.id}"
        return self.browsers.post(who, page, act, verdict="approve").status_code

    def to_do(self, who: Actor) -> str:
        return self.browsers.get(who, "/bureau/tasks")

    def propose_waiver(self, who: Actor, need: Need, mentor: Mentor) -> int:
        page = f"/bureau/needs/{need.id}/waivers/{mentor.expert.id}"
        typed = {"rule": "conflict_of_interest", "reason": REASON, "founder_agrees": "yes"}
        return self.browsers.post(who, page, page, **typed).status_code

    def approve_waiver(self, who: Actor, waiver: Waiver) -> int:
        page = f"/bureau/needs/{waiver.need_id}/waivers/{waiver.expert_id}"
        verdict = {"verdict": "approve", "version": str(waiver.version)}
        return self.browsers.post(who, page, f"{page}/{waiver.id}", **verdict).status_code


class ByApi:
    """Programs with a token."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs

    def state(self, who: Founder, venture_id: UUID) -> int:
        body = {"text": WORDS, "session_type": "consultation", "venture_id": str(venture_id)}
        return self.programs.post(who.actor, "/needs", body).status_code

    def proposed(self, who: Founder, need: Need) -> set[str]:
        items = self.programs.get(who.actor, f"/needs/{need.id}/proposals")["items"]
        return {item["expert"]["id"] for item in items}

    def search(self, who: Founder, name: str) -> str:
        return str(self.programs.get(who.actor, f"/experts?q={name}"))

    def pick(self, who: Founder, need: Need, mentor: Mentor) -> tuple[int, str, set[str]]:
        body = {
            "need_id": str(need.id),
            "expert_ids": [str(mentor.expert.id)],
            "starts_at": at(MEETING).isoformat(),
            "session_type": "consultation",
            "mode": "onsite",
        }
        answer = self.programs.post(who.actor, "/bookings", body)
        assert answer.json is not None
        others = {each["id"] for each in answer.json.get("experts", ())}
        return answer.status_code, answer.json["detail"], others

    def enter(self, who: Actor) -> int:
        row = {**ROW, "position": 1}
        return self.programs.post(who, "/paper-sheets", {**SHEET, "rows": [row]}).status_code

    def compare(self, who: Actor, session: ServiceSession, outcome_id: UUID) -> int:
        said = {"way": "paper_signature", "remark": "扫描件 2026-0918-01"}
        return self.programs.post(who, f"/outcomes/{outcome_id}/certify", said).status_code

    def link(self, who: Actor, stranger_id: UUID, known_id: UUID) -> int:
        body = {"other_id": str(stranger_id), "grounds": GROUNDS}
        return self.programs.post(who, f"/persons/{known_id}/doubles", body).status_code

    def approve_link(self, who: Actor, double: PersonDouble) -> int:
        return self.programs.post(who, f"/person-doubles/{double.id}/approve").status_code

    def to_do(self, who: Actor) -> str:
        return str(self.programs.get(who, "/tasks"))

    def propose_waiver(self, who: Actor, need: Need, mentor: Mentor) -> int:
        body = {
            "expert_id": str(mentor.expert.id),
            "rule": "conflict_of_interest",
            "reason": REASON,
            "founder_agrees": True,
        }
        return self.programs.post(who, f"/needs/{need.id}/waivers", body).status_code

    def approve_waiver(self, who: Actor, waiver: Waiver) -> int:
        return self.programs.post(who, f"/waivers/{waiver.id}/approve").status_code


def _asked(page: str, need: Need) -> set[str]:
    return set(re.findall(rf"/needs/{need.id}/book\?mentor=([0-9a-f-]+)", page))


class Company:
    """吴迪 and his company, of which 何伟 has held 8 % since March 2025; three other mentors."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.district = District(store, clock)
        self.wu_di = self.district.founder(
            "吴迪", name="吴迪智造有限公司", registered_on=date(2023, 5, 5)
        )
        self.he_wei = self.district.mentor("何伟", category=ExpertCategory.INVESTOR)
        self.others = [self.district.mentor(name) for name in ("张敏", "高源", "林会计")]
        tie = DeclaredInterest(
            expert_id=self.he_wei.expert.id,
            conflict_type="ci4_equity",
            organisation="吴迪智造有限公司",
            starts_on=date(2025, 3, 1),
        )
        keep(store, tie)
        self.second = a_venture(store, self.wu_di.person_id, name="吴迪的第二个项目")
        self.district.wait_until("09-17 10:00")


@pytest.fixture
def plays() -> Plays:
    return {"company": Company}


@pytest.fixture
def company(scene: Company) -> Company:
    return scene


@pytest.fixture
def district(company: Company) -> District:
    return company.district


@pytest.fixture(params=["pages", "api"])
def way(request: pytest.FixtureRequest, app: Flask, sign_in: Any, bearer: Any) -> Way:
    if request.param == "pages":
        return ByPages(Browsers(app, sign_in))
    return ByApi(Programs(app, bearer))


@pytest.mark.parametrize("project", ["company", "second"])
def test_he_is_found_by_name_refused_and_three_others_are_named(
    company, district, way, project: str
) -> None:
    """Also for a project that is not registered: whose it is, is the same person."""
    venture = company.wu_di.venture if project == "company" else company.second
    assert way.state(company.wu_di, venture.id) in (201, 303)
    need = district.one(Need)
    tied, others = str(company.he_wei.expert.id), {str(m.expert.id) for m in company.others}
    assert tied not in way.proposed(company.wu_di, need)
    assert "何伟" in way.search(company.wu_di, "何伟")

    status, said, named = way.pick(company.wu_di, need, company.he_wei)

    assert (status, named) == (422, others)
    assert "需要回避" in said
    for secret in ("8 %", "8%", "股", "ci4"):
        assert secret not in said
    assert district.rows(Booking) == []
    assert district.rows(ResourceClaim) == []


def test_what_was_entered_for_a_stranger_no_longer_counts_once_he_is_known(
    company, district, way
) -> None:
    clerk = staff(district.store, Role.STREET_LIAISON, street="tangye")
    district.wait_until("09-18 09:00")
    assert way.enter(clerk) in (201, 303)
    session = district.one(ServiceSession)
    assert session.founder_person_id != company.wu_di.person_id
    compared = way.compare(district.officer, session, district.outcome_of(session).id)
    assert compared in (200, 303)
    assert district.decision(session).status == "counted"
    assert district.measures(SEPTEMBER).own.figures()["session_minutes"] == 60

    district.wait_until("09-19 10:00")
    linked = way.link(district.officer, session.founder_person_id, company.wu_di.person_id)
    assert linked in (200, 303)
    double = district.one(PersonDouble)
    assert way.approve_link(district.officer, double) == 403
    assert district.decision(session).status == "counted"
    assert way.approve_link(district.approver, double) in (200, 303)

    last = district.decision(session)
    assert (last.status, last.reason) == ("not_counted", "conflict_of_interest")
    assert district.measures(SEPTEMBER).not_counted == {session.id: "conflict_of_interest"}
    # Nothing is deleted: what was decided before stands behind it.
    kept = [version.status for version in district.versions(session)]
    assert kept[-2:] == ["counted", "not_counted"]
    assert district.measures(SEPTEMBER).own.figures()["session_minutes"] == 0
    task = district.one(Task)
    assert (task.kind, task.subject_id) == (TaskKind.TIE_FOUND, session.id)
    assert session.reference in way.to_do(district.officer)
    assert "service_session.tie_found" in told(district, company.he_wei.actor)
    assert "service_session.tie_found" not in told(district, company.wu_di.actor)


def test_waived_by_two_officers_it_counts_in_a_column_of_its_own(company, district, way) -> None:
    assert way.state(company.wu_di, company.wu_di.venture.id) in (201, 303)
    need = district.one(Need)
    assert way.propose_waiver(district.officer, need, company.he_wei) in (200, 303)
    waiver = district.one(Waiver)
    # Until the second officer has signed, and for the first one himself, nothing passes.
    assert way.pick(company.wu_di, need, company.he_wei)[0] == 422
    way.approve_waiver(district.officer, waiver)
    assert district.one(Waiver).status is WaiverStatus.PROPOSED
    assert way.approve_waiver(district.approver, waiver) in (200, 303)
    assert district.one(Waiver).kinds == ["ci4_equity"]

    choice = Choice(
        need_id=need.id,
        expert_id=company.he_wei.expert.id,
        starts_at=at(MEETING),
        mode=Mode.ONSITE,
    )
    booking = district.store.execute(company.wu_di.actor, bookings.request_now, choice)
    district.store.execute(company.he_wei.actor, bookings.accept, booking.id)
    session = district.finish(company.he_wei, district.session_of(booking), 60)
    district.record(company.he_wei, session)
    district.confirm(company.wu_di, session)

    decision = district.decision(session)
    assert (decision.status, decision.apart) == ("counted_apart", "waived_conflict")
    assert district.measures(SEPTEMBER).own.figures()["sessions"] == 0
