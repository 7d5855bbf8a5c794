"""Every engine with its real server: a job done, a doubled wake, a lost wake, a missing broker."""

import ast
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update

from app.adapters.email import Outbox
from app.db import MachineNow
from app.domain.actor import SYSTEM
from app.domain.job import JobState
from app.jobs.engines import EngineError, engine_of
from app.jobs.registry import registry
from app.jobs.ticks import Ticks
from app.jobs.watchdog import Pulse
from app.jobs.worker import Worker
from app.models.job import Job, JobProcess, Lease
from app.models.message import Message
from app.settings import Settings
from app.unit_of_work import Store, UnitOfWork
from tests import databases
from tests.builders import a_founder, a_need
from tests.conftest import missing
from tests.jobs import redis_server
from tests.serving import settings

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
CARRIED = {"procrastinate": "postgresql", "celery": "sqlite"}
carried = pytest.mark.parametrize(("name", "dialect"), CARRIED.items(), ids=CARRIED)


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    program = redis_server.binary()
    if program is None:
        missing("redis", redis_server.HOW_TO_GET)
    with redis_server.redis_server(program) as url:
        yield url


@pytest.fixture
def chosen(name: str, database_url: str, request: pytest.FixtureRequest) -> Settings:
    broker = request.getfixturevalue("redis_url") if name == "celery" else None
    return settings(engine=name, database_url=database_url, broker_url=broker)


def told_needs(store: Store, number: int) -> list[UUID]:
    founder = a_founder(store)
    needs = [a_need(store, founder.person_id) for _ in range(number)]

    def tell(uow: UnitOfWork) -> list[UUID]:
        for need in needs:
            uow.tell("need.submitted", need)
        uow.flush()
        return list(uow.all(select(Job.id).order_by(Job.id)))

    return store.execute(SYSTEM, tell)


def put(store: Store, job_id: UUID, **values: object) -> None:
    def use_case(uow: UnitOfWork) -> None:
        uow.session.execute(update(Job).where(Job.id == job_id).values(**values))

    store.execute(SYSTEM, use_case)


def states(store: Store) -> set[tuple[JobState, int]]:
    with store.read(SYSTEM) as reader:
        return {(state, tries) for state, tries in reader.session.execute(TRIED)}


TRIED = select(Job.state, Job.attempts)


@carried
def test_jobs_are_done_through_the_engine_also_when_wakes_are_doubled_or_lost(
    store: Store, chosen: Settings
) -> None:
    engine = engine_of(chosen, lambda _: None)
    engine.health()
    plain, doubled, lost = told_needs(store, 3)
    store.execute(SYSTEM, engine.wake, [doubled] * 3)()
    # Told of a minute ago, and nothing lies with the broker.
    put(store, lost, woken_at=MachineNow(-61))
    environment = {
        "PATH": os.environ["PATH"],
        "JIEBAN_ENV": "test",
        "JIEBAN_DATABASE_URL": chosen.database_url,
        "JIEBAN_SECRET_KEY": databases.SECRET,
        "JIEBAN_ENGINE": chosen.engine,
        "JIEBAN_BROKER_URL": chosen.broker_url or "",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "app.jobs"], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while states(store) != {(JobState.DONE, 1)}:
            assert process.poll() is None
            assert time.monotonic() < until, states(store)
            time.sleep(0.05)
        process.terminate()
        said = process.communicate(timeout=PATIENCE_SECONDS)[1].decode()
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    with store.read(SYSTEM) as reader:
        session = reader.session
        per_subject = session.execute(
            select(func.count())
            .select_from(Message)
            .group_by(Message.subject_id, Message.account_id)
        )
        assert set(per_subject.scalars()) == {1}
        told = session.scalars(select(Job.id).where(Job.woken_at > MachineNow(-60))).all()
        assert {plain, lost} <= set(told)
        assert session.scalars(select(JobProcess.ended_at)).one() is not None
        assert session.scalars(select(Lease.owner)).all() == [None]


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_wakes_of_procrastinate_stand_or_fall_with_the_transaction(
    store: Store, database_url: str
) -> None:
    chosen = settings(engine="procrastinate", database_url=database_url)
    engine = engine_of(chosen, lambda _: None)
    engine.health()
    engine.health()
    (job_id,) = told_needs(store, 1)

    def count() -> int:
        with store.read(SYSTEM) as reader:
            return reader.session.execute(
                text("SELECT count(*) FROM procrastinate_jobs WHERE args->>'job_id' = :key"),
                {"key": str(job_id)},
            ).scalar_one()

    def fail(uow: UnitOfWork) -> None:
        engine.wake(uow, [job_id])
        raise LookupError

    with pytest.raises(LookupError):
        store.execute(SYSTEM, fail)
    assert count() == 0
    store.execute(SYSTEM, engine.wake, [job_id])
    assert count() == 1


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_while_the_broker_is_away_jobs_wait_and_are_told_of_again(
    store: Store, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    gone = f"redis://127.0.0.1:{redis_server.free_port()}/0"
    chosen = settings(engine="celery", database_url=database_url, broker_url=gone)
    kinds = registry(Outbox(), "https://example.org", "历城创业导师")
    worker = Worker(store, kinds)
    ticks = Ticks(store, worker, kinds, Pulse(), engine=engine_of(chosen, worker.do))
    (job_id,) = told_needs(store, 1)
    ticks.lead()
    ticks.wake()
    ticks.reap()
    assert "tick wake failed" in caplog.text
    assert "JIEBAN_BROKER_URL is not reached" in caplog.text
    assert states(store) == {(JobState.READY, 0)}
    put(store, job_id, woken_at=MachineNow(-61))
    told: list[UUID] = []
    ticks.engine.wake = lambda _uow, keys: lambda: told.extend(keys)
    ticks.wake()
    assert told == [job_id]


@pytest.mark.parametrize(
    ("name", "url", "said"),
    [
        ("celery", "redis://127.0.0.1:{port}/0", "JIEBAN_BROKER_URL is not reached"),
        ("procrastinate", "postgresql://nobody@127.0.0.1:{port}/x", "JIEBAN_ENGINE=procrastinate"),
    ],
)
def test_a_server_out_of_reach_is_told_in_plain_words(name: str, url: str, said: str) -> None:
    address = url.format(port=redis_server.free_port())
    chosen = settings(engine=name, database_url=address, broker_url=address)
    with pytest.raises(EngineError, match=said):
        engine_of(chosen, lambda _: None).health()


@pytest.mark.parametrize("name", CARRIED)
def test_a_package_that_is_not_installed_is_told_with_how_to_get_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, f"app.jobs.engines.{name}", raising=False)
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(EngineError, match=f"not installed.*make engine ENGINE={name}"):
        engine_of(settings(engine=name), lambda _: None)


def test_optional_packages_are_imported_by_their_own_engine_alone() -> None:
    importers = {
        path.relative_to(ROOT / "app" / "jobs" / "engines").stem
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in (getattr(node, "module", None), *(alias.name for alias in node.names))
        if module
        and module.startswith(("celery", "kombu", "procrastinate"))
        | module.startswith(("app.jobs.engines.celery", "app.jobs.engines.procrastinate"))
    }
    assert importers == {"celery", "procrastinate"}
    for engine in (ROOT / "app" / "jobs" / "engines").glob("[a-z]*.py"):
        assert len(engine.read_text(encoding="utf-8").splitlines()) <= 60, engine.name
