"""What is to be done: whose it is, when its owner is reminded, how it is closed."""

from datetime import date

import pytest

from app.domain.action_item import (
    SIDES_OF,
    TRANSITIONS,
    ActionEvent,
    ActionSide,
    ActionStatus,
    Closing,
    IllegalStepError,
    ensure_closing,
    next_status,
    remind_at,
    side_of,
)
from app.domain.calendar import DayKind, WorkingCalendar
from app.domain.errors import InvalidInputError
from tests.moments import at


@pytest.mark.parametrize("event", ActionEvent)
@pytest.mark.parametrize("status", ActionStatus)
def test_an_item_takes_its_legal_steps_and_no_other(status, event) -> None:
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(IllegalStepError):
            next_status(status, event)


@pytest.mark.parametrize(
    ("owner", "side"),
    [
        ("李晓", ActionSide.FOUNDER),
        (" 张敏 ", ActionSide.EXPERT),
        ("双方", ActionSide.BOTH),
        ("导师", ActionSide.EXPERT),
        ("Both sides", ActionSide.BOTH),
        ("会计", ActionSide.FOUNDER),
    ],
)
def test_a_named_owner_belongs_to_a_side(owner: str, side: ActionSide) -> None:
    assert side_of(owner, "李晓", "张敏") is side


def test_of_one_name_on_both_sides_the_founder_is_meant() -> None:
    assert side_of("张敏", "张敏", "张敏") is ActionSide.FOUNDER


def test_every_side_is_told_to_somebody() -> None:
    assert set(SIDES_OF) == set(ActionSide)
    assert all(SIDES_OF.values())


def test_what_is_dropped_or_opened_again_says_why() -> None:
    assert ensure_closing(Closing(ActionEvent.FINISH)) is None
    assert ensure_closing(Closing(ActionEvent.FINISH, " 办好 ")) == "办好"
    for event in (ActionEvent.DROP, ActionEvent.REOPEN):
        assert ensure_closing(Closing(event, "不办")) == "不办"
        with pytest.raises(InvalidInputError):
            ensure_closing(Closing(event, " "))


def test_its_owner_is_reminded_three_working_days_before_and_once_after() -> None:
    off = [date(2026, 9, number) for number in (19, 25, 26, 27)]
    calendar = WorkingCalendar(
        {
            **dict.fromkeys(off, DayKind.OFF),
            date(2026, 9, 20): DayKind.WORKDAY,
        }
    )
    assert remind_at(date(2026, 9, 24), calendar) == (at("09-21 09:00"), at("09-28 09:00"))
