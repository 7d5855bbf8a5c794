"""A tie found in the middle of a meeting: declared on the mentor's page, or noted at the bureau."""

from datetime import timedelta

import pytest

from app.domain.actor import Role
from app.domain.ids import new_id
from app.models.service_session import Attendance, ServiceSession
from tests.builders import staff
from tests.moments import at
from tests.panel_meeting import MEETING, Table, lay_table
from tests.scenes import Plays
from tests.web.mentor.conftest import Visit


@pytest.fixture
def plays() -> Plays:
    return {"table": lay_table}


@pytest.fixture
def table(scene: Table) -> Table:
    scene.agreed()
    return scene


def path(table: Table, act: str, portal: str = "mentor") -> str:
    (session,) = table.rows(ServiceSession)
    return f"/{portal}/sessions/{session.id}{act}"


def aside(table: Table, number: int) -> Attendance:
    key = table.experts[number].id
    (row,) = table.rows(Attendance, Attendance.expert_id == key)
    return row


def test_an_expert_of_a_running_panel_declares_a_tie_on_his_page(table, app, sign_in) -> None:
    own = Visit(sign_in(app.test_client(), table.mentors[1]))
    report, page = path(table, "/report"), path(table, "/stand-aside")
    assert page not in own.get(report)
    table.clock.put(at(MEETING) + timedelta(minutes=40))
    assert page in own.get(report)
    assert "其他导师继续谈" in own.get(page)
    assert aside(table, 1).stood_aside_at is None
    sent = own.hidden(page)
    assert own.post(page).status_code == 303
    left_at = aside(table, 1).stood_aside_at
    assert left_at == table.clock.now()
    shown = own.get(report)
    assert "您的时间不计入" in shown
    assert page not in shown
    table.clock.put(at(MEETING) + timedelta(minutes=45))
    again = own.client.post(page, data={**sent, "idempotency_key": str(new_id())})
    assert again.status_code == 303
    assert aside(table, 1).stood_aside_at == left_at
    lead = Visit(sign_in(app.test_client(), table.mentors[0]))
    assert "这次服务不计入统计" in lead.get(page)


def test_an_officer_notes_it_on_the_page_of_the_meeting(table, app, sign_in) -> None:
    desk = Visit(sign_in(app.test_client(), staff(table.store, Role.OFFICER, name="小周")))
    page, session = path(table, "/stand-aside", "bureau"), path(table, "", "bureau")
    assert page not in desk.get(session)
    table.clock.put(at(MEETING) + timedelta(minutes=50))
    assert page in desk.get(session)
    who = str(table.experts[2].id)
    refused = desk.post(page, expert_id=who, left_at="15:30")
    assert refused.status_code == 422
    assert "不能在将来" in refused.get_data(as_text=True)
    assert desk.post(page, expert_id=who, left_at="14:40").status_code == 303
    assert aside(table, 2).stood_aside_at == at(MEETING) + timedelta(minutes=40)
    assert "14:40 回避" in desk.get(session)
