"""Workers killed and stalled at random while they work on some hundreds of rows."""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.db import open_engine
from app.domain.actor import SYSTEM, Role
from app.domain.clock import FixedClock
from app.domain.ids import new_id
from app.domain.job import DeliveryState, JobState
from app.models.job import IdempotencyKey, Job
from app.models.message import Delivery, Message
from app.unit_of_work import Store, UnitOfWork
from tests.builders import an_account, keep
from tests.databases import AUDIT_KEY
from tests.jobs import worker_process
from tests.jobs.mail_server import MailServer
from tests.moments import START
from tests.turns import on_both as dialect

__all__ = ["dialect"]

PORTION, WORKERS = 150, 3
LEASE_SECONDS, STALL_SECONDS = 0.5, 1.0
KILLS, STALLS = 8, 3
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([worker_process.__name__])
    return context


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    engine = open_engine(database_url)
    yield Store(engine, FixedClock(START), AUDIT_KEY)
    engine.dispose()


def plan(store: Store) -> None:
    def use_case(uow: UnitOfWork) -> None:
        for _ in range(PORTION):
            job = uow.later("write", f"write:{new_id()}", START)
            # Rows are claimed far more often here than a lease runs out in a year.
            job.max_attempts = 1_000

    store.execute(SYSTEM, use_case)


@dataclass
class Run:
    """Workers on one database, and what was done to them."""

    store: Store
    url: str
    context: ForkServerContext
    target: Any
    argument: object
    alive: dict[UUID, Any] = field(default_factory=dict)
    kills: int = 0
    stalls: int = 0
    struck: int = 0

    def start(self) -> None:
        owner = new_id()
        process = self.context.Process(
            target=self.target,
            args=(self.url, str(owner), LEASE_SECONDS, self.argument),
            daemon=True,
        )
        process.start()
        self.alive[owner] = process

    def leased_by(self, owner: UUID) -> int:
        statement = select(func.count()).where(
            Job.state == JobState.LEASED, Job.lease_owner == owner
        )
        with self.store.read(SYSTEM) as reader:
            return reader.session.execute(statement).scalar_one()

    def busy(self, chance: random.Random) -> UUID | None:
        holders = [owner for owner in self.alive if self.leased_by(owner)]
        return chance.choice(holders) if holders else None

    def kill(self, owner: UUID) -> None:
        process = self.alive.pop(owner)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        self.kills += 1
        self.struck += self.leased_by(owner) > 0
        self.start()

    def stall(self, owner: UUID) -> None:
        pid = self.alive[owner].pid
        os.kill(pid, signal.SIGSTOP)
        self.stalls += 1
        time.sleep(STALL_SECONDS)
        os.kill(pid, signal.SIGCONT)

    def left(self) -> int:
        open_ones = select(func.count()).where(Job.state.in_([JobState.READY, JobState.LEASED]))
        with self.store.read(SYSTEM) as reader:
            return reader.session.execute(open_ones).scalar_one()

    def end(self) -> None:
        for process in self.alive.values():
            os.kill(process.pid, signal.SIGKILL)
            process.join()


@contextmanager
def running(run: Run, workers: int = WORKERS) -> Iterator[Run]:
    for _ in range(workers):
        run.start()
    try:
        yield run
    finally:
        run.end()


def suffer(run: Run) -> None:
    """Kill and stall busy workers in turn, with work enough, until all of it is done."""
    chance = random.Random(7)  # noqa: S311  # repeatable choices
    until = time.monotonic() + PATIENCE_SECONDS
    while (left := run.left()) or run.kills < KILLS or run.stalls < STALLS:
        assert time.monotonic() < until, "the work does not end"
        wanted = run.kills < KILLS or run.stalls < STALLS
        if wanted and left < PORTION:
            plan(run.store)
        owner = run.busy(chance) if wanted else None
        if owner is None:
            time.sleep(0.01)
        elif run.stalls < STALLS and run.stalls * 2 <= run.kills:
            run.stall(owner)
        else:
            run.kill(owner)


def done(store: Store) -> tuple[Counter[JobState], Counter[str]]:
    with store.read(SYSTEM) as reader:
        states = Counter(reader.session.scalars(select(Job.state)))
        return states, Counter(reader.session.scalars(select(IdempotencyKey.key)))


@pytest.mark.parametrize("fenced", [True, False], ids=["fenced", "control"])
def test_killed_and_stalled_workers_lose_nothing_and_only_the_control_doubles(
    store: Store, database_url: str, forks: ForkServerContext, fenced: bool
) -> None:
    run = Run(store, database_url, forks, worker_process.serve, fenced)
    with running(run):
        suffer(run)
        # A stalled worker of the control may still write what others did long ago.
        time.sleep(LEASE_SECONDS)
    states, rows = done(store)
    planned = states.total()
    doubled = sum(count - 1 for count in rows.values())
    print(  # noqa: T201  # the figures of the run
        f"{store.engine.dialect.name} {'fenced' if fenced else 'control'}: {planned} jobs,"
        f" {run.kills} kills of which {run.struck} struck leased jobs, {run.stalls} stalls,"
        f" {planned - len(rows)} lost, {doubled} doubled"
    )
    assert planned >= PORTION
    assert run.struck * 2 >= run.kills
    assert states == {JobState.DONE: planned}
    assert len(rows) == planned
    assert (doubled == 0) if fenced else (doubled > 0)


def a_letter(store: Store) -> Delivery:
    account = an_account(store, Role.FOUNDER)
    message = Message(
        account_id=account.id,
        event="need.submitted",
        subject_id=new_id(),
        revision=1,
        title="您的需求已收到",
        text="我们会尽快为您找导师。",
        href="/needs/1",
        facts={"words": "need.submitted", "name": "李晓"},
        created_at=START,
    )
    delivery = Delivery(
        message_id=message.id,
        channel="email",
        address="founder@example.org",
        provider_key=new_id().hex,
        state=DeliveryState.PLANNED,
        updated_at=START,
    )
    keep(store, message, delivery)

    def use_case(uow: UnitOfWork) -> None:
        uow.later("deliver_message", "one", START, subject_id=delivery.id)

    store.execute(SYSTEM, use_case)
    return delivery


def test_a_letter_sent_by_a_worker_that_died_is_sent_again_as_the_same_letter(
    store: Store, database_url: str, forks: ForkServerContext, server: MailServer
) -> None:
    delivery = a_letter(store)
    run = Run(store, database_url, forks, worker_process.send, server.url)
    states: list[DeliveryState] = []

    def kill_the_sender() -> None:
        if not run.kills:
            with store.read(SYSTEM) as reader:
                states.extend(reader.session.scalars(select(Delivery.state)))
            run.kill(next(iter(run.alive)))

    server.taken = kill_the_sender
    until = time.monotonic() + PATIENCE_SECONDS
    with running(run, workers=1):
        while run.left():
            assert time.monotonic() < until, "the letter is not recorded"
            time.sleep(0.05)
    with store.read(SYSTEM) as reader:
        kept = reader.session.get_one(Delivery, delivery.id)
        assert kept.state is DeliveryState.ACCEPTED
    assert states == [DeliveryState.SENDING]
    assert [mail["Message-ID"] for mail in server.mails] == [
        f"<{delivery.provider_key}@example.org>"
    ] * 2
