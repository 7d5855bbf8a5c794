"""撮合批次 on the bureau's pages: made, watched, looked through, changed, told, taken back."""

import re
from uuid import uuid4

import pytest

from app.domain.actor import Role
from app.domain.batch import BatchStatus, Objective, PairState, Terms
from app.models.batch import Batch, BatchPair
from app.models.message import Message
from app.services import batches
from tests.batching import BIOS, NOT_THAT, SEPTEMBER, Round
from tests.builders import a_founder, staff
from tests.founder_road import statements
from tests.scenes import Plays
from tests.web.bureau.conftest import Desk

ROUNDS = "/bureau/rounds"
NEAR = "从事商标注册，也做企业管理咨询、财税、用工和经营辅导。"
_FRAME = ("sign_in_sessions", "account_roles", "access_entries", "calendar_days")


@pytest.fixture
def plays() -> Plays:
    return {"round_": Round}


@pytest.fixture
def round_(scene: Round) -> Round:
    return scene


@pytest.fixture
def desk(round_, enter) -> Desk:
    return enter(round_.officer)


def path(batch: Batch, more: str = "") -> str:
    return f"{ROUNDS}/{batch.id}{more}"


def test_a_round_is_begun_watched_and_shown(round_, desk) -> None:
    round_.expert("ip", "林知远")
    round_.need("ip", a_founder(round_.store, name="何雨禾"))
    fields = {"month": "2026-09", "objective": "even", "cap": "3"}

    begun = desk.post(ROUNDS, **fields)

    batch = round_.one(Batch)
    assert begun.location == path(batch, "/progress")
    page = desk.get(begun.location)
    assert "比较 1 个需求和 1 位导师" in page
    assert 'hx-trigger="every 2s"' in page
    assert desk.client.get(path(batch)).location == path(batch, "/progress")
    round_.work()
    assert desk.client.get(begun.location).location == path(batch)
    board = desk.get(path(batch, "?view=all"))
    assert all(words in board for words in ("林知远", "何雨禾", "待确认", "上限 3 次"))
    assert "确认 1 个并通知" in board


def test_htmx_is_given_the_progress_alone_and_then_the_way_on(round_, desk) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.do(batches.draft, SEPTEMBER, Terms.usual(Objective.TOTAL))
    asked = {"HX-Request": "true"}
    part = desk.client.get(path(batch, "/progress"), headers=asked)
    assert (part.status_code, "<html" in part.text) == (200, False)
    round_.work()
    done = desk.client.get(path(batch, "/progress"), headers=asked)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, path(batch))


def test_a_round_can_be_cancelled_while_it_is_computed(round_, desk) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.do(batches.draft, SEPTEMBER, Terms.usual(Objective.TOTAL))
    desk.post(path(batch, "/progress"), path(batch, "/cancel"))
    assert round_.now(batch).status is BatchStatus.CANCELLED
    assert "已取消计算" in desk.get(path(batch, "/progress"))


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"month": "2025-01"}, 422, "请选 2026-09 到 2026-11"),
        ({"cap": "99"}, 422, "31"),
        ({}, 422, "现在没有等待安排的需求"),
    ],
)
def test_a_round_that_cannot_be_begun_says_why(round_, desk, fields, status, words) -> None:
    round_.expert("ip")
    sent = {"month": "2026-09", "objective": "total", **fields}
    answer = desk.post(ROUNDS, status=status, **sent)
    assert words in answer.get_data(as_text=True)
    assert round_.rows(Batch) == []


def test_other_terms_are_tried_without_a_trace_and_then_adopted(round_, desk) -> None:
    round_.expert("ip", "甲")
    round_.expert("ip", "乙", bio=NEAR)
    for _ in range(3):
        round_.need("ip")
    batch = round_.drafted()
    query = "/what-if?fit=60&even=0&soon=0&cap=2"
    page = desk.get(path(batch, query))
    assert all(words in page for words in ("与当前方案比", "更均匀", "会换 1 位导师"))
    part = desk.client.get(path(batch, query), headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert len(round_.rows(Batch)) == 1

    fields = dict(re.findall(r'name="(fit|even|soon|cap)" value="(\d*)"', part.text))
    made = desk.post(path(batch, query), path(batch, "/what-if"), **fields)
    assert made.location.endswith("/progress")
    assert round_.now(batch).status is BatchStatus.DISCARDED


def test_weights_that_say_nothing_are_refused_beside_the_form(round_, desk) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.drafted()
    page = desk.get(path(batch, "/what-if?fit=0&even=1&soon=0"), 422)
    assert "不能都是 0" in page


def test_an_expert_is_swapped_for_a_reason_and_without_one_is_not(round_, desk) -> None:
    round_.expert("ip", "甲")
    other = round_.expert("ip", "乙", bio=NEAR)
    need = round_.need("ip")
    batch = round_.drafted()
    swap = path(batch, f"/needs/{need.id}")
    refused = desk.post(swap, status=422, expert=str(other.id), reason=" ")
    assert "为什么换" in refused.get_data(as_text=True)
    assert desk.post(swap, expert=str(other.id), reason="电话商定").location == path(batch)
    assert round_.pairs(batch) == {need.id: other.id}
    assert "小郭换：电话商定" in desk.get(path(batch, "?view=all"))
    desk.post(swap, expert="none", reason="创业者出差")
    assert round_.pair(batch, need).state is PairState.DROPPED


def test_pairs_without_questions_are_told_first_and_a_second_press_tells_nobody_twice(
    round_, desk
) -> None:
    round_.expert("ip", bio=BIOS["ip"] + NOT_THAT)
    round_.expert("capital")
    round_.need("ip")
    founder = a_founder(round_.store)
    clear = round_.need("capital", founder)
    batch = round_.drafted()
    fields = {**desk.hidden(path(batch)), "which": "clear"}
    for _ in range(2):
        desk.send(path(batch, "/confirm"), **fields)
    assert round_.pair(batch, clear).state is PairState.PUBLISHED
    assert round_.states(batch) == [PairState.PLANNED, PairState.PUBLISHED]
    round_.work()
    assert len(round_.rows(Message, Message.account_id == founder.account_id)) == 1
    page = desk.get(path(batch))
    assert "已通知一部分" in page
    assert "撤回已通知的 1 个" in page


def test_undoing_says_what_could_not_be_taken_back(round_, desk) -> None:
    round_.expert("ip")
    need = round_.need("ip")
    batch = round_.drafted()
    desk.post(path(batch), path(batch, "/confirm"), which="all")
    desk.post(path(batch), path(batch, "/undo"))
    page = desk.get(path(batch))
    assert "已撤回 1 个" in page
    assert round_.pair(batch, need).state is PairState.WITHDRAWN


def test_another_officer_reviews_and_a_draft_can_be_given_up(round_, desk, enter) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.drafted()
    assert "复核通过" not in desk.get(path(batch))
    checker = enter(round_.approver)
    checker.post(path(batch), path(batch, "/review"))
    assert "已复核，待确认" in checker.get(path(batch))
    assert desk.post(path(batch), path(batch, "/discard")).location == ROUNDS
    assert "已放弃" in desk.get(ROUNDS)


def test_needs_left_over_come_with_what_to_do(round_, desk) -> None:
    round_.expert("ip", "林知远", monthly_limit=1, category="investor")
    for _ in range(2):
        round_.need("ip")
    batch = round_.drafted()
    page = desk.get(path(batch))
    assert "林知远加 1 次；或再请 1 位风投人士" in page
    left = next(p for p in round_.rows(BatchPair) if p.state is PairState.LEFT)
    desk.post(path(batch), path(batch, f"/needs/{left.need_id}/ask"))
    assert "已问" in desk.get(path(batch))


def test_auditors_look_and_change_nothing(round_, enter) -> None:
    round_.expert("ip")
    need = round_.need("ip")
    batch = round_.drafted()
    auditor = enter(staff(round_.store, Role.AUDITOR))
    for page in (ROUNDS, path(batch, "?view=all"), path(batch, f"/needs/{need.id}")):
        assert 'method="post"' not in auditor.get(page).partition("<main")[2].partition("</main")[0]
    token = auditor.token("/bureau")
    for act in ("/confirm", "/undo", "/discard", "/review", "/cancel", "/what-if"):
        auditor.send(path(batch, act), 403, csrf_token=token)


def test_what_is_not_there_is_not_found(desk) -> None:
    for more in ("", "/progress", "/what-if?fit=1&even=1&soon=1", f"/needs/{uuid4()}"):
        desk.get(f"{ROUNDS}/{uuid4()}{more}", 404)


def test_every_page_of_a_round_costs_few_statements(round_, desk) -> None:
    round_.expert("ip")
    needs = [round_.need("ip") for _ in range(3)]
    batch = round_.drafted()
    trial = "/what-if?fit=60&even=25&soon=15"
    for more in ("", "?view=all", trial, f"/needs/{needs[0].id}"):
        with statements(round_.store) as sent:
            desk.get(path(batch, more))
        own = [each for each in sent if not any(table in each for table in _FRAME)]
        assert len(own) <= 8, own
    with statements(round_.store) as sent:
        desk.get(ROUNDS)
    assert len([each for each in sent if not any(t in each for t in _FRAME)]) <= 8
