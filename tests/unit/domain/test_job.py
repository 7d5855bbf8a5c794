from datetime import timedelta

import pytest

from app.domain.ids import new_id
from app.domain.job import LONGEST_RETRY, ClaimedJob, retry_delay
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
