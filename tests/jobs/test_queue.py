import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.db import MachineNow
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.errors import RuleError
from app.domain.ids import new_id
from app.domain.job import LONGEST_RETRY, MOST_ATTEMPTS, ClaimedJob, JobState, TryLaterError
from app.jobs import queue
from app.jobs.handling import Handler, OutsideHandler, Registry, run, run_together
from app.jobs.worker import Worker
from app.models.job import IdempotencyKey, Job
from app.queries.jobs import job_health
from app.unit_of_work import Store, UnitOfWork
from tests.moments import START
from tests.turns import on_both as dialect

__all__ = ["dialect"]

HOUR = timedelta(hours=1)


def plan(store: Store, number: int = 1, kind: str = "write", **values: Any) -> None:
    def use_case(uow: UnitOfWork) -> None:
        for n in range(number):
            uow.later(kind, f"{kind}:{n}", values.pop("run_at", START), **values)

    store.execute(SYSTEM, use_case)


def write(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Leave one row for each run."""
    uow.add(
        IdempotencyKey(
            account_id=new_id(),
            key=str(job.id),
            route="test",
            body_sha256=b"0" * 32,
            answer=job.attempts,
            created_at=uow.now,
        )
    )


def fail(_uow: UnitOfWork, _job: ClaimedJob) -> None:
    raise RuleError("test.fails")


WRITING: Registry = {"write": Handler(write)}
FAILING: Registry = {"write": Handler(fail)}


def written(store: Store) -> Counter[str]:
    with store.read(SYSTEM) as reader:
        return Counter(reader.session.scalars(select(IdempotencyKey.key)))


def the_job(store: Store) -> Job:
    with store.read(SYSTEM) as reader:
        return reader.session.scalars(select(Job)).one()


def claim(store: Store, most: int = 1, **values: Any) -> list[ClaimedJob]:
    wanted = queue.Claim(new_id(), {"write"}, most, **values)
    return store.execute(SYSTEM, queue.claim, wanted)


def let_leases_run_out(store: Store) -> None:
    def use_case(uow: UnitOfWork) -> None:
        uow.session.execute(
            update(Job).where(Job.state == JobState.LEASED).values(lease_until=MachineNow(-1))
        )

    store.execute(SYSTEM, use_case)


def test_what_is_due_by_business_time_is_done_and_nothing_else(
    store: Store, clock: FixedClock
) -> None:
    plan(store, run_at=START + HOUR)
    worker = Worker(store, WRITING)
    assert worker.work() == 0
    clock.put(START + HOUR)
    assert worker.work() == 1
    assert worker.work() == 0
    assert the_job(store).state is JobState.DONE
    assert len(written(store)) == 1


def test_a_claimed_row_is_nobody_elses_until_its_lease_runs_out(store: Store) -> None:
    plan(store)
    (first,) = claim(store)
    assert claim(store) == []
    let_leases_run_out(store)
    (second,) = claim(store)
    assert (first.attempts, second.attempts) == (1, 2)


def test_a_lease_runs_by_the_databases_clock_not_by_business_time(
    store: Store, clock: FixedClock
) -> None:
    plan(store)
    claim(store)
    clock.put(START + 1000 * HOUR)
    assert claim(store) == []


def test_who_lost_his_lease_leaves_nothing_behind(store: Store) -> None:
    plan(store)
    (lost,) = claim(store)
    let_leases_run_out(store)
    (held,) = claim(store)
    assert run(store, WRITING["write"], lost) is JobState.LEASED
    assert written(store) == {}
    assert run(store, WRITING["write"], held) is JobState.DONE
    assert set(written(store).values()) == {1}


def test_who_was_cancelled_while_running_leaves_nothing_behind(store: Store) -> None:
    plan(store)
    (job,) = claim(store)

    def cancel(uow: UnitOfWork) -> None:
        uow.session.execute(update(Job).values(state=JobState.CANCELLED))

    store.execute(SYSTEM, cancel)
    run(store, WRITING["write"], job)
    assert written(store) == {}
    assert the_job(store).state is JobState.CANCELLED


def test_a_failure_is_tried_again_after_growing_pauses_and_at_last_given_up(
    store: Store, clock: FixedClock
) -> None:
    plan(store)
    worker = Worker(store, FAILING)
    pauses = []
    for _ in range(MOST_ATTEMPTS - 1):
        worker.work()
        job = the_job(store)
        assert job.state is JobState.READY
        assert "test.fails" in (job.last_error or "")
        pauses.append(job.run_at - clock.now())
        assert worker.work() == 0
        clock.put(job.run_at)
    worker.work()
    dead = the_job(store)
    assert (dead.state, dead.attempts) == (JobState.DEAD, MOST_ATTEMPTS)
    assert dead.due_at == START < dead.run_at
    for number, pause in enumerate(pauses):
        doubled = min(timedelta(seconds=10 * 2**number), LONGEST_RETRY)
        assert doubled / 2 <= pause <= doubled


def test_what_is_planned_for_the_past_is_due_from_when_it_was_planned(store: Store) -> None:
    plan(store, run_at=START - HOUR)
    assert the_job(store).due_at == START
    (claimed,) = claim(store)
    assert claimed.first_due_at == START


def test_a_row_that_kills_its_workers_is_given_up(store: Store) -> None:
    plan(store)
    for _ in range(MOST_ATTEMPTS):
        assert len(claim(store)) == 1
        let_leases_run_out(store)
    told: list[JobState] = []
    handler = Handler(write, ended=lambda _uow, _job, state: told.append(state))
    Worker(store, {"write": handler}).work()
    assert the_job(store).state is JobState.DEAD
    assert told == [JobState.DEAD]
    assert written(store) == {}


def test_what_comes_too_late_expires_and_its_handler_is_told(
    store: Store, clock: FixedClock
) -> None:
    plan(store, not_after=START + HOUR)
    clock.put(START + HOUR + timedelta(seconds=1))
    told: list[JobState] = []
    handler = Handler(write, ended=lambda _uow, _job, state: told.append(state))
    Worker(store, {"write": handler}).work()
    assert the_job(store).state is JobState.EXPIRED
    assert told == [JobState.EXPIRED]
    assert written(store) == {}


def test_cancelled_rows_are_never_claimed(store: Store) -> None:
    plan(store)

    def cancel(uow: UnitOfWork) -> None:
        uow.session.execute(update(Job).values(state=JobState.CANCELLED))

    store.execute(SYSTEM, cancel)
    assert Worker(store, WRITING).work() == 0


def test_a_kind_nobody_knows_stays_ready_and_is_reported(store: Store, clock: FixedClock) -> None:
    plan(store, 2, kind="renamed")
    clock.put(START + HOUR)
    assert Worker(store, WRITING).work() == 0
    with store.read(SYSTEM) as reader:
        states = reader.session.scalars(select(Job.state)).all()
        health = job_health(reader, WRITING)
    assert states == [JobState.READY, JobState.READY]
    assert health.unknown == {"renamed": 2}


def test_due_rows_nobody_does_show_as_late(store: Store, clock: FixedClock) -> None:
    plan(store)
    with store.read(SYSTEM) as reader:
        assert not job_health(reader, WRITING).is_late
    clock.put(START + HOUR)
    with store.read(SYSTEM) as reader:
        health = job_health(reader, WRITING)
    assert health.is_late
    assert health.oldest_due_at == START


def test_one_bad_row_stops_nobody(store: Store) -> None:
    plan(store, 3)
    plan(store, 1, kind="bad")
    assert Worker(store, {**WRITING, "bad": Handler(fail)}).work() == 3


TOGETHER: Registry = {"write": Handler(write, together=True)}


def test_rows_done_together_share_a_transaction(store: Store) -> None:
    plan(store, 3)
    sizes: list[int] = []

    def count(uow: UnitOfWork, job: ClaimedJob) -> None:
        write(uow, job)
        sizes.append(len(uow.session.new))

    assert Worker(store, {"write": Handler(count, together=True)}).work() == 3
    assert sizes == [1, 2, 3]
    assert set(written(store).values()) == {1}


def test_one_bad_row_of_those_done_together_stops_nobody(store: Store) -> None:
    plan(store, 5)
    with store.read(SYSTEM) as reader:
        bad = reader.session.scalars(select(Job.id).where(Job.dedupe_key == "write:2")).one()

    def work(uow: UnitOfWork, job: ClaimedJob) -> None:
        write(uow, job)
        if job.id == bad:
            raise RuleError("test.fails")

    assert Worker(store, {"write": Handler(work, together=True)}).work() == 4
    assert len(written(store)) == 4
    assert str(bad) not in written(store)
    with store.read(SYSTEM) as reader:
        left = reader.session.scalars(select(Job).where(Job.state == JobState.READY)).one()
    assert (left.id, left.attempts) == (bad, 1)
    assert "test.fails" in (left.last_error or "")


@pytest.mark.parametrize("fenced", [True, False], ids=["fenced", "control"])
def test_a_row_lost_among_those_done_together_is_done_by_who_holds_it_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch, fenced: bool
) -> None:
    plan(store, 3)
    jobs = claim(store, 3)
    with store.read(SYSTEM) as reader:
        rows = reader.session.scalars(select(Job.id).order_by(Job.id)).all()
    lost = next(job for job in jobs if job.id == rows[1])

    def run_out(uow: UnitOfWork) -> None:
        uow.session.execute(update(Job).where(Job.id == lost.id).values(lease_until=MachineNow(-1)))

    store.execute(SYSTEM, run_out)
    (held,) = claim(store)
    assert run(store, TOGETHER["write"], held) is JobState.DONE
    if not fenced:
        keys = [job.id for job in jobs]
        monkeypatch.setattr(queue, "_fence_around", lambda _: Job.id.in_(keys))
    states = run_together(store, TOGETHER["write"], jobs)
    assert Counter(states)[JobState.DONE] == (2 if fenced else 3)
    assert written(store)[str(lost.id)] == (1 if fenced else 2)
    assert len(written(store)) == 3


def test_a_row_that_comes_too_late_is_not_done_with_the_others(
    store: Store, clock: FixedClock
) -> None:
    plan(store, 2)
    plan(store, 1, kind="late", not_after=START)
    clock.put(START + HOUR)
    ended: list[JobState] = []
    handler = Handler(write, together=True, ended=lambda _uow, _job, state: ended.append(state))
    store.execute(
        SYSTEM, lambda uow: uow.session.execute(update(Job).values(kind="write")) and None
    )
    assert Worker(store, {"write": handler}).work() == 2
    assert ended == [JobState.EXPIRED]


def test_a_stopped_worker_finishes_its_row_and_gives_the_rest_back(store: Store) -> None:
    plan(store, 5)
    worker = Worker(store, {})

    def stop_then_write(uow: UnitOfWork, job: ClaimedJob) -> None:
        worker.stop()
        write(uow, job)

    worker = Worker(store, {"write": Handler(stop_then_write)})
    assert worker.work() == 1
    assert worker.release() == 4
    with store.read(SYSTEM) as reader:
        attempts = reader.session.execute(select(Job.state, Job.attempts)).all()
    assert Counter(attempts) == {(JobState.DONE, 1): 1, (JobState.READY, 0): 4}


def test_workers_in_one_process_never_do_a_row_twice(store: Store) -> None:
    plan(store, 120)
    counts: list[int] = []
    workers = [Worker(store, WRITING) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda worker=worker: counts.append(worker.work()))
        for worker in workers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 120
    assert len(written(store)) == 120
    assert set(written(store).values()) == {1}


class Gateway:
    """Something outside that remembers what it got and may fail."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.got: list[object] = []
        self._then = then

    def send(self, parcel: object) -> str:
        self.got.append(parcel)
        self._then()
        return "receipt"


def outside(gateway: Gateway, parcel: object = "parcel") -> Registry:
    def record(uow: UnitOfWork, job: ClaimedJob, receipt: object) -> None:
        assert receipt == "receipt"
        write(uow, job)

    return {"write": OutsideHandler(lambda _uow, _job: parcel, gateway.send, record)}


def test_what_goes_outside_is_sent_without_a_transaction_and_recorded_after(
    store: Store,
) -> None:
    plan(store)
    gateway = Gateway(lambda: plan(store, kind="another"))
    Worker(store, outside(gateway)).work()
    assert gateway.got == ["parcel"]
    assert len(written(store)) == 1


def test_nothing_to_send_is_done_without_sending(store: Store) -> None:
    plan(store)
    gateway = Gateway()
    Worker(store, outside(gateway, None)).work()
    assert gateway.got == []
    assert the_job(store).state is JobState.DONE


def test_a_failed_sending_is_tried_again(store: Store, clock: FixedClock) -> None:
    plan(store)
    failures = [OSError("refused")]

    def once() -> None:
        if failures:
            raise failures.pop()

    gateway = Gateway(once)
    worker = Worker(store, outside(gateway))
    worker.work()
    clock.put(the_job(store).run_at)
    assert worker.work() == 1
    assert gateway.got == ["parcel", "parcel"]


def test_the_lease_must_still_be_held_when_sending_begins(store: Store) -> None:
    plan(store)
    (lost,) = claim(store)
    let_leases_run_out(store)
    claim(store)
    gateway = Gateway()
    assert run(store, outside(gateway)["write"], lost) is JobState.LEASED
    assert gateway.got == []


def test_who_stood_still_over_most_of_his_lease_sends_nothing(store: Store) -> None:
    plan(store)
    gateway = Gateway()
    sound = outside(gateway)["write"]
    assert isinstance(sound, OutsideHandler)

    def prepare(_uow: UnitOfWork, _job: ClaimedJob) -> str:
        time.sleep(0.2)
        return "parcel"

    slow = {"write": replace(sound, prepare=prepare)}
    Worker(store, slow, lease_seconds=0.2).work()
    assert gateway.got == []
    assert the_job(store).state is JobState.LEASED
    let_leases_run_out(store)
    Worker(store, slow, lease_seconds=60).work()
    assert gateway.got == ["parcel"]


def test_what_failed_says_after_what_pause_it_is_tried_again(
    store: Store, clock: FixedClock
) -> None:
    def refuse() -> None:
        raise TryLaterError("busy")

    told: list[str] = []

    def failed(_uow: UnitOfWork, _job: ClaimedJob, error: Exception) -> timedelta:
        told.append(str(error))
        return timedelta(minutes=7)

    sound = outside(Gateway(refuse))["write"]
    assert isinstance(sound, OutsideHandler)
    plan(store)
    Worker(store, {"write": replace(sound, failed=failed)}).work()
    job = the_job(store)
    assert (job.state, job.run_at) == (JobState.READY, clock.now() + timedelta(minutes=7))
    assert job.last_error == "TryLaterError: busy"
    assert told == ["busy"]


@pytest.mark.parametrize("seconds", [0, 90])
def test_the_databases_clock_tells_the_machines_time(store: Store, seconds: int) -> None:
    with store.read(SYSTEM) as reader:
        one, other = reader.session.execute(select(MachineNow(), MachineNow(seconds))).one()
    assert abs((other - one).total_seconds() - seconds) < 1
    assert abs(one.timestamp() - time.time()) < 5
