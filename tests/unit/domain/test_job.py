from datetime import timedelta

import pytest

from app.domain.errors import DomainError
from app.domain.ids import new_id
from app.domain.job import (
    DELIVER,
    LATE_AFTER,
    LONGEST_RETRY,
    RESENDABLE,
    ClaimedJob,
    DeliveryState,
    JobState,
    ensure_requeueable,
    ensure_resendable,
    lateness,
    retry_delay,
)
from tests.moments import START

SECOND = timedelta(seconds=1)


def a_job(**values) -> ClaimedJob:
    defaults = {
        "id": new_id(),
        "kind": "notify",
        "subject_id": None,
        "payload": {},
        "run_at": START,
        "not_after": None,
        "attempts": 1,
        "max_attempts": 8,
        "owner": new_id(),
    }
    return ClaimedJob(**{**defaults, **values})


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 10), (2, 20), (3, 40), (8, 1280), (10, 3600), (40, 3600)]
)
def test_pauses_double_from_ten_seconds_to_an_hour(attempts, seconds) -> None:
    assert retry_delay(attempts, 1.0) == timedelta(seconds=seconds)
    assert retry_delay(attempts, 0.0) == timedelta(seconds=seconds / 2)


def test_no_pause_is_longer_than_an_hour() -> None:
    assert max(retry_delay(n, 1.0) for n in range(1, 64)) == LONGEST_RETRY


@pytest.mark.parametrize(
    ("not_after", "worthless"),
    [(None, False), (START, False), (START + SECOND, False), (START - SECOND, True)],
)
def test_a_job_is_worthless_after_its_last_moment(not_after, worthless) -> None:
    assert a_job(not_after=not_after).is_worthless(START) is worthless


@pytest.mark.parametrize(
    ("attempts", "left", "overtried"), [(7, True, False), (8, False, False), (9, False, True)]
)
def test_tries_are_counted_to_the_last(attempts, left, overtried) -> None:
    job = a_job(attempts=attempts)
    assert (job.has_tries_left, job.is_overtried) == (left, overtried)


def code_of(rule, *args, **facts) -> str | None:
    try:
        rule(*args, **facts)
    except DomainError as error:
        return error.code
    return None


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize(
    ("kind", "not_after", "if_dead"),
    [
        ("notify", None, None),
        ("notify", START - SECOND, None),
        (DELIVER, None, "job.resend_instead"),
        (DELIVER, START, "job.resend_instead"),
        (DELIVER, START - SECOND, None),
    ],
)
def test_only_what_was_given_up_is_queued_anew_and_a_letter_not_while_it_is_of_use(
    state, kind, not_after, if_dead
) -> None:
    refusal = code_of(ensure_requeueable, state, kind, not_after=not_after, now=START)
    assert refusal == (if_dead if state is JobState.DEAD else "job.not_dead")


@pytest.mark.parametrize("state", DeliveryState)
@pytest.mark.parametrize(
    ("is_newest", "not_after", "if_ended_badly"),
    [
        (True, None, None),
        (True, START, None),
        (True, START - SECOND, "delivery.too_late"),
        (False, None, "delivery.resent_already"),
    ],
)
def test_once_more_goes_only_what_failed_or_is_unknown_and_is_still_of_use(
    state, is_newest, not_after, if_ended_badly
) -> None:
    refusal = code_of(ensure_resendable, state, is_newest=is_newest, not_after=not_after, now=START)
    if is_newest and state not in RESENDABLE:
        assert refusal == "delivery.not_resendable"
    else:
        assert refusal == if_ended_badly


@pytest.mark.parametrize(
    ("due_at", "late"),
    [
        (None, None),
        (START + LATE_AFTER, None),
        (START - LATE_AFTER, None),
        (START - LATE_AFTER - SECOND, LATE_AFTER + SECOND),
    ],
)
def test_late_is_what_comes_more_than_ten_minutes_after_it_was_due(due_at, late) -> None:
    assert lateness(due_at, START) == late
    assert a_job(due_at=due_at).first_due_at == (due_at or START)
