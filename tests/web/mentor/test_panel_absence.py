"""Who was missing from a panel: named in the report, contested on his page, ruled at the bureau."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from app.domain.actor import Role
from app.models.outcome import Dispute
from app.models.service_session import Attendance, ServiceSession
from tests.builders import staff
from tests.moments import at
from tests.panel_meeting import MEETING_END, Table, lay_table
from tests.scenes import Plays
from tests.web.mentor.conftest import Visit

REPORT = {
    "on": "2026-09-18",
    "actual_start": "14:00",
    "actual_end": "16:00",
    "break_minutes": "0",
    "question": "账期太长，现金流紧张。",
    "advice": "先谈三个月的回款计划。",
    "result": "advised",
    "do": "send",
}


@pytest.fixture
def plays() -> Plays:
    return {"table": lay_table}


@pytest.fixture
def table(scene: Table) -> Table:
    return scene


@dataclass
class Missing:
    """A panel that met without its second expert, and the browsers of three people."""

    table: Table
    session: ServiceSession
    lead: Visit
    missing: Visit
    ruler: Visit

    def path(self, act: str, portal: str = "mentor") -> str:
        return f"/{portal}/sessions/{self.session.id}/{act}"

    def report(self, *absent: int) -> TestResponse:
        names = [str(self.table.experts[number].id) for number in absent]
        came = [str(self.table.founder.person_id)]
        return self.lead.post(self.path("report"), attendees=came, absent_experts=names, **REPORT)


@pytest.fixture
def panel(table, app, sign_in) -> Missing:
    table.agreed()
    (session,) = table.rows(ServiceSession)
    table.clock.put(at(MEETING_END) + timedelta(minutes=5))
    people = (table.mentors[0], table.mentors[1], staff(table.store, Role.APPROVER))
    return Missing(table, session, *(Visit(sign_in(app.test_client(), who)) for who in people))


def test_an_absence_is_reported_contested_and_ruled_on_the_pages(panel) -> None:
    refused = panel.report(1, 2)
    assert refused.status_code == 422
    assert "到场的导师少于 2 位" in refused.get_data(as_text=True)
    assert panel.report(1).status_code == 303
    shown = panel.missing.get(panel.path("report"))
    assert "您没有到场的记录" in shown
    assert "9月22日" in shown
    _contest(panel)
    _rule(panel)
    assert "已裁定：您当时在场" in panel.missing.get(panel.path("report"))
    assert str(panel.session.id) in panel.missing.get("/mentor")


def _contest(panel: Missing) -> None:
    report, contest = panel.path("report"), panel.path("contest")
    assert panel.missing.post(contest, came_from=report, statement="").status_code == 422
    said = panel.missing.post(contest, came_from=report, statement="我 14:10 到，一直在场")
    assert said.status_code == 303
    assert "裁定以前不算缺席" in panel.missing.get(report)
    assert str(panel.session.id) not in panel.missing.get("/mentor")


def _rule(panel: Missing) -> None:
    ruling = panel.path("ruling", "bureau")
    asked = panel.ruler.get(ruling)
    assert "一位导师的缺席" in asked
    offered = set(re.findall(r'value="(ruled_\w+|no_show_\w+|tech_failure)"', asked))
    assert offered == {"ruled_delivered", "ruled_excused", "no_show_mentor"}
    sent = panel.ruler.post(ruling, ruling="ruled_delivered", text="签到表上有他")
    assert sent.status_code == 303
    (dispute,) = panel.table.rows(Dispute)
    assert (dispute.is_absence, dispute.ruling) == (True, "ruled_delivered")
    (own,) = panel.table.rows(Attendance, Attendance.expert_id == panel.table.experts[1].id)
    assert own.is_present
