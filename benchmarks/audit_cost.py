"""What the trail costs who writes: the real `bookings.accept`, with and without its entries.

Mentors accept requests one after the other, each in a transaction of its own on a durable
database, by turns with the trail and in a control build of the unit of work that writes no entry.
Everything else is the same: the same use case, rows, messages and jobs. The control lives here
alone; the service has no such switch. Rounds are paired, so that a busy machine slows both.

Prints for each database the median and the spread of the rate that is lost, by the clock and by
processor time, in which a slow disk has no part, and of the time that is added. Fails above 30 %
or when the entries found are not those of the audited half. With `--profile` it prints where the
time of an audited transaction goes.
"""

import argparse
import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import open_engine
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.availability import Mode
from app.domain.clock import FixedClock
from app.domain.ids import PersonId
from app.models.audit_entry import AuditEntry
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import Store, store
from app.unit_of_work.trail import Marks, Trail
from benchmarks.race_field import settings
from tests import databases, postgres
from tests.builders import a_mentor, a_need, a_person, an_expert
from tests.moments import START, at

ROUNDS, PAIRS = 9, 60
MOST_LOST = 0.30
EXPERTS = 16
FIRST, DAYS, HOURS = at("09-18 09:00"), 7, 11
Request = tuple[Actor, UUID]


class Spent(NamedTuple):
    """Seconds that passed, and seconds in which this process worked, without the disk's."""

    waited: float
    worked: float


class Unaudited(Trail):
    """The control: nothing is noted and nothing written."""

    def watch(self, session: Session, *_: object) -> None:
        """Note nothing."""

    def write(self, session: Session, actor: Actor, now: datetime, marks: Marks) -> None:
        """Write nothing."""


def without_trail() -> AbstractContextManager[object]:
    """Open transactions without the trail for a while."""
    return patch.object(store, "Trail", Unaudited)


def times() -> Iterator[datetime]:
    """Yield times of one expert, none of which overlap."""
    for day in range(DAYS):
        for hour in range(HOURS):
            yield FIRST + timedelta(days=day, hours=hour)


def requests(of: Store, count: int) -> list[Request]:
    """Return so many requests that wait for their mentor, each of a founder of his own."""
    asked: list[Request] = []
    experts = [an_expert(of, name=f"E{number}", monthly_limit=10**6) for number in range(EXPERTS)]
    mentors = [a_mentor(of, expert) for expert in experts]
    for starts_at in times():
        for expert, mentor in zip(experts, mentors, strict=True):
            if len(asked) == count:
                return asked
            person = a_person(of, name=f"F{len(asked)}")
            founder = Actor(roles=frozenset({Role.FOUNDER}), person_id=PersonId(person.id))
            choice = Choice(
                need_id=a_need(of, person.id).id,
                expert_id=expert.id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=50),
                mode=Mode.ONSITE,
            )
            asked.append((mentor, of.execute(founder, bookings.request_now, choice).id))
    raise ValueError(f"no room for {count} requests")


def accept(of: Store, request: Request) -> Spent:
    """Accept the request and return the seconds that took."""
    mentor, booking_id = request
    began, worked = time.perf_counter(), time.process_time()
    of.execute(mentor, bookings.accept, booking_id)
    return Spent(time.perf_counter() - began, time.process_time() - worked)


def lap(of: Store, pairs: list[tuple[Request, Request]]) -> tuple[Spent, Spent]:
    """Accept one of each pair with the trail, one without; return the usual seconds of both.

    The median, because one wait for a disk that others use too would tell of nothing else.
    """
    spent: dict[bool, list[Spent]] = {True: [], False: []}
    for number, pair in enumerate(pairs):
        # By turns, so that neither always finds the other's pages in the cache.
        for is_audited, request in zip((number % 2 == 0, number % 2 == 1), pair, strict=True):
            with nullcontext() if is_audited else without_trail():
                spent[is_audited].append(accept(of, request))
    return _usual(spent[True]), _usual(spent[False])


def _usual(spent: list[Spent]) -> Spent:
    return Spent(median(each.waited for each in spent), median(each.worked for each in spent))


def _lost(audited: float, plain: float) -> float:
    return 1 - plain / audited


def entries(of: Store) -> int:
    """Return how many acceptances the trail tells of."""
    with of.read(SYSTEM) as reader:
        told = select(func.count(AuditEntry.id)).where(AuditEntry.action == "booking.accepted")
        return reader.session.execute(told).scalar_one()


def measure(url: str, rounds: int, pairs: int) -> bool:
    """Measure on one database, print, and return whether the target holds."""
    of = Store(open_engine(url), FixedClock(START), databases.AUDIT_KEY)
    print(f"{of.engine.dialect.name}: {settings(of.engine)}, {rounds} rounds of {pairs} pairs")
    asked = requests(of, 2 * pairs * (rounds + 1))
    laps = []
    for turn in range(rounds + 1):
        mine = asked[2 * pairs * turn : 2 * pairs * (turn + 1)]
        laps.append(lap(of, list(zip(mine[::2], mine[1::2], strict=True))))
    told, wanted = entries(of), pairs * (rounds + 1)
    of.engine.dispose()
    # The first round warms caches and is not counted.
    lost = sorted(_lost(audited.waited, plain.waited) for audited, plain in laps[1:])
    worked = sorted(_lost(audited.worked, plain.worked) for audited, plain in laps[1:])
    added = sorted(1000 * (audited.waited - plain.waited) for audited, plain in laps[1:])
    plain_ms = 1000 * median(plain.waited for _, plain in laps[1:])
    print(
        f"  without {plain_ms:.1f} ms;"
        f" added {median(added):.2f} ms ({added[0]:.2f}–{added[-1]:.2f});"
        f" rate lost {median(lost):.1%} ({lost[0]:.1%}–{lost[-1]:.1%}),"
        f" of processor time {median(worked):.1%} ({worked[0]:.1%}–{worked[-1]:.1%});"
        f" entries {told} of {wanted}"
    )
    return max(median(lost), median(worked)) <= MOST_LOST and told == wanted


def profile(url: str, count: int) -> None:
    """Print where the time of audited acceptances goes."""
    of = Store(open_engine(url), FixedClock(START), databases.AUDIT_KEY)
    asked = requests(of, count)
    watched = cProfile.Profile()
    with watched:
        for request in asked:
            accept(of, request)
    of.engine.dispose()
    pstats.Stats(watched).sort_stats("cumulative").print_stats(45)


def main() -> int:
    """Measure on SQLite and on a durable PostgreSQL; return 1 when the trail costs too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="jieban-cost-"))
    path = folder / "cost.db"
    path.write_bytes(Path(databases.sqlite_template(folder)).read_bytes())
    if given.profile:
        profile(f"sqlite:///{path}", given.pairs)
        return 0
    holds = [measure(f"sqlite:///{path}", given.rounds, given.pairs)]
    postgres.prepare(durable=True)
    try:
        server = postgres.url()
        databases.postgresql_template(folder, server)
        databases.create(server, "cost", databases.TEMPLATE)
        holds.append(measure(databases.database(server, "cost"), given.rounds, given.pairs))
    finally:
        postgres.stop()
    print("ok" if all(holds) else "FAILED")
    return int(not all(holds))


if __name__ == "__main__":
    sys.exit(main())
