from datetime import date

import pytest

from app.domain.calendar import DayKind, WorkingCalendar
from app.domain.errors import InvalidInputError
from app.domain.follow_up import (
    LONGEST_REMARK,
    MOST_JOBS,
    MOST_LOAN_YUAN,
    TRANSITIONS,
    ActionState,
    Answer,
    FollowUpEvent,
    FollowUpStatus,
    IllegalStepError,
    asked_at,
    ensure_answer,
    next_status,
)
from tests.moments import at

WEEKDAYS = WorkingCalendar({})


@pytest.mark.parametrize("status", FollowUpStatus)
@pytest.mark.parametrize("event", FollowUpEvent)
def test_only_the_steps_of_the_table_are_legal(status, event) -> None:
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) is TRANSITIONS[status, event]
        return
    with pytest.raises(IllegalStepError) as refused:
        next_status(status, event)
    assert refused.value.facts == {"status": status.value, "event": event.value}


def test_nobody_is_asked_twice_and_silence_can_still_be_broken() -> None:
    ends = {(status, event) for status, event in TRANSITIONS}
    assert (FollowUpStatus.ANSWERED, FollowUpEvent.ANSWER) not in ends
    assert (FollowUpStatus.UNANSWERED, FollowUpEvent.ANSWER) in ends
    assert not any(status is FollowUpStatus.STOPPED for status, _ in ends)


def test_it_is_asked_on_the_morning_of_a_working_day() -> None:
    assert asked_at(date(2026, 8, 17), 30, WEEKDAYS) == at("09-16 09:00")
    # Day 30 is a Saturday.
    assert asked_at(date(2026, 8, 20), 30, WEEKDAYS) == at("09-21 09:00")
    off = WorkingCalendar({date(2026, 9, 16): DayKind.OFF})
    assert asked_at(date(2026, 8, 17), 30, off) == at("09-17 09:00")


def test_an_answer_says_only_what_is_known() -> None:
    said = ensure_answer(Answer(is_running=False, remark="  已经转行 "), 0)
    assert (said.is_running, said.jobs, said.loan_yuan, said.remark) == (
        False,
        None,
        None,
        "已经转行",
    )
    assert ensure_answer(Answer(jobs=0), 0).jobs == 0
    one = ensure_answer(Answer(actions={1: ActionState.DONE}), 2)
    assert one.actions == {1: ActionState.DONE}


@pytest.mark.parametrize("answer", [Answer(), Answer(remark="   ")])
def test_nothing_at_all_is_no_answer(answer: Answer) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_answer(answer, 3)
    assert [(each.field, each.code) for each in refused.value.errors] == [
        ("is_running", "follow_up.empty")
    ]


@pytest.mark.parametrize(
    ("answer", "field", "code"),
    [
        (Answer(jobs=-1), "jobs", "input.too_small"),
        (Answer(jobs=MOST_JOBS + 1), "jobs", "input.too_large"),
        (Answer(loan_yuan=-1), "loan_yuan", "input.too_small"),
        (Answer(loan_yuan=MOST_LOAN_YUAN + 1), "loan_yuan", "input.too_large"),
        (Answer(remark="长" * (LONGEST_REMARK + 1)), "remark", "input.too_long"),
        (Answer(remark="a\x00b"), "remark", "input.control_character"),
        (Answer(actions={2: ActionState.DONE}), "actions", "input.not_a_choice"),
        (Answer(actions={-1: ActionState.DONE}), "actions", "input.not_a_choice"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(answer: Answer, field: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_answer(answer, 2)
    assert [(each.field, each.code) for each in refused.value.errors] == [(field, code)]
