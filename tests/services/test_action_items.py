"""What is to be done: opened by a confirmed record, reminded of, closed, also by a follow-up."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.adapters.email import Outbox
from app.db import StaleVersionError
from app.domain.action_item import (
    ActionEvent,
    ActionSide,
    ActionStatus,
    Closing,
    IllegalStepError,
    NotOwnItemError,
)
from app.domain.actor import SYSTEM, Actor
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.follow_up import ActionState, Answer
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.action_item import ActionItem
from app.models.follow_up import FollowUp
from app.models.job import Job
from app.models.message import Message
from app.models.outcome import Outcome
from app.queries.action_items import ItemFilter, item_list
from app.services import action_items, follow_ups, outcomes
from app.services.outcomes import Action, Record
from tests.builders import a_founder
from tests.moments import at
from tests.scenes import Plays, after
from tests.services.scene import Scene, set_scene

DUE = date(2026, 9, 24)
DONE = Closing(ActionEvent.FINISH)


@after(set_scene)
def listed(scene: Scene) -> Scene:
    """Return a meeting whose confirmed record asks three things of three people."""
    session = scene.finished()
    steps = [("网上核名", "李晓"), ("发一份样表", "张敏"), ("一起看选址", "双方")]
    actions = [Action(text, owner, DUE) for text, owner in steps]
    written = Record("怎么登记？", "先核名。", actions, "advised")
    scene.store.execute(scene.mentor, outcomes.record, session.id, written)
    (outcome,) = scene.rows(Outcome)
    scene.store.execute(scene.founder, outcomes.confirm, outcome.id, agrees=True)
    return scene


@pytest.fixture
def plays() -> Plays:
    return {"asked": listed}


@pytest.fixture
def asked(scene: Scene) -> Scene:
    return scene


def items(scene: Scene) -> dict[str, ActionItem]:
    return {row.text: row for row in scene.rows(ActionItem)}


def close(scene: Scene, who: Actor, text: str, closing: Closing = DONE, **seen: Any) -> ActionItem:
    return scene.store.execute(who, action_items.close, items(scene)[text].id, closing, **seen)


def reminded(scene: Scene, moment: str) -> dict[Any, int]:
    scene.clock.put(at(moment))
    Worker(scene.store, registry(Outbox(), "https://example.org", "历城创业导师")).work()
    told: dict[Any, int] = {}
    for row in scene.rows(Message, Message.event.like("action_item.%")):
        told[row.account_id] = told.get(row.account_id, 0) + 1
    return told


def test_a_confirmed_record_opens_its_actions_once_for_whose_they_are(asked: Scene) -> None:
    sides = {text: row.side for text, row in items(asked).items()}
    assert sides == {
        "网上核名": ActionSide.FOUNDER,
        "发一份样表": ActionSide.EXPERT,
        "一起看选址": ActionSide.BOTH,
    }
    (outcome,) = asked.rows(Outcome)

    def again(uow: Any) -> int:
        return len(action_items.follow_record(uow, uow.load(Outcome, outcome.id), asked.session()))

    assert asked.store.execute(SYSTEM, again) == 0


def test_each_side_is_reminded_of_its_own_before_the_day_and_after_it(asked: Scene) -> None:
    founder, mentor = asked.founder.account_id, asked.mentor.account_id
    # 25 to 27 September are off, the 20th is worked: three working days before the 24th.
    assert reminded(asked, "09-21 08:59") == {}
    assert reminded(asked, "09-21 09:01") == {founder: 2, mentor: 2}
    close(asked, asked.founder, "网上核名")
    close(asked, asked.mentor, "一起看选址")
    assert reminded(asked, "09-28 09:01") == {founder: 2, mentor: 3}
    with asked.store.read(asked.officer) as reader:
        page = item_list(reader, ItemFilter.OVERDUE)
    assert [row.text for row in page.items] == ["发一份样表"]
    assert (page.open, page.overdue) == (1, 1)


def test_nothing_reminds_of_what_is_closed(asked: Scene) -> None:
    for text in items(asked):
        close(asked, asked.officer, text, Closing(ActionEvent.DROP, "不办了"))
    waiting = asked.rows(Job, Job.kind == action_items.REMIND, Job.state == "ready")
    assert waiting == []
    assert reminded(asked, "09-28 09:01") == {}


def test_a_founder_closes_his_own_and_nobody_elses(asked: Scene) -> None:
    with pytest.raises(NotOwnItemError):
        close(asked, asked.founder, "发一份样表")
    with pytest.raises(NotFoundError):
        close(asked, a_founder(asked.store, name="路人"), "网上核名")
    assert close(asked, asked.founder, "一起看选址").status is ActionStatus.DONE
    with pytest.raises(IllegalStepError):
        close(asked, asked.mentor, "一起看选址")


def test_what_is_dropped_says_why_and_a_mistake_is_opened_again(asked: Scene) -> None:
    with pytest.raises(InvalidInputError):
        close(asked, asked.founder, "网上核名", Closing(ActionEvent.DROP, " "))
    close(asked, asked.founder, "网上核名", Closing(ActionEvent.DROP, "改名字了"))
    again = Closing(ActionEvent.REOPEN, "点错了")
    with pytest.raises(StaleVersionError):
        close(asked, asked.founder, "网上核名", again, version=1)
    row = close(asked, asked.founder, "网上核名", again)
    assert (row.status, row.closed_at, row.note) == (ActionStatus.OPEN, None, "点错了")
    waiting = asked.rows(Job, Job.kind == action_items.REMIND, Job.subject_id == row.id)
    assert [job.state for job in waiting].count("ready") == 2


def test_an_answered_follow_up_closes_what_it_says_is_done(asked: Scene) -> None:
    asked.clock.put(asked.clock.now() + timedelta(days=31))
    asked.work()
    (question,) = asked.rows(FollowUp, FollowUp.status == "asked")
    said = Answer(
        actions={0: ActionState.DONE, 1: ActionState.DROPPED, 2: ActionState.DOING},
        remark="样表用不上",
    )
    asked.store.execute(asked.founder, follow_ups.answer, question.id, said)
    assert [(row.status, row.note) for row in items(asked).values()] == [
        (ActionStatus.DONE, "样表用不上"),
        (ActionStatus.DROPPED, "样表用不上"),
        (ActionStatus.OPEN, None),
    ]
