"""What became of the advice: planned, asked once, answered by founder or telephone, stopped."""

from datetime import date
from typing import Any

import pytest

from app.db import StaleVersionError
from app.domain.actor import Role
from app.domain.errors import ForbiddenError, NotFoundError
from app.domain.follow_up import ActionState, Answer, FollowUpStatus, IllegalStepError
from app.domain.job import JobState
from app.models.audit_entry import AuditEntry
from app.models.follow_up import FollowUp
from app.models.job import Job
from app.queries.follow_ups import follow_up, follow_up_list, of_session, rates, waiting
from app.services import follow_ups, outcomes
from tests.builders import a_founder, a_mentor, an_expert, staff
from tests.moments import at
from tests.scenes import Plays, after
from tests.services.scene import Scene, set_scene

ASKED, ANSWERED = FollowUpStatus.ASKED, FollowUpStatus.ANSWERED
SAID = Answer(actions={0: ActionState.DONE}, is_running=True, jobs=3, loan_yuan=100_000)


@after(set_scene)
def confirmed(scene: Scene) -> Scene:
    session = scene.finished()
    actions = [outcomes.Action("到大厅核名", "李晓", date(2026, 9, 25))]
    written = outcomes.Record("怎么登记？", "先核名，再到大厅提交。", actions, "advised")
    outcome = scene.store.execute(scene.mentor, outcomes.record, session.id, written)
    scene.store.execute(scene.founder, outcomes.confirm, outcome.id, agrees=True)
    return scene


@after(confirmed)
def asked(scene: Scene) -> Scene:
    scene.clock.put(at("10-19 09:00"))
    scene.work()
    return scene


@pytest.fixture
def plays() -> Plays:
    return {"late": asked, "early": confirmed, "scene": set_scene}


@pytest.fixture
def early(scene: Scene) -> Scene:
    return scene


@pytest.fixture
def late(scene: Scene) -> Scene:
    return scene


def rows(scene: Scene) -> list[tuple[int, str]]:
    return [(row.days, row.status.value) for row in scene.rows(FollowUp)]


def answer(scene: Scene, who: Any, said: Answer = SAID, **values: Any) -> FollowUp:
    return scene.store.execute(who, follow_ups.answer, scene.rows(FollowUp)[0].id, said, **values)


def test_a_confirmed_service_is_followed_up_on_a_working_day(early: Scene) -> None:
    (row,) = early.rows(FollowUp)
    # Day 30 after Friday 18 September is a Sunday.
    assert (row.days, row.status, row.due_at) == (30, FollowUpStatus.PLANNED, at("10-19 09:00"))
    with early.store.read(early.founder) as reader:
        assert waiting(reader) == []


def test_what_nobody_confirmed_is_not_followed_up(scene: Scene) -> None:
    scene.recorded()
    assert scene.rows(FollowUp) == []


def test_the_founder_is_asked_once_and_the_next_step_is_planned(late: Scene) -> None:
    assert rows(late) == [(30, "asked"), (90, "planned")]
    (message,) = late.told(late.founder, "follow_up.due")
    (row, _) = late.rows(FollowUp)
    assert message.href == f"/followups/{row.id}"
    late.store.execute(late.officer, follow_ups.stop, row.id)
    late.work()
    assert len(late.told(late.founder, "follow_up.due")) == 1


def test_the_founders_answer_is_kept_and_his_mentor_hears_of_it(late: Scene) -> None:
    answer(late, late.founder, version=2)
    row = late.rows(FollowUp)[0]
    assert (row.status, row.is_by_phone, row.jobs, row.loan_yuan) == (ANSWERED, False, 3, 100_000)
    late.work()
    (message,) = late.told(late.mentor, "follow_up.answered")
    assert message.title == "李晓答复了回访"
    with late.store.read(late.mentor) as reader:
        (seen,) = of_session(reader, late.session().id)
    assert [(each.text, each.state) for each in seen.actions] == [("到大厅核名", ActionState.DONE)]
    (entry,) = late.rows(AuditEntry, AuditEntry.action == "follow_up.answered")
    assert entry.actor_id == late.founder.account_id


def test_a_second_answer_is_refused_and_changes_nothing(late: Scene) -> None:
    answer(late, late.founder)
    with pytest.raises(IllegalStepError):
        answer(late, late.founder, Answer(is_running=False))
    assert late.rows(FollowUp)[0].is_running is True


def test_an_officer_writes_down_what_he_was_told(late: Scene) -> None:
    answer(late, late.officer, Answer(is_running=False))
    row = late.rows(FollowUp)[0]
    assert (row.is_by_phone, row.is_running, row.answered_by_id) == (
        True,
        False,
        late.officer.account_id,
    )


def test_nobody_else_answers(late: Scene) -> None:
    with pytest.raises(ForbiddenError):
        answer(late, late.mentor)
    with pytest.raises(NotFoundError):
        answer(late, a_founder(late.store, name="王强"))
    with pytest.raises(ForbiddenError):
        answer(late, staff(late.store, Role.AUDITOR))
    other = a_mentor(late.store, an_expert(late.store, name="周洁"))
    with late.store.read(other) as reader:
        assert of_session(reader, late.session().id) == []


def test_silence_is_counted_and_can_still_be_broken(late: Scene) -> None:
    late.clock.put(at("11-18 09:00"))
    late.work()
    assert rows(late)[0] == (30, "unanswered")
    with late.store.read(late.officer) as reader:
        assert [(rate.days, rate.asked, rate.answered) for rate in rates(reader)] == [(30, 1, 0)]
        assert [row.status for row in follow_up_list(reader)] == [FollowUpStatus.UNANSWERED]
    answer(late, late.founder)
    assert rows(late)[0] == (30, "answered")


def test_a_new_question_ends_the_one_before(late: Scene) -> None:
    late.clock.put(at("12-17 09:00"))
    late.work()
    assert rows(late) == [(30, "unanswered"), (90, "asked"), (180, "planned")]
    with late.store.read(late.founder) as reader:
        assert [row.days for row in waiting(reader)] == [90]


def test_what_was_asked_too_late_is_missed_and_the_next_one_is_asked(early: Scene) -> None:
    early.clock.put(at("12-20 09:00"))
    early.work()
    assert rows(early) == [(30, "missed"), (90, "asked"), (180, "planned")]
    assert len(early.told(early.founder, "follow_up.due")) == 1
    with early.store.read(early.officer) as reader:
        assert [(rate.days, rate.asked) for rate in rates(reader)] == [(90, 1)]


def test_what_is_late_and_still_of_use_is_asked(early: Scene) -> None:
    early.clock.put(at("11-10 09:00"))
    early.work()
    assert rows(early) == [(30, "asked"), (90, "planned")]


def test_who_wants_no_more_questions_gets_none(late: Scene) -> None:
    first = late.rows(FollowUp)[0].id
    assert len(late.store.execute(late.founder, follow_ups.stop, first)) == 2
    assert late.store.execute(late.founder, follow_ups.stop, first) == []
    late.clock.put(at("12-17 09:00"))
    late.work()
    assert rows(late) == [(30, "stopped"), (90, "stopped")]
    open_jobs = late.rows(Job, Job.kind == follow_ups.ASK, Job.state == JobState.READY)
    assert open_jobs == []


def test_two_answers_at_once_leave_one(late: Scene) -> None:
    with late.store.read(late.founder) as reader:
        seen = follow_up(reader, late.rows(FollowUp)[0].id)
    answer(late, late.officer, Answer(is_running=False), version=seen.version)
    with pytest.raises(StaleVersionError) as refused:
        answer(late, late.founder, version=seen.version)
    assert refused.value.facts == {"version": seen.version + 1}
