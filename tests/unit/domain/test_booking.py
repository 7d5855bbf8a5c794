"""The life of a booking: its steps, whose reasons there are, what is late and what excuses."""

from datetime import timedelta

import pytest

from app.domain.booking import (
    END_REASONS,
    TRANSITIONS,
    BookingEvent,
    BookingStatus,
    IllegalTransitionError,
    Side,
    ensure_reason,
    is_excused,
    is_late,
    next_status,
    status_pairs,
)
from app.domain.errors import InvalidInputError
from tests.moments import START

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.mark.parametrize("status", BookingStatus)
@pytest.mark.parametrize("event", BookingEvent)
def test_a_step_beside_the_table_is_refused_with_both_named(status, event) -> None:
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) is TRANSITIONS[status, event]
        return
    with pytest.raises(IllegalTransitionError) as refused:
        next_status(status, event)
    assert refused.value.facts == {"status": status.value, "event": event.value}


def test_the_database_is_told_every_pair_of_different_states() -> None:
    assert ("requested", "accepted") in status_pairs()
    assert not any(before == after for before, after in status_pairs())


@pytest.mark.parametrize("side", Side)
def test_each_side_gives_its_own_reasons_alone(side: Side) -> None:
    for code, reason in END_REASONS.items():
        if reason.side is side:
            assert ensure_reason(code, side) is reason
            continue
        with pytest.raises(InvalidInputError) as refused:
            ensure_reason(code, side)
        assert refused.value.errors[0].field == "reason"
    with pytest.raises(InvalidInputError):
        ensure_reason("no_such_reason", side)


@pytest.mark.parametrize(
    ("before_start", "after_booking", "late"),
    [
        (DAY, 2 * DAY, False),
        (DAY - MINUTE, 2 * DAY, True),
        (DAY - MINUTE, 60 * MINUTE, False),
        (DAY - MINUTE, 61 * MINUTE, True),
    ],
)
def test_under_a_day_is_late_but_within_an_hour_of_booking(
    before_start: timedelta, after_booking: timedelta, late: bool
) -> None:
    assert is_late(START + before_start, START - after_booking, START) is late


@pytest.mark.parametrize(
    ("reason", "late", "excused"),
    [
        ("m_illness", True, True),
        ("m_time_conflict", False, True),
        ("m_time_conflict", True, False),
        ("m_late_no_reason", False, False),
    ],
)
def test_a_time_conflict_excuses_only_when_told_in_time(
    reason: str, late: bool, excused: bool
) -> None:
    assert is_excused(reason, late) is excused
