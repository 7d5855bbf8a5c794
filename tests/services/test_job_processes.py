"""Signs of life of job processes, and the silences between them."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.db import MachineNow
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.errors import ForbiddenError
from app.domain.ids import new_id
from app.models.job import JobProcess, Stoppage
from app.queries.job_board import job_board
from app.services import job_processes
from app.unit_of_work import Store, UnitOfWork
from tests.builders import staff
from tests.moments import START
from tests.turns import on_each

HOUR = timedelta(hours=1)


def beat(store: Store, process_id: UUID, *kinds: str) -> None:
    store.execute(SYSTEM, job_processes.beat, process_id, kinds)


def machine_hours_pass(store: Store, hours: int) -> None:
    """Let all signs of life lie so far back on the machine's clock."""

    def use_case(uow: UnitOfWork) -> None:
        back = MachineNow(-3600.0 * hours)
        uow.session.execute(update(JobProcess).values(beaten_at=back))

    store.execute(SYSTEM, use_case)


def silences(store: Store) -> list[tuple[object, object]]:
    with store.read(SYSTEM) as reader:
        rows = reader.session.scalars(select(Stoppage).order_by(Stoppage.began_at))
        return [(row.began_at, row.ended_at) for row in rows]


@pytest.fixture
def later(store: Store, clock: FixedClock) -> Callable[[], None]:
    """Let two hours pass on both clocks."""

    def pass_() -> None:
        clock.put(clock.now() + 2 * HOUR)
        machine_hours_pass(store, 2)

    return pass_


@on_each
def test_the_first_process_after_a_silence_notes_it_whoever_was_there_before(
    store: Store, later: Callable[[], None]
) -> None:
    beat(store, new_id(), "notify")
    later()
    threads = [Thread(target=beat, args=(store, new_id(), "notify")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert silences(store) == [(START, START + 2 * HOUR)]


@on_each
def test_beats_and_clocks_put_forward_are_no_silence(store: Store, clock: FixedClock) -> None:
    process_id = new_id()
    beat(store, process_id, "notify")
    beat(store, process_id, "notify")
    clock.put(START + 24 * HOUR)
    beat(store, process_id, "notify")
    # The business clock stands, as in a training, while the machine's goes on.
    machine_hours_pass(store, 2)
    beat(store, process_id, "notify")
    assert silences(store) == []


@on_each
def test_a_process_is_counted_while_it_shows_itself_and_has_not_left(
    store: Store, later: Callable[[], None]
) -> None:
    first, second = new_id(), new_id()
    beat(store, first, "notify")
    later()
    beat(store, second, "deliver_message", "notify")
    with store.read(SYSTEM) as reader:
        assert [process.id for process in job_board(reader).processes] == [second]
    store.execute(SYSTEM, job_processes.leave, second)
    with store.read(SYSTEM) as reader:
        assert job_board(reader).processes == []


def test_after_a_month_nothing_is_left_of_a_process(store: Store) -> None:
    beat(store, new_id(), "notify")
    machine_hours_pass(store, 24 * 31)
    beat(store, new_id(), "notify")
    with store.read(SYSTEM) as reader:
        assert len(reader.session.scalars(select(JobProcess)).all()) == 1


def test_only_the_service_shows_itself(store: Store) -> None:
    officer = staff(store)
    for use_case, args in (
        (job_processes.beat, (new_id(), ["notify"])),
        (job_processes.leave, (new_id(),)),
    ):
        with pytest.raises(ForbiddenError):
            store.execute(officer, use_case, *args)
