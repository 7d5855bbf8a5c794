from datetime import date

import pytest

from app.domain.calendar import DayKind, WorkingCalendar
from app.domain.errors import InvalidInputError
from app.domain.ticket import (
    LONGEST_NAME,
    LONGEST_TEXT,
    TRANSITIONS,
    Call,
    CallResult,
    IllegalStepError,
    TicketEvent,
    TicketStatus,
    due_soon_at,
    ensure_call,
    event_of,
    is_bad,
    next_status,
    overdue_at,
)
from tests.moments import at

WEEKDAYS = WorkingCalendar({})
OPENED, NOW = at("09-16 10:00"), at("09-17 09:00")


def a_call(**values) -> Call:
    told = {"called": "李晓", "called_at": NOW, "said": "讲得太快。", "done": "另约一次。"}
    return Call(**{**told, "result": CallResult.SATISFIED, **values})


@pytest.mark.parametrize("status", TicketStatus)
@pytest.mark.parametrize("event", TicketEvent)
def test_only_the_steps_of_the_table_are_legal(status, event) -> None:
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) is TRANSITIONS[status, event]
        return
    with pytest.raises(IllegalStepError) as refused:
        next_status(status, event)
    assert refused.value.facts == {"status": status.value, "event": event.value}


def test_what_is_closed_stays_closed_and_only_an_answered_call_closes() -> None:
    assert not any(status is TicketStatus.CLOSED for status, _ in TRANSITIONS)
    closing = {event for (_, event), status in TRANSITIONS.items() if status == "closed"}
    assert closing == {TicketEvent.CLOSE}
    assert {result for result in CallResult if event_of(result) is TicketEvent.CLOSE} == {
        CallResult.SATISFIED,
        CallResult.DISSATISFIED,
    }


def test_the_two_worst_of_five_levels_open_a_ticket() -> None:
    assert [score for score in range(1, 6) if is_bad(score)] == [1, 2]


def test_it_is_reminded_of_three_working_days_before_and_once_after() -> None:
    due_at = WEEKDAYS.duty_deadline(OPENED, 15)
    # Wednesday 7 October is the fifteenth working day.
    assert due_at == at("10-08 00:00")
    assert due_soon_at(due_at, WEEKDAYS) == at("10-02 09:00")
    assert overdue_at(due_at, WEEKDAYS) == at("10-08 09:00")
    holiday = WorkingCalendar(
        {date(2026, 10, day): DayKind.OFF for day in (1, 2, 8, 9)}
        | {date(2026, 10, 10): DayKind.WORKDAY}
    )
    assert due_soon_at(due_at, holiday) == at("09-30 09:00")
    assert overdue_at(due_at, holiday) == at("10-10 09:00")


def test_a_call_is_kept_trimmed() -> None:
    kept = ensure_call(a_call(said="  讲得太快。\n", called=" 李晓 "), OPENED, NOW)
    assert (kept.called, kept.said, kept.done) == ("李晓", "讲得太快。", "另约一次。")


def test_a_call_that_reached_nobody_needs_no_words() -> None:
    kept = ensure_call(a_call(result=CallResult.NOT_REACHED, said=" ", done=""), OPENED, NOW)
    assert (kept.said, kept.done) == ("", "")


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"called": " "}, "called", "input.required"),
        ({"called": "x" * (LONGEST_NAME + 1)}, "called", "input.too_long"),
        ({"said": ""}, "said", "input.required"),
        ({"done": "\n"}, "done", "input.required"),
        ({"done": "", "result": CallResult.DISSATISFIED}, "done", "input.required"),
        ({"said": "x" * (LONGEST_TEXT + 1)}, "said", "input.too_long"),
        ({"said": "a\x00"}, "said", "input.control_character"),
        ({"said": "\x07", "result": CallResult.NOT_REACHED}, "said", "input.control_character"),
        ({"called_at": at("09-16 09:59")}, "called_at", "ticket.call_too_early"),
        ({"called_at": at("09-17 09:01")}, "called_at", "ticket.call_in_future"),
    ],
)
def test_a_call_that_cannot_be_so_is_refused_at_its_field(values, field, code) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_call(a_call(**values), OPENED, NOW)
    assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]


def test_a_call_in_the_minute_of_the_rating_is_not_too_early() -> None:
    opened_at = OPENED.replace(second=40)
    assert ensure_call(a_call(called_at=OPENED), opened_at, NOW).called_at == OPENED
