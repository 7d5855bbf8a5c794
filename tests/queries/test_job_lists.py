import pytest

from app.domain.actor import SYSTEM
from app.domain.errors import NotFoundError
from app.domain.ids import new_id
from app.domain.job import JobState
from app.queries.job_lists import job, job_page
from tests.letters import a_job


def test_jobs_go_on_page_by_page_the_newest_first(store) -> None:
    # Keys of one millisecond have no order of their own.
    keys = sorted(a_job(store, "notify", JobState.DEAD).id for _ in range(3))
    with store.read(SYSTEM) as reader:
        first = job_page(reader, limit=2)
        second = job_page(reader, limit=2, after=first.next)
    assert [row.id for row in first.items] == [keys[2], keys[1]]
    assert first.next == keys[1]
    assert ([row.id for row in second.items], second.next) == ([keys[0]], None)


def test_a_job_that_is_not_there_is_not_found(store) -> None:
    with store.read(SYSTEM) as reader, pytest.raises(NotFoundError):
        job(reader, new_id())
