"""Jobs a second without faults: our own worker against procrastinate's own worker.

Both drain the same number of jobs that lie ready, in one process each, by turns on the same
PostgreSQL at its own durability. Each job writes one row into the same table, and every row is
counted afterwards. Ours does what it does in production: rows claimed, fenced, done through the
store with its guards and trail. Procrastinate gets the best of several concurrencies in each round
and an asynchronous task with one statement, committed by itself.

Prints the rates and what they were taken with; fails when the median of the rounds is below five
times the peer, a row is missing or doubled, or the durability is not that of production.
"""

import argparse
import asyncio
import logging
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from multiprocessing.pool import Pool
from pathlib import Path
from uuid import uuid4

import procrastinate
import psycopg_pool
from sqlalchemy import Engine, text

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.ids import new_id
from app.domain.job import ClaimedJob
from app.jobs.handling import Handler
from app.jobs.worker import TOGETHER, Worker
from app.models.job import IdempotencyKey
from app.unit_of_work import Store, UnitOfWork
from benchmarks.race_field import settings
from tests import databases, postgres
from tests.moments import START

LEAST_RATIO, ROUNDS = 5.0, 5
AT_ONCE = (1, 4, 16)
DURABLE = {
    "postgresql": "fsync=on synchronous_commit=on",
    "sqlite": "synchronous=2 journal_mode=wal",
}
TABLES = ("jobs", "idempotency_keys", "procrastinate_jobs")
# The row that ours writes, as one statement for the peer.
ROW = (
    "INSERT INTO idempotency_keys (id, account_id, key, route, body_sha256, answer, created_at)"
    " VALUES (%s, %s, %s, 'test', decode(repeat('30', 32), 'hex'), '1', now())"
)


def write(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Leave one row."""
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


def ours(url: str, _concurrency: int) -> float:
    """Drain the table `jobs` and return the seconds it took."""
    store = Store(open_engine(url), FixedClock(START), databases.AUDIT_KEY)
    worker = Worker(store, {"write": Handler(write, together=True)})
    store.engine.connect().close()
    begun = time.perf_counter()
    worker.work()
    took = time.perf_counter() - begun
    store.engine.dispose()
    return took


def peer(url: str, concurrency: int) -> float:
    """Drain procrastinate's table by its own worker and return the seconds it took."""
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    conninfo = url.replace("+psycopg", "")
    return asyncio.run(_peer(conninfo, concurrency))


async def _peer(conninfo: str, concurrency: int) -> float:
    rows = psycopg_pool.AsyncConnectionPool(
        conninfo, min_size=concurrency, max_size=concurrency, open=False
    )
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo))

    @app.task(name="write")
    async def _write(key: str) -> None:
        async with rows.connection() as connection:
            await connection.execute(ROW, (uuid4(), uuid4(), key))

    async with rows, app.open_async():
        await rows.wait()
        begun = time.perf_counter()
        await app.run_worker_async(wait=False, concurrency=concurrency)
        return time.perf_counter() - begun


def plan_ours(engine: Engine, count: int) -> None:
    """Have so many jobs ready for our worker."""
    store = Store(engine, FixedClock(START), databases.AUDIT_KEY)

    def use_case(uow: UnitOfWork) -> None:
        for _ in range(count):
            uow.later("write", f"write:{new_id()}", START)

    store.execute(SYSTEM, use_case)


def plan_peer(engine: Engine, count: int) -> None:
    """Have so many jobs ready for procrastinate's worker."""
    defer = text(
        "SELECT procrastinate_defer_jobs_v1(ARRAY(SELECT CAST(ROW('default', 'write', 0, NULL,"
        " NULL, jsonb_build_object('key', gen_random_uuid()), NULL)"
        " AS procrastinate_job_to_defer_v1) FROM generate_series(1, :count)))"
    )
    with engine.begin() as connection:
        connection.execute(defer, {"count": count})


Drain = Callable[[str, int], float]
Plan = Callable[[Engine, int], None]


def rate(pool: Pool, url: str, way: tuple[Plan, Drain, int], count: int) -> float:
    """Return jobs a second of one way, after counting the rows it wrote."""
    plan, drain, concurrency = way
    engine = open_engine(url)
    with engine.begin() as connection:
        for table in ("idempotency_keys", "jobs"):
            connection.execute(text(f"DELETE FROM {table}"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("TRUNCATE procrastinate_jobs CASCADE"))
    plan(engine, count)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    took = pool.apply(drain, (url, concurrency))
    counted = text("SELECT count(*), count(DISTINCT key) FROM idempotency_keys")
    with engine.connect() as connection:
        rows, keys = connection.execute(counted).one()
    engine.dispose()
    if (rows, keys) != (count, count):
        raise AssertionError(f"{count} jobs, {rows} rows of which {keys} distinct")
    return count / took


def is_durable(engine: Engine) -> bool:
    """Print how durable the run is and tell whether that equals production."""
    found = settings(engine)
    tables = "in one file"
    logged = True
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            query = text("SELECT relname, relpersistence FROM pg_class WHERE relname = ANY(:t)")
            kinds = {name: kind for name, kind in connection.execute(query, {"t": list(TABLES)})}
        logged = kinds == dict.fromkeys(TABLES, "p")
        tables = ", ".join(f"{name} {kind}" for name, kind in sorted(kinds.items()))
    print(f"{engine.dialect.name}: {found}; persistence: {tables}; batch {TOGETHER}")
    return logged and found == DURABLE[engine.dialect.name]


def middle(rates: Sequence[float]) -> float:
    """Return the median."""
    return sorted(rates)[len(rates) // 2]


def on_postgresql(pool: Pool, url: str, jobs: int, peers_jobs: int) -> bool:
    """Measure both by turns; tell whether ours reaches the ratio."""
    engine = open_engine(url)
    schema = procrastinate.schema.SchemaManager.get_schema()
    with engine.begin() as connection:
        connection.execution_options(no_parameters=True).exec_driver_sql(schema)
    durable = is_durable(engine)
    engine.dispose()
    ratios = []
    for turn in range(ROUNDS):
        own = rate(pool, url, (plan_ours, ours, 1), jobs)
        peers = {each: rate(pool, url, (plan_peer, peer, each), peers_jobs) for each in AT_ONCE}
        # Beside what ran at the same time: others use the machine too.
        ratios.append(own / max(peers.values()))
        told = ", ".join(f"{at_once}: {found:.0f}" for at_once, found in peers.items())
        print(
            f"  round {turn + 1}: ours {own:.0f}/s, procrastinate by concurrency {told};", end=" "
        )
        print(f"{ratios[-1]:.1f} times its best")
    counted = ROUNDS * (jobs + len(AT_ONCE) * peers_jobs)
    print(f"median {middle(ratios):.1f} times; rows counted {counted}, none missing, none doubled")
    return durable and middle(ratios) >= LEAST_RATIO


def on_sqlite(pool: Pool, url: str, jobs: int) -> bool:
    """Measure ours where there is no peer."""
    engine = open_engine(url)
    durable = is_durable(engine)
    engine.dispose()
    own = [rate(pool, url, (plan_ours, ours, 1), jobs) for _ in range(ROUNDS)]
    print(f"ours {middle(own):.0f}/s; rows counted {ROUNDS * jobs}, none missing, none doubled")
    return durable


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure on a durable PostgreSQL of its own, then on SQLite; 0 when the ratio is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=6_000)
    parser.add_argument("--peers-jobs", type=int, default=1_000)
    given = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="jieban-engines-"))
    postgres.prepare(durable=True)
    try:
        server = postgres.url()
        databases.postgresql_template(folder, server)
        databases.create(server, "engines", databases.TEMPLATE)
        shutil.copyfile(databases.sqlite_template(folder), folder / "engines.db")
        # One process for each measurement: none inherits what another has warmed.
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            url = databases.database(server, "engines")
            held = on_postgresql(pool, url, given.jobs, given.peers_jobs)
            held = on_sqlite(pool, f"sqlite:///{folder / 'engines.db'}", given.jobs) and held
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
