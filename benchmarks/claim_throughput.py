"""One expert whom everybody wants: claims in ordered locks against SELECT … FOR UPDATE.

Clients of PostgreSQL claim free times of one expert, each for a founder of his own, at the
server's own durability. All ways write the same rows and commit each claim by itself:

- for update: lock the expert, look whether the time is free, insert; the peer's way;
- ordered locks: lock both resources in order, insert, let the constraint refuse; ours;
- constraint: insert alone, which is fast here and deadlocks where several resources are contested.

Prints claims a second and the ratio to the peer, and fails below 1.2 or when two overlap.
"""

import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, create_engine, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.db import open_engine
from app.domain.ids import new_id
from app.models.booking import Booking, Resource, ResourceClaim, ResourceKind
from benchmarks.race_field import OVERLAPS, Field, build, settings
from tests import databases, postgres

CLIENTS, SECONDS, ROUNDS = 16, 4.0, 3
# Times lie close together over years, so that most tries find one free and some do not.
FIRST = datetime(2030, 1, 1, tzinfo=UTC)
SLOT, SLOTS = timedelta(minutes=30), 40_000
LEAST_RATIO = 1.2
booking_table, claims = Booking.__table__, ResourceClaim.__table__
resources = Resource.__table__


@dataclass(frozen=True)
class Stake:
    """What one client claims: the expert and a founder, for a booking like this one."""

    url: str
    way: str
    expert: UUID
    founder: UUID
    pattern: dict[str, object]
    seed: int


def for_update(connection: Connection, stake: Stake, starts_at: datetime) -> bool:
    """Lock the expert, look, insert."""
    connection.execute(
        select(resources.c.id).where(resources.c.id == stake.expert).with_for_update()
    )
    taken = select(claims.c.id).where(
        claims.c.resource_id.in_([stake.expert, stake.founder]),
        claims.c.is_active,
        claims.c.starts_at < starts_at + SLOT,
        claims.c.ends_at > starts_at,
    )
    if connection.execute(taken).first():
        return False
    write(connection, stake, starts_at)
    return True


def ordered_locks(connection: Connection, stake: Stake, starts_at: datetime) -> bool:
    """Lock both resources in order, insert, let the constraint refuse."""
    connection.execute(
        select(resources.c.id)
        .where(resources.c.id.in_([stake.expert, stake.founder]))
        .order_by(resources.c.id)
        .with_for_update(key_share=True)
    )
    write(connection, stake, starts_at)
    return True


def constraint(connection: Connection, stake: Stake, starts_at: datetime) -> bool:
    """Insert, let the constraint refuse."""
    write(connection, stake, starts_at)
    return True


WAYS: dict[str, Callable[[Connection, Stake, datetime], bool]] = {
    "for update": for_update,
    "ordered locks": ordered_locks,
    "constraint": constraint,
}


def write(connection: Connection, stake: Stake, starts_at: datetime) -> None:
    """Insert a booking and its two claims."""
    key = new_id()
    span = {"starts_at": starts_at, "ends_at": starts_at + SLOT}
    row = {**stake.pattern, **span, "id": key, "reference": f"YY-{key}"}
    connection.execute(insert(booking_table).values(**row))
    rows = [
        {"id": new_id(), "booking_id": key, "resource_id": resource_id, "is_active": True, **span}
        for resource_id in sorted((stake.expert, stake.founder))
    ]
    connection.execute(insert(claims).values(rows))


_together: list[Barrier] = []


def meet(together: Barrier) -> None:
    """Let a client know where all of them start."""
    _together.append(together)


def claim(stake: Stake) -> tuple[int, int, list[float]]:
    """Claim at random until the time is over; return claims, refusals and waits in ms."""
    dice = random.Random(stake.seed)
    engine = create_engine(stake.url)
    way = WAYS[stake.way]
    done, refused, waits = 0, 0, []
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    _together[0].wait()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        starts_at = FIRST + SLOT * dice.randrange(SLOTS)
        begun = time.perf_counter()
        try:
            with engine.begin() as connection:
                is_done = way(connection, stake, starts_at)
        except (IntegrityError, OperationalError):
            is_done = False
        waits.append((time.perf_counter() - begun) * 1000)
        done, refused = done + is_done, refused + (not is_done)
    engine.dispose()
    return done, refused, waits


def stakes(field: Field, way: str, seed: int) -> list[Stake]:
    """Return what each client goes for."""
    engine = create_engine(field.url)
    people = [field.experts[0], *(person_id for person_id, _ in field.founders[:CLIENTS])]
    kinds = [ResourceKind.EXPERT] + [ResourceKind.FOUNDER] * CLIENTS
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE resource_claims, resources, bookings CASCADE"))
        keys = [new_id() for _ in people]
        connection.execute(
            insert(resources),
            [
                {"id": key, "kind": kind, "ref_id": ref_id}
                for key, kind, ref_id in zip(keys, kinds, people, strict=True)
            ],
        )
    engine.dispose()
    person_id, need_id = field.founders[0]
    pattern: dict[str, object] = {
        "need_id": need_id,
        "founder_person_id": person_id,
        "lead_expert_id": field.experts[0],
        "session_type": "consultation",
        "mode": "onsite",
        "place": "",
        "status": "requested",
        "channel": "web",
    }
    expert, *founders = keys
    return [
        Stake(field.url, way, expert, founder, pattern, seed * CLIENTS + number)
        for number, founder in enumerate(founders)
    ]


def rate(pool: Pool, field: Field, way: str, seed: int) -> tuple[float, float, int]:
    """Return claims a second, the 99th percentile of waits in ms, and the overlaps left."""
    laps = pool.map(claim, stakes(field, way, seed), chunksize=1)
    waits = sorted(wait for _, _, each in laps for wait in each)
    engine = create_engine(field.url)
    with engine.connect() as connection:
        overlaps = int(connection.execute(text(OVERLAPS)).scalar_one())
        kept = int(connection.execute(text("SELECT count(*) FROM bookings")).scalar_one())
    engine.dispose()
    done = sum(count for count, _, _ in laps)
    if kept != done:
        raise AssertionError(f"{way}: {done} claims acknowledged, {kept} found")
    return done / SECONDS, waits[int(len(waits) * 0.99)], overlaps


def measure(field: Field) -> int:
    """Measure the ways by turns and print the medians; 0 when the target holds."""
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    overlaps = 0
    context = multiprocessing.get_context("spawn")
    # The clients are started once: what they import would be in each other's way.
    with context.Pool(CLIENTS, initializer=meet, initargs=(context.Barrier(CLIENTS),)) as pool:
        for turn in range(ROUNDS):
            for way in WAYS:
                found, p99, left = rate(pool, field, way, turn)
                rates[way].append(found)
                overlaps += left
                print(f"  round {turn + 1}, {way}: {found:.0f} claims/s, p99 {p99:.0f} ms")
    middle = {way: sorted(each)[ROUNDS // 2] for way, each in rates.items()}
    peer = middle["for update"]
    for way, found in middle.items():
        print(f"{way}: {found:.0f} claims/s, {found / peer:.2f} of the peer")
    print(f"overlaps {overlaps}")
    return int(overlaps > 0 or middle["ordered locks"] < LEAST_RATIO * peer)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure on a durable PostgreSQL of its own."""
    del arguments
    postgres.prepare(durable=True)
    try:
        server = postgres.url()
        databases.postgresql_template(Path(tempfile.mkdtemp(prefix="jieban-claims-")), server)
        databases.create(server, "claims", databases.TEMPLATE)
        field = build(databases.database(server, "claims"))
        print(f"{CLIENTS} clients, one expert, {settings(open_engine(field.url))}")
        return measure(field)
    finally:
        postgres.stop()


if __name__ == "__main__":
    sys.exit(main())
