"""kill -9 of workers while jobs write rows and short messages leave: none lost, none doubled.

Four workers do jobs that write one counted row each, and hand short messages to a gateway that
fails one time in ten. Workers are killed at random, most of them while they hold a job, and some
are stopped for longer than their lease. Afterwards each job has left its row once, each message
was taken once, and of none it is unknown what became of it. The control takes away the fence
around the rows and the question to the gateway, and must show doubles.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, func, select

from app.db import open_engine
from app.domain.job import DeliveryState, JobState
from app.jobs.worker import BATCH
from app.models.job import IdempotencyKey, Job
from app.models.message import Delivery
from app.unit_of_work import unscoped
from benchmarks.outbox_field import Crew, Site, forks, plan, provider
from benchmarks.race_field import settings
from tests import databases, postgres

WORKERS = 4
# The attack is spread over this share of the work.
UNDER_ATTACK = 0.8
LEAST_PAUSE_SECONDS = 0.02
MORE = 250
PATIENCE_SECONDS = 900
DURABLE = ("synchronous=2 journal_mode=wal", "fsync=on synchronous_commit=on")
_OPEN = (JobState.READY, JobState.LEASED)
_TOLD = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)


@dataclass(frozen=True)
class Size:
    """How much there is to do, and how often workers are struck."""

    rows: int
    texts: int
    kills: int
    stalls: int

    @property
    def jobs(self) -> int:
        """Return how many jobs there are."""
        return self.rows + self.texts


FULL = Size(rows=15_000, texts=5_000, kills=210, stalls=12)
CONTROL = Size(rows=1_500, texts=500, kills=20, stalls=8)


@dataclass
class Outcome:
    """What was done to the workers, and what became of the work."""

    rows: int = 0
    kills: int = 0
    struck: int = 0
    stalls: int = 0
    seconds: float = 0.0
    lost: int = 0
    doubled_rows: int = 0
    taken_twice: int = 0
    doubled_keys: int = 0
    unknown: int = 0
    tries: int = 0
    acts: Counter[str] | None = None

    @property
    def faults(self) -> int:
        """Return how much went wrong."""
        doubled = self.doubled_rows + self.taken_twice + self.doubled_keys
        return self.lost + doubled + self.unknown

    def __str__(self) -> str:
        """Tell the figures in two lines."""
        return (
            f"{self.rows} rows, {self.kills} kills of which {self.struck} struck a leased job,"
            f" {self.stalls} stalls in {self.seconds:.0f} s; the gateway: {dict(self.acts or {})}\n"
            f"  lost {self.lost}, doubled rows {self.doubled_rows}, messages taken twice before"
            f" the key {self.taken_twice}, after it {self.doubled_keys},"
            f" unknown at the end {self.unknown}; {self.tries} tries more than jobs"
        )


def run(site: Site, size: Size, context: ForkServerContext) -> Outcome:
    """Plan the work, have it done under attack, and judge what became of it."""
    with provider(context) as gateway:
        site = replace(site, gateway_url=gateway.url, began=time.time())
        plan(site, size.rows, size.texts)
        engine, outcome = open_engine(site.url), Outcome(rows=size.rows)
        crew = Crew(site, context, engine)
        began = time.monotonic()
        try:
            for _ in range(WORKERS):
                crew.start()
            attack(crew, size, outcome)
            # A worker of the control that was stopped may still write what others did long ago.
            time.sleep(1)
        finally:
            crew.end()
        outcome.seconds = time.monotonic() - began
        figures = gateway.figures()
        judge(engine, size, figures["taken"], outcome)
        outcome.acts = Counter(figures["acts"])
        engine.dispose()
    return outcome


def attack(crew: Crew, size: Size, outcome: Outcome) -> None:
    """Strike workers that hold a job, evenly over the work, until all of it is done."""
    dice = random.Random(7)
    until = time.monotonic() + PATIENCE_SECONDS
    strikes, struck = size.kills + size.stalls, 0
    while (left := _left(crew.engine)) or struck < strikes or crew.stopped:
        if time.monotonic() > until:
            raise TimeoutError(f"{left} jobs are left, {strikes - struck} strikes")
        crew.wake()
        if left < WORKERS * BATCH and struck < strikes:
            # The work ran ahead of the attack.
            plan(crew.site, MORE)
            outcome.rows += MORE
        wanted = (1 - left / (outcome.rows + size.texts)) / UNDER_ATTACK * strikes
        if struck < min(wanted, strikes) and (holders := crew.holders()):
            strike(crew, dice.choice(holders), size, outcome, dice)
            struck = outcome.kills + outcome.stalls
        time.sleep(LEAST_PAUSE_SECONDS)


def strike(crew: Crew, owner: UUID, size: Size, outcome: Outcome, dice: random.Random) -> None:
    """Stop the worker for a while, or kill it, in the proportion that is still to come."""
    stalls, kills = size.stalls - outcome.stalls, size.kills - outcome.kills
    if dice.randrange(stalls + kills) < stalls:
        crew.stall(owner)
        outcome.stalls += 1
    else:
        outcome.struck += crew.kill(owner)
        outcome.kills += 1


def judge(engine: Engine, size: Size, taken: dict[str, int], outcome: Outcome) -> None:
    """Count what was lost and doubled, in the database and at the gateway."""
    with engine.connect() as connection, unscoped():
        rows = Counter(connection.scalars(select(IdempotencyKey.key)))
        tries = connection.scalar(select(func.sum(Job.attempts)))
        states = Counter(connection.scalars(select(Delivery.state)))
        planned = set(connection.scalars(select(Delivery.provider_key)))
    told = sum(states[state] for state in _TOLD)
    outcome.lost = outcome.rows - len(rows) + size.texts - told - states[DeliveryState.UNKNOWN]
    # Marked as sent, and the gateway never had it.
    outcome.lost += len(planned - taken.keys())
    outcome.doubled_rows = rows.total() - len(rows)
    outcome.taken_twice = sum(taken.values()) - len(taken)
    # One key for each message; a second one would be a second message.
    outcome.doubled_keys = len(planned) - size.texts + len(taken.keys() - planned)
    outcome.unknown = states[DeliveryState.UNKNOWN]
    outcome.tries = int(tries or 0) - outcome.rows - size.texts


def _left(engine: Engine) -> int:
    with engine.connect() as connection:
        open_jobs = select(func.count()).where(Job.state.in_(_OPEN))
        return int(connection.scalar(open_jobs) or 0)


def held(url: str, control_url: str, size: Size, context: ForkServerContext) -> bool:
    """Attack one kind of database, then its control; tell whether the guarantee was shown."""
    engine = open_engine(url)
    durability = settings(engine).lower()
    print(f"\n{engine.dialect.name}, {durability}: {size.jobs} jobs, {WORKERS} workers")
    engine.dispose()
    outcome = run(Site(url, "", 0.0), size, context)
    print(f"  {outcome}")
    control = run(Site(control_url, "", 0.0, is_guarded=False), CONTROL, context)
    print(f"  control without fence and question: {control}")
    shown = control.doubled_rows > 0 and control.taken_twice > 0
    enough = outcome.kills >= size.kills and outcome.struck * 2 >= outcome.kills
    return durability in DURABLE and not outcome.faults and enough and shown


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack SQLite, then PostgreSQL; 0 when nothing was lost or doubled but in the control."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=FULL.kills)
    parser.add_argument("--rows", type=int, default=FULL.rows)
    parser.add_argument("--texts", type=int, default=FULL.texts)
    given = parser.parse_args(arguments)
    size = Size(given.rows, given.texts, given.kills, FULL.stalls)
    folder, context = Path(tempfile.mkdtemp(prefix="jieban-outbox-")), forks()
    postgres.prepare(durable=True)
    try:
        template = databases.sqlite_template(folder)
        for name in ("attacked", "control"):
            shutil.copyfile(template, folder / f"{name}.db")
        files = [f"sqlite:///{folder / name}.db" for name in ("attacked", "control")]
        shown = held(*files, size, context)
        server = postgres.url()
        databases.postgresql_template(folder, server)
        for name in ("attacked", "control"):
            databases.create(server, name, databases.TEMPLATE)
        on_server = [databases.database(server, name) for name in ("attacked", "control")]
        shown = held(*on_server, size, context) and shown
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if shown else 1


if __name__ == "__main__":
    sys.exit(main())
