from datetime import date, timedelta

import pytest

from app.domain.actor import Role
from app.domain.appeal import (
    AnswererError,
    AppealAnsweredError,
    AppealStatus,
    BarredError,
    NoRemedyError,
    Remedy,
)
from app.domain.calendar import day_ends_at
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.service_record import CorrectionOp
from app.domain.task import TaskEnd, TaskKind
from app.models.appeal import Appeal
from app.models.audit_entry import AuditEntry
from app.models.job import Job
from app.models.message import Message
from app.models.task import Task
from app.queries.appeals import appeals_of_session
from app.services import appeals, audit_entries, corrections, outcomes
from tests.builders import staff
from tests.scenes import Plays
from tests.turns import on_each
from tests.web.bureau.year import Year, a_year

WHY = "前台有登记，实际谈了 40 分钟。"
ANSWER = "查了前台登记，确实谈了 40 分钟，已提出更正。"


@pytest.fixture
def plays() -> Plays:
    return {"year": a_year}


@pytest.fixture
def year(scene: Year) -> Year:
    return scene


@pytest.fixture
def district(year: Year):
    return year.district


@pytest.fixture
def short(year: Year):
    """A service of twenty minutes, too short to count."""
    return year.meetings["short"]


@pytest.fixture
def other(district):
    """An officer who had no hand in anything."""
    return staff(district.store, Role.OFFICER, name="小林")


def appeal(district, mentor, session, statement=WHY) -> Appeal:
    return district.store.execute(mentor.actor, appeals.open_appeal, session.id, statement)


def correct(district, session, officer):
    return district.store.execute(
        officer, corrections.propose, session.id, CorrectionOp.VOID, None, "申诉属实"
    )


def barred(district, mentor, session) -> str:
    with pytest.raises(BarredError) as refused:
        appeal(district, mentor, session)
    return refused.value.code


@on_each
def test_a_mentor_appeals_and_is_answered_with_the_correction_it_led_to(
    year, district, short, other
) -> None:
    made = appeal(district, year.official, short)
    assert made.status is AppealStatus.OPEN
    assert made.service_record_id == district.decision(short).id
    # Ten working days after 25 September: the holidays are off, Saturday 10 October is worked.
    assert made.answer_by == day_ends_at(date(2026, 10, 15))
    task = district.one(Task, Task.kind == TaskKind.APPEAL)
    assert (task.subject_id, task.due_by, task.closed_at) == (short.id, made.answer_by, None)

    fix = correct(district, short, other)
    upheld = district.store.execute(other, appeals.uphold, made.id, ANSWER, fix.id)

    assert (upheld.status, upheld.remedy, upheld.correction_id) == (
        AppealStatus.UPHELD,
        Remedy.CORRECTION,
        fix.id,
    )
    assert district.one(Task, Task.kind == TaskKind.APPEAL).ending is TaskEnd.SETTLED
    actions = [row.action for row in district.rows(AuditEntry, AuditEntry.entity == "appeals")]
    assert actions == ["appeal.opened", "appeal.upheld"]
    with district.store.read(district.approver) as reader:
        assert audit_entries.verify(reader, district.store.audit_key()).is_ok


def test_a_decision_that_stands_is_explained_and_appealed_against_once(
    year, district, short, other
) -> None:
    made = appeal(district, year.official, short)
    district.store.execute(other, appeals.explain, made.id, "前台登记是 20 分钟。")
    with pytest.raises(AppealAnsweredError):
        district.store.execute(other, appeals.explain, made.id, "再答一次。")
    assert barred(district, year.official, short) == "appeal.already_answered"


def test_a_second_appeal_waits_for_the_first(year, district, short) -> None:
    appeal(district, year.official, short)
    assert barred(district, year.official, short) == "appeal.already_open"
    assert len(district.rows(Appeal)) == 1


def test_what_counts_or_waits_for_something_else_is_not_appealed_against(year, district) -> None:
    assert barred(district, year.scholar, year.meetings["first"]) == "appeal.counted"
    unwritten = district.held(year.scholar, year.team, "09-28 10:00")
    assert barred(district, year.scholar, unwritten) == "appeal.record_first"
    district.record(year.scholar, unwritten)
    district.confirm(year.team, unwritten, agrees=False, remark="只谈了 20 分钟")
    assert barred(district, year.scholar, unwritten) == "appeal.ruling_first"


@on_each
def test_the_window_is_so_many_working_days_after_the_decision(year, district, short) -> None:
    # Decided on Thursday, 10 September; the fifteenth working day after it, with Sunday 20 worked
    # and 25 September off, is 30 September.
    district.wait_until("09-30 23:59")
    appeal(district, year.official, short)
    other_short = year.meetings["unknown"]
    district.clock.put(day_ends_at(date(2026, 10, 8)) + timedelta(days=1))
    assert barred(district, year.scholar, other_short) == "appeal.window_over"


def test_another_mentor_and_everybody_else_know_nothing_of_the_service(
    year, district, short
) -> None:
    with pytest.raises(NotFoundError):
        appeal(district, year.scholar, short)
    for actor in (district.officer, year.team.actor):
        with pytest.raises(ForbiddenError):
            district.store.execute(actor, appeals.open_appeal, short.id, WHY)


def test_founders_liaisons_and_other_mentors_do_not_see_an_appeal(year, district, short) -> None:
    appeal(district, year.official, short)
    liaison = staff(district.store, Role.STREET_LIAISON, street="tangye")
    seen = {
        name: _seen(district, actor, short)
        for name, actor in {
            "own": year.official.actor,
            "officer": district.officer,
            "founder": year.team.actor,
            "liaison": liaison,
            "mentor": year.scholar.actor,
        }.items()
    }
    assert seen == {"own": 1, "officer": 1, "founder": 0, "liaison": 0, "mentor": 0}


def _seen(district, actor, session) -> int:
    with district.store.read(actor) as reader:
        return len(appeals_of_session(reader, session.id))


def test_who_entered_or_served_does_not_answer(year, district, short, other) -> None:
    made = appeal(district, year.official, short)
    entered = staff(district.store, Role.OFFICER, person_id=year.official.actor.person_id)
    with pytest.raises(AnswererError):
        district.store.execute(entered, appeals.explain, made.id, "维持。")
    assert district.store.execute(other, appeals.explain, made.id, "维持。").answered_by_id


def test_an_appeal_is_upheld_only_by_what_puts_the_record_right(
    year, district, short, other
) -> None:
    before = correct(district, short, other)
    district.clock.put(district.clock.now() + timedelta(minutes=1))
    made = appeal(district, year.official, short)
    for correction_id in (None, before.id, made.id):
        with pytest.raises(NoRemedyError):
            district.store.execute(other, appeals.uphold, made.id, ANSWER, correction_id)
    assert district.one(Appeal).status is AppealStatus.OPEN


def test_a_record_certified_since_then_upholds_the_appeal(year, district, other) -> None:
    session = year.meetings["open"]
    made = appeal(district, year.scholar, session)
    outcome = district.outcome_of(session)
    district.store.execute(other, outcomes.certify, outcome.id, "电话核实，情况属实")
    upheld = district.store.execute(other, appeals.uphold, made.id, "已电话核实，现在计入。")
    assert (upheld.remedy, upheld.correction_id) == (Remedy.CERTIFICATION, None)
    assert district.decision(session).status == "counted"


def test_texts_that_are_missing_are_named_at_their_field(year, district, short, other) -> None:
    with pytest.raises(InvalidInputError):
        appeal(district, year.official, short, "  ")
    made = appeal(district, year.official, short)
    with pytest.raises(InvalidInputError):
        district.store.execute(other, appeals.explain, made.id, " ")


def test_officers_are_reminded_before_the_deadline_and_nobody_after_the_answer(
    year, district, short, other
) -> None:
    made = appeal(district, year.official, short)
    planned = sorted(job.run_at for job in district.rows(Job, Job.kind == appeals.REMIND))
    assert len(planned) == 2
    assert planned[0] < made.answer_by < planned[1]
    district.store.execute(other, appeals.explain, made.id, "维持。")
    assert {job.state.value for job in district.rows(Job, Job.kind == appeals.REMIND)} == {
        "cancelled"
    }
    assert district.rows(Message, Message.event == "appeal.overdue") == []
