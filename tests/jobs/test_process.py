import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.job import JobState
from app.jobs.registry import registry
from app.jobs.schedule import Metronome
from app.jobs.ticks import Ticks
from app.jobs.watchdog import Pulse
from app.jobs.worker import Worker
from app.models.audit_entry import AuditEntry
from app.models.job import Job, JobProcess
from app.unit_of_work import Store, UnitOfWork
from tests.builders import a_founder, a_need
from tests.depth import THOROUGH
from tests.moments import START
from tests.services import audit_tampering as tampering
from tests.turns import DIALECTS
from tests.turns import on_both as dialect

__all__ = ["dialect"]

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 90
# Each signal on one database: a start costs as much as thirty tests; in a thorough run on both.
SIGNALS = (signal.SIGTERM, signal.SIGINT)
STOPPED_BY = list(product(DIALECTS, SIGNALS) if THOROUGH else zip(DIALECTS, SIGNALS, strict=True))


def a_told_need(store: Store) -> None:
    founder = a_founder(store)
    need = a_need(store, founder.person_id)
    store.execute(SYSTEM, lambda uow: uow.tell("need.submitted", need))


def states(store: Store) -> list[JobState]:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(Job.state)))


def signs(store: Store) -> list[JobProcess]:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(JobProcess)))


def unsealed(store: Store) -> int:
    with store.read(SYSTEM) as reader:
        return len(
            reader.session.scalars(select(AuditEntry.id).where(AuditEntry.seq.is_(None))).all()
        )


def ticks(store: Store, pulse: Pulse | None = None) -> Ticks:
    kinds = registry(Outbox(), "https://example.org", "历城创业导师")
    made = Ticks(store, Worker(store, kinds), kinds, pulse or Pulse())
    made.lead()
    return made


@pytest.fixture
def process(database_url: str) -> Iterator[subprocess.Popen[str]]:
    environment = {
        "PATH": os.environ["PATH"],
        "JIEBAN_ENV": "test",
        "JIEBAN_DATABASE_URL": database_url,
        "JIEBAN_SECRET_KEY": "s" * 40,
    }
    started = subprocess.Popen(  # our own module
        [sys.executable, "-m", "app.jobs"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield started
    started.kill()
    started.communicate()


def wait_until_done(store: Store) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while set(states(store)) != {JobState.DONE}:
        assert time.monotonic() < until, states(store)
        time.sleep(0.05)


@pytest.mark.parametrize(("dialect", "number"), STOPPED_BY)
def test_the_job_process_works_until_told_to_stop_and_leaves_nothing_leased(
    store: Store, process: subprocess.Popen[str], number: signal.Signals
) -> None:
    a_told_need(store)
    wait_until_done(store)
    assert [sign.ended_at for sign in signs(store)] == [None]
    process.send_signal(number)
    assert process.wait(PATIENCE_SECONDS) == 0
    (sign,) = signs(store)
    assert sign.ended_at is not None
    assert "notify" in sign.kinds
    with store.read(SYSTEM) as reader:
        assert reader.session.scalars(select(Job).where(Job.lease_owner.is_not(None))).all() == []


def test_work_goes_on_after_the_process_was_killed(
    store: Store, process: subprocess.Popen[str]
) -> None:
    process.kill()
    process.wait()
    a_told_need(store)
    assert ticks(store).work() is None
    assert states(store) == [JobState.DONE]


def test_the_metronome_calls_every_tick(store: Store) -> None:
    pulse = Pulse()
    a_told_need(store)
    metronome = Metronome(ticks(store, pulse))
    metronome.start()
    try:
        wait_until_done(store)
        until = time.monotonic() + PATIENCE_SECONDS
        while unsealed(store) and time.monotonic() < until:
            time.sleep(0.05)
        assert unsealed(store) == 0
        assert metronome.is_alive()
        assert pulse.beats > 0
    finally:
        metronome.stop()
    assert not metronome.is_alive()


def test_a_tick_that_fails_is_logged_and_comes_again(
    store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ticks(store)
    monkeypatch.setattr(store, "execute", lambda *_: 1 / 0)
    for tick in (made.work, made.seal, made.show):
        tick()
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 3
    assert all("ZeroDivisionError" in record.exc_text for record in caplog.records)


def test_entries_that_cannot_be_sealed_are_reported_once(
    store: Store, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    raw = create_engine(database_url)
    with raw.begin() as connection:
        tampering.insert_without_key(connection, random.Random(3))  # noqa: S311  # repeatable
    raw.dispose()
    made = ticks(store)
    made.seal()
    made.seal()
    said = [record.getMessage() for record in caplog.records]
    assert [text.startswith("1 audit entries without a valid mark") for text in said] == [True]
    assert unsealed(store) == 1


def test_jobs_nobody_knows_and_late_ones_are_reported(
    store: Store, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    def plan(uow: UnitOfWork) -> None:
        uow.later("renamed", "one", START)
        uow.later("notify", "two", START)

    store.execute(SYSTEM, plan)
    clock.put(START.replace(hour=23))
    made = ticks(store)
    made.reap()
    made.reap()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert "renamed" in said[0]
    assert "1 jobs are late" in said[1]
