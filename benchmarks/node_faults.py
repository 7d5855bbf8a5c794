"""Three job processes, killed and stopped, while business time and the lease clock jump.

Faults aim at the leader: SIGKILL, and SIGSTOP for longer than its lease lasts, every second one
while it holds a number that others write meanwhile. In between the clock file jumps by an hour
and by a day and is put back by an hour, which every process must refuse, and the clock that leases
go by is put by an hour both ways inside the database: on PostgreSQL by functions that stand before
pg_catalog in the nodes' search_path, on SQLite by a function in place of its own. (To shift the
clock of a worker would prove nothing: leases never ask it.)

Wanted: no slot done twice, a token that never goes back, another leader within the lease and one
tick, every reminder done once. The control runs without fences and must show slots done twice.
On SQLite a process is stopped while it does not write: one stopped in the midst of writing holds
the only lock there is, and everybody waits until it goes on.
"""

import argparse
import multiprocessing
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.job import JobState
from app.models.job import IdempotencyKey, Job, Lease
from app.unit_of_work import Store, UnitOfWork
from benchmarks import faulty_node
from benchmarks.faulty_node import REMINDER, SLOT, Site
from benchmarks.node_attack import Attack, Tally
from benchmarks.race_field import settings
from tests import databases, postgres
from tests.moments import START

NODES, REMINDERS = 3, 400
# What happens between faults, evenly spread.
EVENTS = ("lease +1h", "+1h", "lease 0", "back 1h", "lease -1h", "+1d", "lease 0")


def plan(site: Site) -> None:
    """Have reminders for the next thirty hours of business time, of both sorts."""
    dice = random.Random(3)
    engine = open_engine(site.url)
    store = Store(engine, FixedClock(START), databases.AUDIT_KEY)

    def use_case(uow: UnitOfWork) -> None:
        for number in range(REMINDERS):
            kind = "remind" if number % 2 else "remind_many"
            at = START + timedelta(minutes=dice.randrange(30 * 60))
            # Rows are claimed far more often here than a lease runs out in a year.
            uow.later(kind, f"{kind}:{number}", at).max_attempts = 1_000

    store.execute(SYSTEM, use_case)
    engine.dispose()


@dataclass(frozen=True)
class Verdict:
    """What was found afterwards."""

    slots: int
    doubled: int
    missed: int
    repeated: int
    went_back: bool
    held: bool
    refused: Counter[str]


def judge(attack: Attack) -> Verdict:
    """Count slots, reminders, tokens in the order of slots, and what nodes were refused."""
    engine = open_engine(attack.site.url)
    store = Store(engine, FixedClock(START), databases.AUDIT_KEY)
    with store.read(SYSTEM) as reader:
        rows = reader.session.execute(
            select(IdempotencyKey.route, IdempotencyKey.key, IdempotencyKey.answer)
        ).all()
        done = set(reader.session.scalars(select(Job.id).where(Job.state == JobState.DONE)))
        held = reader.session.scalars(select(Lease.owner)).one() is not None
    engine.dispose()
    slots = [(int(key.partition(":")[2]), token) for route, key, token in rows if route == SLOT]
    runs = Counter(key for route, key, _ in rows if route == REMINDER)
    by_slot = [token for _, token in sorted(slots)]
    seen = attack.tally.tokens
    said = "".join(path.read_text() for path in attack.site.folder.glob("*.log"))
    words = {"by the fence": "the term is over", "by the key": "done already", "clock": "went back"}
    return Verdict(
        slots=len(slots),
        doubled=len(slots) - len({number for number, _ in slots}),
        missed=REMINDERS - len(runs.keys() & {str(key) for key in done}),
        repeated=sum(runs.values()) - len(runs),
        went_back=by_slot != sorted(by_slot) or seen != sorted(seen),
        held=held,
        refused=Counter({name: said.count(phrase) for name, phrase in words.items()}),
    )


def run(site: Site, context: Any, faults: int) -> tuple[Tally, Verdict]:
    """Attack the nodes of one site and return what was seen."""
    site.prepare()
    plan(site)
    attack = Attack(site, context)
    try:
        for _ in range(NODES):
            attack.start()
        events = {round((n + 1) * faults / (len(EVENTS) + 1), 2): e for n, e in enumerate(EVENTS)}
        for number in range(faults):
            attack.fault(number)
            for place, name in events.items():
                if site.fenced and number < place <= number + 1:
                    attack.await_leader()
                    attack.event(name)
        attack.await_leader()
        attack.finish()
    finally:
        attack.end()
    return attack.tally, judge(attack)


def faults_of(site: Site, tally: Tally, verdict: Verdict, grace: float = 0) -> list[str]:
    """Return what is not as it must be, in words.

    Args:
        site: where the nodes ran.
        tally: what was done to them.
        verdict: what was found afterwards.
        grace: seconds by which a takeover may pass the lease and one tick.
    """
    longest = max(tally.takeovers, default=0.0)
    limit = site.seconds + site.pace + grace
    wrong = {
        f"{verdict.doubled} slots doubled": verdict.doubled > 0,
        f"{verdict.missed} reminders missed": verdict.missed > 0,
        f"{verdict.repeated} reminders repeated": verdict.repeated > 0,
        "the token went back": verdict.went_back,
        f"a takeover took {longest:.2f} s, more than {limit:.2f}": longest > limit,
        "few faults struck a slot in hand": tally.struck * 2 < len(tally.takeovers),
        f"{tally.ended} nodes ended by themselves": tally.ended > 0,
        "the lease clock was not put": any(abs(shift) > 5 for shift in tally.shifts),
        "a clock put back was not refused": not verdict.refused["clock"],
        "the last leader did not resign": verdict.held,
    }
    return [words for words, is_wrong in wrong.items() if is_wrong]


def tell(site: Site, tally: Tally, verdict: Verdict) -> None:
    """Print what was done and seen."""
    done = ", ".join(f"{count} {name}" for name, count in tally.faults.items())
    events = ", ".join(f"{name} x{count}" for name, count in tally.events.items())
    print(f"{site.url.partition(':')[0]} {'fenced' if site.fenced else 'control'}:")
    print(f"  faults: {done}; {tally.struck} struck a slot in hand; clocks: {events or 'none'}")
    print(f"  slots {verdict.slots}, doubled {verdict.doubled};", end=" ")
    print(f"refused by the fence {verdict.refused['by the fence']},", end=" ")
    print(f"by the key {verdict.refused['by the key']}")
    print(f"  reminders {REMINDERS}, missed {verdict.missed}, repeated {verdict.repeated}")
    waits = sorted(tally.takeovers)
    if waits:
        print(
            f"  takeover: median {waits[len(waits) // 2]:.2f} s, longest {waits[-1]:.2f} s", end=""
        )
        print(f" (lease {site.seconds:g} s, tick {site.pace:g} s); last token {tally.tokens[-1]},")
        print(f"  went back: {verdict.went_back}; clock refused {verdict.refused['clock']} times")


def attack_both(url: str, folder: Path, context: Any, counts: tuple[int, int]) -> bool:
    """Run with fences and, on another copy, the control without; tell whether both are right."""
    held = True
    for fenced, faults in zip((True, False), counts, strict=True):
        place = folder / f"{url.partition(':')[0]}-{fenced}"
        place.mkdir()
        site = Site(url.format(fenced="fenced" if fenced else "control"), place, 2.0, 0.5, fenced)
        tally, verdict = run(site, context, faults)
        tell(site, tally, verdict)
        wrong = faults_of(site, tally, verdict) if fenced else []
        if not fenced and not verdict.doubled:
            wrong = ["the control doubles nothing: the attack proves nothing"]
        for words in wrong:
            print(f"  WRONG: {words}")
        held = held and not wrong and sum(tally.faults.values()) >= faults
    return held


def nodes_context() -> Any:
    """Return where nodes come from: processes that have imported everything before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([faulty_node.__name__])
    return context


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack on PostgreSQL, then on SQLite; 0 when nothing broke and the controls did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=60)
    parser.add_argument("--control", type=int, default=8)
    given = parser.parse_args(arguments)
    counts = (given.faults, given.control)
    folder = Path(tempfile.mkdtemp(prefix="jieban-nodes-"))
    postgres.prepare(durable=True)
    try:
        server, context = postgres.url(), nodes_context()
        databases.postgresql_template(folder, server)
        databases.sqlite_template(folder)
        for name in ("fenced", "control"):
            databases.create(server, f"nodes_{name}", databases.TEMPLATE)
            shutil.copyfile(folder / f"{databases.TEMPLATE}.db", folder / f"nodes_{name}.db")
        held = True
        for url in (
            databases.database(server, "nodes_{fenced}"),
            f"sqlite:///{folder}/nodes_{{fenced}}.db",
        ):
            engine = open_engine(url.format(fenced="fenced"))
            print(settings(engine))
            engine.dispose()
            held = attack_both(url, folder, context, counts) and held
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
