"""kill -9 of clients and of PostgreSQL while they book: what was acknowledged stands, nothing else.

Each client writes what it is about to do and what it was told to a file of its own, which outlives
it. Afterwards every acknowledged step must be found in the database, a refused one must have left
nothing, and a booking that nobody was told of must be one that a client asked for and got no
answer to. A control alters the history and must be found out.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.booking import CLAIMING
from app.domain.clock import FixedClock
from app.domain.errors import DomainError
from app.models.booking import Booking
from app.unit_of_work import Store
from benchmarks.race_field import HALVES, OVERLAPS, Act, Field, build, choose, do, settings
from tests import databases, postgres
from tests.moments import START

CLIENTS = 8
CRASH_EVERY_SECONDS = 8
ENDED = "ended"
# A client that follows a killed one must not spend its life on imports.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["benchmarks.race_field"])
Row = tuple[str, str, str]


@dataclass
class History:
    """What clients were told, by booking, and what they never heard of.

    Attributes:
        states: the last acknowledged state of each booking, its start or that it ended.
        doubtful: further states that bookings may have, for want of an answer.
        asked: bookings asked for without an answer: need, expert and start.
    """

    states: dict[str, str] = field(default_factory=dict)
    doubtful: dict[str, set[str]] = field(default_factory=dict)
    asked: Counter[Row] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)


def client(where: Field, seed: int, path: str) -> None:
    """Book, move and call off until killed, writing down each step before and after."""
    dice = random.Random(seed)
    store = Store(open_engine(where.url), FixedClock(START), databases.AUDIT_KEY)
    own: list[Any] = []
    with Path(path).open("a", buffering=1) as log:
        while True:
            act = choose(where, dice, own)
            log.write(json.dumps(described(act)) + "\n")
            try:
                booking_id = do(store, act)
            except DomainError as refusal:
                log.write(json.dumps({"refused": refusal.code}) + "\n")
            except DBAPIError:
                # The server is gone: nobody knows whether it had committed.
                log.write(json.dumps({"unknown": True}) + "\n")
                if act.booking_id is not None:
                    own.remove((act.actor, act.booking_id))
                time.sleep(0.2)
            else:
                log.write(json.dumps({"done": booking_id.hex}) + "\n")
                if act.choice is not None:
                    own.append((act.actor, booking_id))
                elif act.verb == "cancel":
                    own.remove((act.actor, booking_id))


def described(act: Act) -> dict[str, str]:
    """Return a step in the words of the file."""
    step = {"verb": act.verb, "starts_at": act.starts_at.isoformat()}
    if act.choice is not None:
        return {**step, "need": act.choice.need_id.hex, "expert": act.choice.expert_id.hex}
    return {**step, "booking": UUID(str(act.booking_id)).hex}


def read(paths: Sequence[Path]) -> History:
    """Return what all clients wrote."""
    history = History()
    for path in paths:
        for step, answer in steps_of(path):
            enter(history, step, answer)
    return history


def steps_of(path: Path) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Yield each step with its answer; one that was cut off has none."""
    step: dict[str, str] | None = None
    for line in path.read_text().splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            # The client died while it wrote: a step that was not yet taken, or an answer lost.
            continue
        if "verb" in entry:
            if step is not None:
                yield step, {}
            step = entry
        elif step is not None:
            yield step, entry
            step = None
    if step is not None:
        yield step, {}


def enter(history: History, step: dict[str, str], answer: dict[str, Any]) -> None:
    """Add a step and its answer to the history."""
    after = ENDED if step["verb"] == "cancel" else step["starts_at"]
    if "done" in answer:
        history.states[answer["done"]] = after
        history.told["acknowledged"] += 1
    elif "refused" in answer:
        history.told["refused"] += 1
    else:
        history.told["unknown"] += 1
        if "booking" in step:
            history.doubtful.setdefault(step["booking"], set()).add(after)
        else:
            history.asked[step["need"], step["expert"], step["starts_at"]] += 1


def judge(history: History, found: dict[str, tuple[str, Row]]) -> dict[str, int]:
    """Return the violations by name.

    Args:
        history: what clients were told.
        found: the state of each booking in the database, and what was asked for by it.
    """
    lost = set(history.states) - found.keys()
    wrong = [
        key
        for key, state in history.states.items()
        if key in found and found[key][0] not in {state} | history.doubtful.get(key, set())
    ]
    unheard = Counter(row for key, (_, row) in found.items() if key not in history.states)
    ghosts = sum((unheard - history.asked).values())
    return {"lost": len(lost), "wrong": len(wrong), "ghosts": ghosts}


def found_in(url: str) -> dict[str, tuple[str, Row]]:
    """Return each booking's state and what was asked for."""
    engine = open_engine(url)
    store = Store(engine, FixedClock(START), databases.AUDIT_KEY)
    from_database = {}
    with store.read(SYSTEM) as reader:
        for row in reader.session.scalars(select(Booking)):
            start = row.starts_at.isoformat()
            state = start if row.status in CLAIMING else ENDED
            from_database[row.id.hex] = state, (row.need_id.hex, row.lead_expert_id.hex, start)
    engine.dispose()
    return from_database


class Crowd:
    """Clients that are killed and followed by others, each with a file of its own."""

    def __init__(self, where: Field, folder: Path) -> None:
        self._where, self._folder = where, folder
        self.paths: list[Path] = []
        self._alive = [self._start() for _ in range(CLIENTS)]

    def kill_one(self, dice: random.Random) -> None:
        """Kill one client without warning and let another follow."""
        place = dice.randrange(CLIENTS)
        self._end(self._alive[place])
        self._alive[place] = self._start()

    def kill_all(self) -> None:
        """Kill every client without warning."""
        for process in self._alive:
            self._end(process)

    def _start(self) -> BaseProcess:
        path = self._folder / f"client-{len(self.paths)}.jsonl"
        process = FORKS.Process(target=client, args=(self._where, len(self.paths), str(path)))
        path.touch()
        self.paths.append(path)
        process.start()
        return process

    def _end(self, process: BaseProcess) -> None:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()


def altered(history: History) -> Iterator[tuple[str, History]]:
    """Yield histories that the database does not bear out, by what must be found."""
    key, state = next(iter(history.states.items()))
    invented = {**history.states, "0" * 32: state}
    yield "lost", replace(history, states=invented)
    forgotten = {each: at for each, at in history.states.items() if each != key}
    yield "ghosts", replace(history, states=forgotten, asked=Counter())
    yield "wrong", replace(history, states={**history.states, key: "never"}, doubtful={})


def run(url: str, seconds: float, folder: Path) -> bool:
    """Attack one database; tell whether the history holds and the control does not."""
    where = build(url)
    is_server = url.startswith("postgresql")
    dice, kills = random.Random(7), Counter[str]()
    crowd = Crowd(where, folder)
    until, crash_at = time.monotonic() + seconds, time.monotonic() + CRASH_EVERY_SECONDS
    while time.monotonic() < until:
        time.sleep(dice.uniform(0.4, 1.2))
        if is_server and time.monotonic() > crash_at:
            postgres.crash()
            kills["server"] += 1
            crash_at = time.monotonic() + CRASH_EVERY_SECONDS
        else:
            crowd.kill_one(dice)
            kills["client"] += 1
    crowd.kill_all()
    history, found = read(crowd.paths), found_in(url)
    faults = judge(history, found)
    engine = create_engine(url)
    with engine.connect() as connection:
        for name, query in (("overlaps", OVERLAPS), ("half bookings", HALVES)):
            faults[name] = int(connection.execute(text(query)).scalar_one())
    print(f"\n{engine.dialect.name}: {dict(history.told)}, kills {dict(kills)}, {settings(engine)}")
    print("  " + ", ".join(f"{name} {count}" for name, count in faults.items()))
    engine.dispose()
    if not history.states:
        return False
    blind = [name for name, other in altered(history) if not judge(other, found)[name]]
    print(f"  control: {'found out' if not blind else f'NOT FOUND: {blind}'}")
    enough = history.told["acknowledged"] >= seconds and kills["client"] >= seconds / 4
    return enough and not any(faults.values()) and not blind


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack both databases; 0 when nothing acknowledged was lost and nothing else stands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    seconds = parser.parse_args(arguments).seconds
    folder = Path(tempfile.mkdtemp(prefix="jieban-history-"))
    postgres.prepare(durable=True)
    try:
        shutil.copyfile(databases.sqlite_template(folder), folder / "history.db")
        (folder / "sqlite").mkdir()
        held = run(f"sqlite:///{folder / 'history.db'}", seconds, folder / "sqlite")
        server = postgres.url()
        databases.postgresql_template(folder, server)
        databases.create(server, "history", databases.TEMPLATE)
        (folder / "postgresql").mkdir()
        url = databases.database(server, "history")
        held = run(url, seconds, folder / "postgresql") and held
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
