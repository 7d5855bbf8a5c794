"""Processes race for the same times: 0 overlaps, 0 half bookings, 0 deadlocks, with a control.

Each process books one expert, or a panel with a room, cancels and moves through the real use
cases. The control, in the same run, checks and then inserts on tables without the guards; it must
show overlaps, or the race proves nothing. PostgreSQL keeps its own durability, SQLite
synchronous FULL. PostgreSQL itself tells who waited for a lock longer than half a second; how
long a call takes in all also depends on how many processes share a core, and is printed beside it.
The throughput of claims on one expert whom everybody wants is measured in the same run
(`claim_throughput`).
"""

import argparse
import multiprocessing
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, create_engine, insert, text

from app.db import open_engine
from app.domain.actor import Actor
from app.domain.clock import FixedClock
from app.domain.errors import DomainError
from app.domain.ids import new_id
from app.models.booking import ResourceClaim
from app.unit_of_work import Store
from benchmarks import claim_throughput
from benchmarks.race_field import (
    EXPERTS,
    FIRST,
    FOUNDERS,
    HALVES,
    OVERLAPS,
    QUARTERS,
    Field,
    build,
    choose,
    do,
    settings,
)
from tests import databases, postgres
from tests.moments import START

PROCESSES = 8
# Longer than this is a wait that somebody at a desk feels; the server writes each one down.
LONGEST_WAIT_MS = 500
TELL_WAITS = {"log_lock_waits": "on", "deadlock_timeout": LONGEST_WAIT_MS, "lc_messages": "C"}
A_WAIT = "still waiting for"
# One wait is made on purpose before the race.
PROVOKED = 1


@dataclass(frozen=True)
class Lap:
    """What one process did."""

    outcomes: Counter[str]
    waits_ms: list[float]


def race(field: Field, tries: int, seed: int) -> Lap:
    """Book, form panels, cancel and move at random through the use cases."""
    dice = random.Random(seed)
    engine = open_engine(field.url)
    store = Store(engine, FixedClock(START), databases.AUDIT_KEY)
    own: list[tuple[Actor, UUID]] = []
    outcomes: Counter[str] = Counter()
    waits = []
    for _ in range(tries):
        act = choose(field, dice, own)
        begun = time.perf_counter()
        try:
            booking_id = do(store, act)
        except DomainError as refusal:
            outcomes[refusal.code] += 1
        else:
            outcomes[act.verb] += 1
            if act.choice is not None:
                own.append((act.actor, booking_id))
            elif act.verb == "cancel":
                own.remove((act.actor, booking_id))
        waits.append((time.perf_counter() - begun) * 1000)
    engine.dispose()
    return Lap(outcomes, waits)


def unguarded(field: Field, tries: int, seed: int) -> Lap:
    """Check, then insert, as booking systems without a database guard do."""
    dice = random.Random(seed)
    engine = create_engine(field.url)
    outcomes: Counter[str] = Counter()
    table = ResourceClaim.__table__
    for _ in range(tries):
        starts_at = FIRST + timedelta(minutes=15) * dice.randrange(QUARTERS)
        ends_at = starts_at + timedelta(minutes=50)
        resource = field.experts[dice.randrange(EXPERTS)]
        span = {"starts_at": starts_at, "ends_at": ends_at}
        taken = table.select().where(
            table.c.resource_id == resource,
            table.c.is_active,
            table.c.starts_at < ends_at,
            table.c.ends_at > starts_at,
        )
        with engine.connect() as connection:
            if connection.execute(taken).first():
                outcomes["refused"] += 1
                continue
            connection.rollback()
            row = {"id": new_id(), "booking_id": field.founders[0][0], "is_active": True}
            connection.execute(insert(table).values(**row, **span, resource_id=resource))
            connection.commit()
            outcomes["booked"] += 1
    engine.dispose()
    return Lap(outcomes, [])


STRIP = (
    "CREATE TABLE bare AS SELECT * FROM resource_claims WHERE 1 = 0",
    "DROP TABLE resource_claims",
    "ALTER TABLE bare RENAME TO resource_claims",
)


def run(field: Field, runner: object, tries: int) -> Lap:
    """Start all processes at once and add up what they did."""
    share = -(-tries // PROCESSES)
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        laps = pool.starmap(runner, [(field, share, seed) for seed in range(PROCESSES)])  # type: ignore[arg-type]  # one of the two above
    total = Lap(Counter(), [])
    for lap in laps:
        total.outcomes.update(lap.outcomes)
        total.waits_ms.extend(lap.waits_ms)
    return total


def count(engine: Engine, query: str) -> int:
    """Return the single number a query answers."""
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


def report(title: str, lap: Lap, engine: Engine, *, guarded: bool) -> dict[str, int]:
    """Print what happened and return the faults found."""
    booked = sum(lap.outcomes[name] for name in ("book", "panel", "move", "cancel"))
    print(f"\n{title}: {sum(lap.outcomes.values())} tries, {booked} done, {settings(engine)}")
    print("  " + ", ".join(f"{name} {n}" for name, n in lap.outcomes.most_common()))
    faults = {"overlaps": count(engine, OVERLAPS)}
    if guarded:
        faults["half bookings"] = count(engine, HALVES)
        if engine.dialect.name == "postgresql":
            query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            faults["deadlocks"] = count(engine, query)
            faults[f"waits for a lock over {LONGEST_WAIT_MS} ms"] = waits_told() - PROVOKED
        waits = sorted(lap.waits_ms)
        p99 = waits[int(len(waits) * 0.99)]
        print(f"  a call p50 {waits[len(waits) // 2]:.0f} ms, p99 {p99:.0f}, max {waits[-1]:.0f}")
    print("  " + ", ".join(f"{name} {n}" for name, n in faults.items()))
    return faults


def attack(url: str, control_url: str, tries: int) -> bool:
    """Race on one database and its unguarded twin; tell whether the guarantee held."""
    field = build(url)
    engine = create_engine(url)
    control = create_engine(control_url)
    with control.begin() as connection:
        for statement in STRIP:
            connection.exec_driver_sql(statement)
    name = engine.dialect.name
    held = report(name, run(field, race, tries), open_engine(url), guarded=True)
    bare = replace(field, url=control_url)
    shown = report(f"{name}, unguarded", run(bare, unguarded, tries), control, guarded=False)
    print(f"  {'held' if not any(held.values()) else 'BROKEN'}")
    return not any(held.values()) and shown["overlaps"] > 0


def on_sqlite(tries: int) -> bool:
    """Race on files in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="jieban-race-") as name:
        folder = Path(name)
        template = databases.sqlite_template(folder)
        files = [folder / "race.db", folder / "control.db"]
        for file in files:
            shutil.copyfile(template, file)
        race_url, control_url = (f"sqlite:///{file}" for file in files)
        return attack(race_url, control_url, tries)


def on_postgresql(tries: int) -> bool:
    """Race on a durable server of its own, and measure the throughput of claims there."""
    server = postgres.url()
    with tempfile.TemporaryDirectory(prefix="jieban-race-") as folder:
        databases.postgresql_template(Path(folder), server)
    for each in ("race", "control", "claims"):
        databases.create(server, each, databases.TEMPLATE)
    for name, value in TELL_WAITS.items():
        databases.set_for(server, "race", name, value)
    race_url, control_url, claims_url = (
        databases.database(server, each) for each in ("race", "control", "claims")
    )
    ensure_waits_are_told(race_url)
    held = attack(race_url, control_url, tries)
    print(f"\n{claim_throughput.CLIENTS} clients, one expert")
    return claim_throughput.measure(build(claims_url)) == 0 and held


def ensure_waits_are_told(url: str) -> None:
    """Make one connection wait for another's lock and find the wait in the server's log."""
    engine, lock = create_engine(url), text("LOCK TABLE bookings")

    def wait() -> None:
        with engine.begin() as connection:
            connection.execute(lock)

    waiter = threading.Thread(target=wait)
    with engine.begin() as connection:
        connection.execute(lock)
        waiter.start()
        time.sleep(2 * LONGEST_WAIT_MS / 1000)
    waiter.join()
    engine.dispose()
    if not waits_told():
        raise RuntimeError("the server does not tell who waits for a lock")


def waits_told() -> int:
    """Return how many waits for a lock the server has written down."""
    return postgres.log().count(A_WAIT)


ON = {"sqlite": on_sqlite, "postgresql": on_postgresql}


def main(arguments: Sequence[str] | None = None) -> int:
    """Race on both databases; 0 when no guarantee broke and both controls did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=5000)
    parser.add_argument("--on", choices=ON, action="append", help="by default both")
    given = parser.parse_args(arguments)
    print(f"{PROCESSES} processes, {EXPERTS} experts, {FOUNDERS} founders, one day")
    postgres.prepare(durable=True)
    try:
        held = [ON[name](given.tries) for name in given.on or ON]
    finally:
        postgres.stop()
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
