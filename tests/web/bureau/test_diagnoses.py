"""The bureau reads a diagnosis, sets its data list, prints it, and follows what is to be done."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.domain.actor import Actor, Role
from app.models.action_item import ActionItem
from app.models.diagnosis import DiagnosisMaterial, DiagnosisRecusal
from tests.builders import staff
from tests.diagnosing import Room, presented
from tests.founder_road import statements
from tests.moments import at
from tests.scenes import Plays
from tests.web.bureau.conftest import Desk
from tests.web.bureau.test_costs import _FRAME, MOST


@pytest.fixture
def plays() -> Plays:
    return {"room": presented}


@pytest.fixture
def room(scene: Room) -> Room:
    return scene


@pytest.fixture
def officer(room: Room, enter: Callable[[Actor], Desk]) -> Desk:
    return enter(room.table.officer)


@pytest.fixture
def auditor(room: Room, enter: Callable[[Actor], Desk]) -> Desk:
    return enter(staff(room.store, Role.AUDITOR))


def home(room: Room) -> str:
    return f"/bureau/sessions/{room.session_id}/diagnosis"


def test_the_evidence_leads_to_the_diagnosis_and_its_printed_report(room, auditor) -> None:
    assert home(room) in auditor.get(f"/bureau/sessions/{room.session_id}")
    page = auditor.get(home(room))
    assert "建议 2" in page
    assert "现在不宜按年收费。" in page
    assert "<form" not in page.partition("<main")[2]
    printed = auditor.get(f"{home(room)}/report")
    assert re.search(r"保留意见（王律师）：</b>现在不宜按年收费。", printed)
    assert printed.count("已签名") == 0
    auditor.get(f"{home(room)}/report?number=7", 404)
    auditor.get(f"{home(room)}/materials", 403)


def test_an_officer_asks_for_a_paper_and_what_is_missing_is_named(room, officer) -> None:
    form = f"{home(room)}/materials"
    refused = officer.post(form, status=422, text="", due_on="2026-09-01").get_data(as_text=True)
    assert refused.count("errmsg") >= 1
    assert "2026-09-01" in refused
    officer.post(form, text="营业执照复印件", due_on="2026-09-30")
    (line,) = room.rows(DiagnosisMaterial)
    assert line.text in officer.get(home(room))
    officer.post(f"{home(room)}/materials/{line.id}", answer="lack", reason="遗失")
    officer.post(f"{home(room)}/materials/{line.id}/again", remark="补办以后要")
    officer.post(home(room), f"{home(room)}/materials/{line.id}/withdraw")
    assert "不再需要" in officer.get(home(room))


def test_an_officer_has_an_expert_stand_aside(room, officer) -> None:
    form = f"{home(room)}/recuse"
    officer.post(form, status=422, reason="查明持股")
    officer.post(form, reason="查明持股", expert_id=str(room.expert(2)))
    assert len(room.rows(DiagnosisRecusal)) == 1
    assert "查明持股" in officer.get(home(room))
    officer.post(form, status=422, reason="再一次", expert_id=str(room.expert(2)))


def test_what_is_overdue_is_listed_and_closed_once(room, officer, auditor) -> None:
    assert "没有过期的事" in officer.get("/bureau/actions")
    room.clock.put(at("10-20 09:00"))
    page = officer.get("/bureau/actions")
    assert all(f"建议 {number}" in page for number in (1, 2, 3))
    assert "建议 3" in officer.get("/bureau/actions?state=open&side=bureau")
    assert "建议 1" not in officer.get("/bureau/actions?state=open&side=bureau")
    (item,) = room.rows(ActionItem, ActionItem.side == "bureau")
    one = f"/bureau/actions/{item.id}"
    assert f'href="{one}"' not in auditor.get("/bureau/actions")
    officer.post(one, status=422, event="drop")
    officer.post(one, event="drop", note="补贴已停办")
    assert "补贴已停办" in officer.get("/bureau/actions?state=closed")
    officer.post(one, note="又恢复了")
    assert "建议 3" in officer.get("/bureau/actions?state=open")


@pytest.mark.parametrize("path", ["", "/report"])
def test_the_workspace_costs_few_statements(room, officer, path: str) -> None:
    officer.get(home(room))
    with statements(room.store) as sent:
        officer.get(home(room) + path)
    own = [each for each in sent if not any(table in each for table in _FRAME)]
    assert len(own) <= MOST, own


def test_the_founder_ticks_reads_and_says_so(room: Room, enter: Any) -> None:
    founder, lead = enter(room.table.founder), enter(room.table.mentors[0])
    work, own = (f"{door}/sessions/{room.session_id}/diagnosis" for door in ("/mentor", ""))
    lead.post(f"{work}/materials", text="上年报表", due_on="2026-09-30")
    page = founder.get(own)
    assert "上年报表" in page
    (line,) = room.rows(DiagnosisMaterial)
    founder.post(own, f"{own}/materials/{line.id}/have")
    founder.post(f"{own}/materials/{line.id}", answer="lack", reason="找不到了")
    assert "找不到了" in founder.get(own)
    assert "问题 1" in founder.get(f"{own}/report")
    refused = founder.post(own, f"{own}/word", status=422, understood="no").get_data(as_text=True)
    assert "您的不同意见" in refused
    founder.post(own, f"{own}/word", understood="no", objection="第 2 条不合实际")
    assert "第 2 条不合实际" in lead.get(work)
    assert f"{own}/word" not in founder.get(own)
