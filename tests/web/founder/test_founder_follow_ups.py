"""A founder says in a minute how it went; the bureau calls whoever does not."""

from typing import Any

import pytest

from app.domain.actor import SYSTEM
from app.models.follow_up import FollowUp
from app.models.service_session import ServiceSession
from app.services import follow_ups
from tests.builders import a_founder, staff
from tests.founder_road import FounderRoad, road
from tests.scenes import Plays, after

__all__ = ["road"]


@after(FounderRoad)
def asked(road: FounderRoad) -> FounderRoad:
    road.confirmed()
    road.put("10-19 09:00")
    road.store.execute(SYSTEM, follow_ups.ask, road.rows(FollowUp)[0].id)
    return road


@pytest.fixture
def plays() -> Plays:
    return {"road": asked}


@pytest.fixture
def row(road: FounderRoad) -> FollowUp:
    return road.rows(FollowUp)[0]


def page_of(row: FollowUp) -> str:
    return f"/followups/{row.id}"


def sent(row: FollowUp, **fields: Any) -> dict[str, Any]:
    return {"version": row.version, "is_running": "yes", "jobs": "3", "loan": "10", **fields}


def test_the_home_page_leads_to_what_is_asked(row, desk) -> None:
    home = desk.get("/me")
    assert f'href="{page_of(row)}"' in home
    page = desk.get(page_of(row))
    assert "上次谈的，办得怎么样了？" in page
    assert 'name="action_0"' in page


def test_an_answer_is_kept_thanked_for_and_leaves_the_home_page(road, row, desk) -> None:
    desk.post(page_of(row), **sent(row, action_0="doing", remark="在等核名"))
    page = desk.get(page_of(row))
    assert "收到了，谢谢您" in page
    assert "在等核名" in page
    assert "10.0 万元" in page
    assert page_of(row) not in desk.get("/me")
    assert [road.rows(FollowUp)[0].loan_yuan, road.rows(FollowUp)[0].jobs] == [100_000, 3]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"is_running": "", "jobs": "", "loan": "", "remark": ""}, "请至少填一项"),
        ({"jobs": "很多"}, "现在有几个人在做"),
        ({"loan": "-1"}, "谈过以后拿到的贷款"),
        ({"action_0": "maybe"}, "处需要修改"),
        ({"remark": "长" * 501}, "还想说的"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_lost(
    road, row, desk, fields, words
) -> None:
    answer = desk.post(page_of(row), 422, **{**sent(row, remark="等核名"), **fields})
    page = answer.get_data(as_text=True)
    assert words in page
    assert fields.get("remark", "等核名")[:3] in page
    assert road.rows(FollowUp)[0].answered_at is None


def test_a_second_answer_from_an_old_page_is_told_how_it_stands(road, row, desk) -> None:
    desk.post(page_of(row), **sent(row))
    answer = desk.post(page_of(row), 409, **sent(row, is_running="no"))
    assert "您说的" in answer.get_data(as_text=True)
    assert road.rows(FollowUp)[0].is_running is True


def test_who_wants_no_more_of_it_says_so(row, desk) -> None:
    desk.post(f"{page_of(row)}/stop")
    assert "这次服务不再回访" in desk.get(page_of(row))
    desk.post(f"{page_of(row)}/stop")


def test_an_officer_calls_whoever_is_silent_and_writes_it_down(road, row, enter) -> None:
    officer = enter(staff(road.store))
    assert "李晓" in officer.get("/bureau/followups")
    assert "照电话里说的填" in officer.get(f"/bureau/followups/{row.id}")
    officer.post(f"/bureau/followups/{row.id}", 422, **sent(row, jobs="x"))
    officer.post(f"/bureau/followups/{row.id}", **sent(row))
    answered = officer.get("/bureau/followups?status=answered")
    assert "100%" in answered
    assert "电话回访登记" in officer.get(f"/bureau/followups/{row.id}")
    officer.post(f"/bureau/followups/{row.id}", 409, **sent(row))
    assert "这里现在没有人" in officer.get("/bureau/followups?status=nonsense")


def test_the_mentor_sees_how_far_it_came_and_nothing_of_money(road, row, desk, enter) -> None:
    desk.post(page_of(row), **sent(row, action_0="done"))
    page = enter(road.mentor).get(f"/mentor/sessions/{road.row(ServiceSession).id}/report")
    assert "后来办得怎么样" in page
    assert "办好了" in page
    assert "万元" not in page


def test_nobody_else_finds_it(road, row, enter) -> None:
    enter(road.mentor).get(page_of(row), 403)
    enter(a_founder(road.store, name="王强")).get(page_of(row), 404)
