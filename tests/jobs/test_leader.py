"""One process leads: by the database's clock, with a token that only rises."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.adapters.email import Outbox
from app.db import MachineNow
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.ids import new_id
from app.domain.job import LEADER_SECONDS, JobState
from app.jobs import queue, waking
from app.jobs.handling import Handler
from app.jobs.leader import Leadership, NotLeaderError, seek
from app.jobs.registry import registry
from app.jobs.ticks import Ticks
from app.jobs.watchdog import Pulse
from app.jobs.worker import Worker
from app.models.audit_entry import AuditSeal
from app.models.job import IdempotencyKey, Job, Lease
from app.queries.job_board import job_board
from app.unit_of_work import Store, UnitOfWork
from tests.builders import a_founder
from tests.jobs.worker_process import write
from tests.moments import START
from tests.turns import on_both as dialect

__all__ = ["dialect"]

HOUR_SECONDS = 3_600.0
PATIENCE_SECONDS = 20


def the_lease(store: Store) -> Lease:
    with store.read(SYSTEM) as reader:
        return reader.session.scalars(select(Lease)).one()


@pytest.fixture
def shift(store: Store) -> Callable[[float], None]:
    """Move the lease as the database's clock would have moved it from the other side."""

    def shift_(seconds: float) -> None:
        def use_case(uow: UnitOfWork) -> None:
            uow.session.execute(update(Lease).values(lease_until=MachineNow(seconds)))

        store.execute(SYSTEM, use_case)

    return shift_


def leaderships(store: Store, number: int = 2) -> list[Leadership]:
    # Renewed at each call: nobody waits here.
    return [Leadership(store, new_id(), renew_seconds=0) for _ in range(number)]


def write_once(uow: UnitOfWork, key: str) -> None:
    uow.add(
        IdempotencyKey(
            account_id=new_id(),
            key=key,
            route="test",
            body_sha256=b"0" * 32,
            answer=1,
            created_at=uow.now,
        )
    )


def written(store: Store) -> list[str]:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(IdempotencyKey.key)))


def test_of_many_who_begin_at_once_one_leads(store: Store) -> None:
    seekers = leaderships(store, 6)
    threads = [threading.Thread(target=seeker.seek) for seeker in seekers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    terms = [seeker.term for seeker in seekers if seeker.term]
    assert [term.token for term in terms] == [1]
    assert the_lease(store).owner == terms[0].owner


def test_who_leads_renews_and_keeps_the_token(store: Store, shift: Callable[[float], None]) -> None:
    first, second = leaderships(store)
    first.seek()
    shift(3)
    first.seek()
    with store.read(SYSTEM) as reader:
        left = the_lease(store).lease_until - reader.session.execute(select(MachineNow())).scalar()
    assert timedelta(seconds=LEADER_SECONDS - 5) < left <= timedelta(seconds=LEADER_SECONDS)
    assert second.seek() is None
    assert the_lease(store).token == 1


def test_a_lease_that_ran_out_is_taken_over_with_a_higher_token(
    store: Store, shift: Callable[[float], None]
) -> None:
    first, second = leaderships(store)
    old = first.seek()
    shift(-0.001)
    assert second.seek().token == 2
    # The first still believes that it leads.
    assert first.term == old
    with pytest.raises(NotLeaderError):
        first.do(write_once, "late")
    assert written(store) == []
    assert first.seek() is None
    second.do(write_once, "in time")
    assert written(store) == ["in time"]


def test_a_leader_overtaken_during_its_duty_leaves_nothing_behind(
    store: Store, shift: Callable[[float], None]
) -> None:
    first, second = leaderships(store)
    first.seek()

    def duty(uow: UnitOfWork) -> None:
        write_once(uow, "overtaken")
        # Within the transaction, since SQLite has one writer: as if it had lasted too long.
        uow.session.execute(update(Lease).values(lease_until=MachineNow(-1)))

    with pytest.raises(NotLeaderError):
        first.do(duty)
    assert written(store) == []
    shift(-1)
    assert second.seek().token == 2


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_leader_stopped_while_it_renews_keeps_nobody_waiting(store: Store) -> None:
    stopped, other = new_id(), Leadership(store, new_id(), seconds=0.9)
    renewed, told = threading.Event(), threading.Event()
    errors: list[Exception] = []

    def renew_and_stand_still(uow: UnitOfWork) -> None:
        seek(uow, stopped, 0.9)
        renewed.set()
        told.wait(PATIENCE_SECONDS)

    def stand_still() -> None:
        try:
            store.execute(SYSTEM, renew_and_stand_still)
        except Exception as error:
            errors.append(error)

    store.execute(SYSTEM, seek, stopped, 0.9)
    thread = threading.Thread(target=stand_still)
    thread.start()
    renewed.wait(PATIENCE_SECONDS)
    until = time.monotonic() + PATIENCE_SECONDS
    while other.seek() is None and time.monotonic() < until:
        time.sleep(0.05)
    told.set()
    thread.join()
    assert other.term is not None
    assert other.term.token == 2
    assert ["idle-in-transaction" in str(error) for error in errors] == [True]


def test_without_its_check_an_overtaken_leader_writes(
    store: Store, shift: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = leaderships(store)
    first.seek()
    shift(-1)
    second.seek()
    monkeypatch.setattr("app.jobs.leader.ensure_leads", lambda *_: None)
    first.do(write_once, "same slot")
    second.do(write_once, "same slot")
    assert written(store) == ["same slot"] * 2


@pytest.mark.parametrize("seconds", [-HOUR_SECONDS, HOUR_SECONDS])
def test_a_clock_of_the_database_put_by_an_hour_hinders_nobody(
    store: Store, shift: Callable[[float], None], seconds: float
) -> None:
    first, second = leaderships(store)
    first.seek()
    # The leader is gone, and its lease an hour behind or ahead.
    shift(seconds + LEADER_SECONDS)
    assert second.seek().token == 2


def test_leases_of_jobs_beyond_any_that_is_given_are_ended(store: Store) -> None:
    store.execute(SYSTEM, lambda uow: uow.later("write", "one", START))
    wanted = queue.Claim(new_id(), {"write"}, 1, HOUR_SECONDS)
    (lost,) = store.execute(SYSTEM, queue.claim, wanted)
    assert store.execute(SYSTEM, waking.cut_leases) == 1
    assert store.execute(SYSTEM, waking.cut_leases) == 0
    (held,) = store.execute(SYSTEM, queue.claim, queue.Claim(new_id(), {"write"}, 1))
    assert held.id == lost.id
    assert store.execute(SYSTEM, waking.cut_leases) == 0


def test_who_resigns_is_followed_at_once_and_the_token_still_rises(store: Store) -> None:
    first, second = leaderships(store)
    first.seek()
    first.resign()
    assert the_lease(store).owner is None
    with store.read(SYSTEM) as reader:
        assert job_board(reader).leader is None
    assert second.seek().token == 2
    # Who leads no more has nothing to give back.
    first.resign()
    with store.read(SYSTEM) as reader:
        assert job_board(reader).leader.token == 2


def test_business_time_does_not_touch_the_lease(store: Store, clock: FixedClock) -> None:
    first, second = leaderships(store)
    first.seek()
    clock.put(START + timedelta(days=1))
    assert second.seek() is None
    assert first.seek().token == 1


def test_only_the_leader_seals_and_watches(store: Store) -> None:
    kinds = registry(Outbox(), "https://example.org", "历城创业导师")
    first, second = (Ticks(store, Worker(store, kinds), kinds, Pulse()) for _ in range(2))
    a_founder(store)

    def seals() -> int:
        with store.read(SYSTEM) as reader:
            return len(reader.session.scalars(select(AuditSeal)).all())

    first.lead()
    for tick in (second.lead, second.seal, second.watch, second.reap):
        tick()
    assert seals() == 0
    first.seal()
    assert seals() == 1


def test_a_job_is_done_by_whoever_hears_of_it_and_by_nobody_twice(store: Store) -> None:
    job = store.execute(SYSTEM, lambda uow: uow.later("write", "one", START))
    assert worker_of(store).do(job.id) is JobState.DONE
    assert worker_of(store).do(job.id) is None
    assert worker_of(store).do(new_id()) is None
    later = store.execute(
        SYSTEM, lambda uow: uow.later("write", "two", START + timedelta(seconds=1))
    )
    unknown = store.execute(SYSTEM, lambda uow: uow.later("renamed", "three", START))
    assert [worker_of(store).do(each.id) for each in (later, unknown)] == [None, None]
    stopped = worker_of(store)
    stopped.stop()
    assert stopped.do(unknown.id) is None
    assert written(store) == [str(job.id)]


def worker_of(store: Store) -> Worker:
    return Worker(store, {"write": Handler(write)})


def test_a_job_whose_worker_vanished_is_done_when_heard_of(store: Store) -> None:
    job = store.execute(SYSTEM, lambda uow: uow.later("write", "one", START))
    store.execute(SYSTEM, queue.claim, queue.Claim(new_id(), {"write"}, 1, -1))
    assert worker_of(store).do(job.id) is JobState.DONE


def woken(store: Store) -> list[object]:
    told: list[object] = []
    found = store.execute(SYSTEM, waking.wake, lambda _uow, keys: lambda: told.extend(keys))
    if found:
        found.after()
    return told


def put(store: Store, **values: object) -> None:
    store.execute(SYSTEM, lambda uow: uow.session.execute(update(Job).values(**values)) and None)


def test_each_due_job_is_told_of_once_and_again_when_its_wake_was_lost(store: Store) -> None:
    job = store.execute(SYSTEM, lambda uow: uow.later("write", "one", START))
    store.execute(SYSTEM, lambda uow: uow.later("write", "two", START + timedelta(hours=1)))
    assert woken(store) == [job.id]
    assert woken(store) == []
    put(store, woken_at=MachineNow(-61))
    assert woken(store) == [job.id]
    assert woken(store) == []


def test_a_job_is_told_of_again_when_its_worker_vanished_or_failed(store: Store) -> None:
    job = store.execute(SYSTEM, lambda uow: uow.later("write", "one", START))
    woken(store)
    (claimed,) = store.execute(SYSTEM, queue.claim, queue.Claim(new_id(), {"write"}, 1))
    assert woken(store) == []
    put(store, woken_at=MachineNow(-2), lease_until=MachineNow(-1))
    assert woken(store) == [job.id]
    assert woken(store) == []
    store.execute(SYSTEM, queue.retry, claimed, "failed")
    put(store, run_at=START)
    assert woken(store) == [job.id]
    store.execute(SYSTEM, queue.claim, queue.Claim(claimed.owner, {"write"}, 1))
    store.execute(SYSTEM, queue.release, claimed.owner)
    assert woken(store) == [job.id]
