from datetime import timedelta

import pytest

from app.domain.errors import InvalidInputError
from app.domain.proposal import (
    LIFETIME,
    LONGEST_SHORTLIST,
    TRANSITIONS,
    IllegalVersionStepError,
    LearningOffError,
    VersionEvent,
    VersionState,
    ensure_learning,
    ensure_size,
    is_expired,
    next_state,
)
from tests.moments import START


@pytest.mark.parametrize("size", [1, 5, LONGEST_SHORTLIST])
def test_a_shortlist_has_one_to_twenty_names(size: int) -> None:
    ensure_size(size)


@pytest.mark.parametrize(
    ("size", "code"),
    [(0, "input.too_small"), (-1, "input.too_small"), (21, "input.too_large")],
)
def test_a_shortlist_of_another_size_is_refused(size: int, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_size(size)
    assert [(each.field, each.code) for each in refused.value.errors] == [("limit", code)]


@pytest.mark.parametrize(
    ("age", "expired"),
    [(timedelta(0), False), (LIFETIME - timedelta(microseconds=1), False), (LIFETIME, True)],
)
def test_a_shortlist_holds_for_a_week(age: timedelta, expired: bool) -> None:
    assert is_expired(START, START + age) is expired


STEPS = {
    (VersionState.LEARNED, VersionEvent.OBSERVE): VersionState.SHADOW,
    (VersionState.RETIRED, VersionEvent.OBSERVE): VersionState.SHADOW,
    (VersionState.LEARNED, VersionEvent.PROMOTE): VersionState.LIVE,
    (VersionState.SHADOW, VersionEvent.PROMOTE): VersionState.LIVE,
    (VersionState.SHADOW, VersionEvent.RETIRE): VersionState.RETIRED,
    (VersionState.LIVE, VersionEvent.RETIRE): VersionState.RETIRED,
    (VersionState.RETIRED, VersionEvent.RESTORE): VersionState.LIVE,
}


def test_a_learned_version_takes_only_the_steps_of_the_table() -> None:
    assert STEPS == TRANSITIONS
    for state in VersionState:
        for event in VersionEvent:
            if (state, event) in STEPS:
                assert next_state(state, event) is STEPS[state, event]
                continue
            with pytest.raises(IllegalVersionStepError):
                next_state(state, event)


def test_nothing_is_taught_while_learning_is_off() -> None:
    ensure_learning(True)
    with pytest.raises(LearningOffError):
        ensure_learning(False)
