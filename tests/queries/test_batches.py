from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.batch import BatchAct, BatchStatus, LeftReason, Objective, PairState, Terms
from app.domain.errors import NotFoundError
from app.queries import batches as pages
from app.queries.batches import View
from app.services import batches
from tests.batching import BIOS, NOT_THAT, SEPTEMBER, Round
from tests.builders import a_founder, a_venture, staff
from tests.founder_road import statements
from tests.moments import START
from tests.scenes import Plays

NEAR = "从事商标注册，也做企业管理咨询、财税、用工和经营辅导。"


@pytest.fixture
def plays() -> Plays:
    return {"round_": Round}


@pytest.fixture
def round_(scene: Round) -> Round:
    return scene


def look(round_: Round, query: Any, *args: Any, by: Any = None, **values: Any) -> Any:
    with round_.store.read(by or round_.officer) as reader, statements(round_.store) as sent:
        found = query(reader, *args, **values)
    assert len(sent) <= 8, sent
    return found


def test_the_board_tells_figures_questions_and_what_may_be_done(round_) -> None:
    founder = a_founder(round_.store, name="何雨禾")
    venture_id = a_venture(round_.store, founder.person_id, name="大棚监测设备").id
    expert = round_.expert("ip", bio=BIOS["ip"] + NOT_THAT)
    need = round_.need("ip", founder, venture_id=venture_id)
    round_.expert("capital")
    round_.need("capital")
    batch = round_.drafted()

    page = look(round_, pages.board, batch.id)

    assert (page.view, page.counts.look, page.counts.clear) == (View.LOOK, 1, 1)
    (row,) = page.rows.pairs
    assert (row.need.id, row.need.venture, row.need.founder) == (need.id, "大棚监测设备", "何雨禾")
    assert (row.need.topic, row.expert.id) == ("ip", expert.id)
    assert [each["code"] for each in row.questions] == ["declined"]
    assert (page.measures.arranged, page.measures.needs, page.free) == (2, 2, 2)
    assert dict(page.measures.spread) == {0: 0, 1: 2}
    assert [(each.act, each.by) for each in page.rows.history] == [("made", "小郭")]
    assert page.acts == {BatchAct.CHANGE, BatchAct.PUBLISH, BatchAct.DISCARD}
    assert page.open == 1
    assert look(round_, pages.board, batch.id, by=round_.approver).acts == {
        *page.acts,
        BatchAct.REVIEW,
    }
    auditor = staff(round_.store, Role.AUDITOR)
    assert look(round_, pages.board, batch.id, by=auditor).acts == frozenset()


def test_pairs_are_shown_some_at_a_time(round_, monkeypatch) -> None:
    monkeypatch.setattr("app.queries.batches.boards.PAGE", 2)
    round_.expert("ip")
    needs = [round_.need("ip").id for _ in range(3)]
    batch = round_.drafted()
    first = look(round_, pages.board, batch.id, view=View.ALL)
    second = look(round_, pages.board, batch.id, view=View.ALL, after=first.next)
    keys = [row.need.id for row in (*first.rows.pairs, *second.rows.pairs)]
    assert (sorted(keys), second.next) == (sorted(needs), None)
    with pytest.raises(NotFoundError):
        look(round_, pages.board, batch.id, after=uuid4())


def test_needs_left_over_come_with_their_reason_and_the_smallest_relaxation(round_) -> None:
    expert = round_.expert("ip", monthly_limit=1, category="investor")
    for _ in range(3):
        round_.need("ip")
    page = look(round_, pages.board, round_.drafted().id)
    assert [row.reason for row in page.rows.left] == [LeftReason.FULL] * 2
    assert page.rows.left[0].experts[0].id == expert.id
    assert [(each.expert.id, each.places) for each in page.relief.more] == [(expert.id, 2)]
    assert page.relief.recruits == (("investor", 2),)
    assert (page.relief.cap, page.relief.out_of_reach) == (None, 0)


def test_where_the_cap_binds_the_cap_that_would_do_is_named(round_) -> None:
    round_.expert("ip", monthly_limit=8)
    for _ in range(3):
        round_.need("ip")
    page = look(round_, pages.board, round_.drafted(cap=1).id)
    assert page.relief.cap == 3


def test_nothing_left_over_needs_no_relief(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    assert look(round_, pages.board, round_.drafted().id).relief is None


def test_the_board_shows_swaps_with_who_and_why(round_) -> None:
    round_.expert("ip", "甲")
    other = round_.expert("ip", "乙", bio=NEAR)
    need = round_.need("ip")
    batch = round_.drafted()
    round_.do(batches.swap, batch.id, need.id, other.id, "电话商定", round_.pool())
    (row,) = look(round_, pages.board, batch.id, view=View.ALL).rows.pairs
    assert (row.swap.by, row.swap.reason, row.expert.name) == ("小郭", "电话商定", "乙")


def test_after_undoing_the_board_tells_what_stayed(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.drafted()
    round_.do(batches.publish, batch.id)
    round_.do(batches.undo, batch.id)
    page = look(round_, pages.board, batch.id)
    assert (page.status, page.counts.of("withdrawn")) == (BatchStatus.UNDONE, 1)
    assert (page.measures.arranged, page.rows.pairs[0].state) == (0, PairState.WITHDRAWN)
    assert [each.act for each in page.rows.history] == ["made", "published", "undone"]
    assert page.acts == frozenset()


def test_candidates_are_ranked_and_those_kept_out_say_why(round_) -> None:
    chosen, other = round_.expert("ip", "甲"), round_.expert("ip", "乙", bio=NEAR)
    paused = round_.expert("ip", "丙", is_paused=True)
    full = round_.expert("ip", "丁", monthly_limit=0)
    need = round_.need("ip")
    page = look(round_, pages.choosing, round_.drafted().id, need.id)
    assert page.expert.id == chosen.id
    assert len(page.reasons) >= 2
    assert [each.expert.id for each in page.offered] == [other.id]
    kept_out = {each.expert.id: each.rule for each in page.kept_out}
    assert kept_out == {paused.id: "mentor_paused", full.id: "capacity_reached"}
    assert (page.is_open, page.may_change) == (True, True)
    with pytest.raises(NotFoundError):
        look(round_, pages.choosing, page.batch_id, uuid4())


def test_the_list_holds_the_newest_first_and_counts_what_waits(round_, monkeypatch) -> None:
    monkeypatch.setattr("app.queries.batches.rounds.PAGE", 1)
    round_.expert("ip")
    round_.need("ip")
    first, second = round_.drafted(), round_.drafted()
    page = look(round_, pages.batch_list)
    assert [(line.id, line.number, line.made_by) for line in page.items] == [(second.id, 2, "小郭")]
    assert (page.items[0].arranged, page.items[0].needs, page.open) == (1, 1, 2)
    assert page.waiting == 1
    assert [str(month) for month in page.months] == ["2026-09", "2026-10", "2026-11"]
    rest = look(round_, pages.batch_list, page.next)
    assert ([line.id for line in rest.items], rest.next) == ([first.id], None)


def test_progress_tells_the_step_and_guesses_the_time_left(round_) -> None:
    round_.expert("ip")
    for _ in range(2):
        round_.need("ip")
    terms = Terms.usual(Objective.TOTAL)
    batch = round_.do(batches.draft, SEPTEMBER, terms, by_job=False)
    found = look(round_, pages.progress, batch.id)
    assert (found.step, found.steps, found.done, found.total) == (1, 3, 0, 2)
    assert found.seconds_left is None

    def half(uow) -> None:
        row = uow.load(type(batch), batch.id)
        row.done = 1

    round_.do(half, by=SYSTEM)
    round_.clock.put(START + timedelta(seconds=10))
    assert look(round_, pages.progress, batch.id).seconds_left == 10
    with pytest.raises(NotFoundError):
        look(round_, pages.progress, uuid4())
    with pytest.raises(NotFoundError):
        look(round_, pages.board, batch.id)


def test_what_if_and_the_proof_cost_few_statements(round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    batch = round_.drafted()
    assert look(round_, batches.try_terms, batch.id, Terms.usual(Objective.EVEN)).changed == 0
    assert look(round_, batches.recompute, batch.id).is_equal
    assert look(round_, pages.document, batch.id)["status"] is BatchStatus.DRAFT
    with pytest.raises(NotFoundError):
        look(round_, pages.document, uuid4())
