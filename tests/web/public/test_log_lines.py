"""通话与入会记录 on their pages: noted, compared on the evidence page, struck."""

import pytest

from app.models.log_line import LogLine
from tests.builders import a_founder
from tests.scenes import Plays
from tests.services.scene import Scene
from tests.services.test_log_lines import called

TYPED = {
    "kind": "call_log",
    "party": "expert",
    "started_at": "14:20",
    "ended_at": "14:52",
    "contact": "13800138000",
}


@pytest.fixture
def plays() -> Plays:
    return {"scene": called}


@pytest.fixture
def enter(app, sign_in):
    return lambda who: sign_in(app.test_client(), who)


def test_a_mentor_notes_a_call_and_the_officer_sees_how_it_stands(
    scene: Scene, enter, csrf
) -> None:
    page = f"/meetings/{scene.session().id}/log"
    mentor = enter(scene.mentor)
    fields = {**csrf(mentor, page), **TYPED}
    assert [mentor.post(page, data=fields).status_code for _ in range(2)] == [303, 303]
    (row,) = scene.rows(LogLine)
    assert "138 **** 8000" in mentor.get(page).text
    officer = enter(scene.officer)
    evidence = officer.get(f"/bureau/sessions/{scene.session().id}").text
    assert "和记录的时间相差 10 分钟以上" in evidence
    assert "只作提示，不影响计数" in evidence
    strike = f"/log-lines/{row.id}/strike"
    empty = {**csrf(officer, strike), "version": 1, "reason": ""}
    assert officer.post(strike, data=empty).status_code == 422
    told = {**csrf(officer, strike), "version": 1, "reason": "<i>记错</i>"}
    assert officer.post(strike, data=told).location == page
    assert "&lt;i&gt;记错" in officer.get(page).text
    assert "相差 10 分钟以上" not in officer.get(f"/bureau/sessions/{scene.session().id}").text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"started_at": "2 PM"}, "“几点接通或进入”"),
        ({"ended_at": "14:20"}, "结束时间要在开始之后"),
        ({"ended_at": "23:59"}, "不能在将来"),
        ({"kind": "secret"}, "“什么记录”"),
        ({"contact": "1" * 61}, "最多 60 字"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(scene: Scene, enter, csrf, values, words) -> None:
    page, mentor = f"/meetings/{scene.session().id}/log", enter(scene.mentor)
    answer = mentor.post(page, data={**csrf(mentor, page), **TYPED, **values})
    assert answer.status_code == 422
    assert words in answer.text
    assert scene.rows(LogLine) == []


def test_the_founder_reads_and_notes_nothing_and_a_stranger_finds_nothing(
    scene: Scene, enter, csrf
) -> None:
    page = f"/meetings/{scene.session().id}/log"
    founder = enter(scene.founder)
    assert "再记一条" not in founder.get(page).text
    hidden = csrf(founder, f"/meetings/{scene.session().id}/files")
    assert founder.post(page, data={**hidden, **TYPED}).status_code == 403
    assert enter(a_founder(scene.store)).get(page).status_code == 404
