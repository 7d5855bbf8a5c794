"""Nodes on one database, what is done to them, and what is looked at meanwhile."""

import contextlib
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, select, text

from app.db import MachineNow
from app.domain.ids import new_id
from app.unit_of_work.turn import Turn
from benchmarks import faulty_node
from benchmarks.faulty_node import Site
from tests.moments import START

PATIENCE_SECONDS = 60
HOUR = timedelta(hours=1)
# Business time runs so much faster than the machine's.
HASTE = 60
LEASES = {"lease +1h": 3_600.0, "lease -1h": -3_600.0, "lease 0": 0.0}


@dataclass
class Node:
    """One process."""

    process: Any
    looking: Any


@dataclass
class Tally:
    """What was done to the nodes, and what was seen meanwhile."""

    faults: Counter[str] = field(default_factory=Counter)
    struck: int = 0
    events: Counter[str] = field(default_factory=Counter)
    takeovers: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    shifts: list[float] = field(default_factory=list)
    ended: int = 0


def await_stop(pid: int) -> None:
    """Wait until every thread of the process stands still, some time after the signal."""
    threads = Path(f"/proc/{pid}/task")
    until = time.monotonic() + 1
    while threads.is_dir() and time.monotonic() < until:
        states = [
            (each / "stat").read_text().rpartition(")")[2].split()[0] for each in threads.iterdir()
        ]
        if set(states) == {"T"}:
            return
        time.sleep(0.001)
    # Where there is no /proc nobody can tell.
    time.sleep(0.05)


class Attack:
    """Nodes on one site, what is done to them, and what is looked at."""

    def __init__(self, site: Site, context: Any) -> None:
        self.site = site
        self.tally = Tally()
        self.nodes: dict[UUID, Node] = {}
        self._context = context
        self._engine = create_engine(site.url)
        self._dice = random.Random(7)
        self._now = START
        self._moved = time.monotonic()
        self._write_clock()

    def start(self) -> None:
        """Start one node more."""
        owner, looking = new_id(), self._context.Value("i", 0)
        process = self._context.Process(
            target=faulty_node.serve, args=(self.site, owner, looking), daemon=True
        )
        process.start()
        self.nodes[owner] = Node(process, looking)

    def look(self) -> tuple[UUID | None, int]:
        """Return who leads and with which token; move business time on."""
        self._let_time_pass()
        self._replace_ended()
        with self._engine.connect() as connection:
            row = connection.execute(text("SELECT owner, token FROM leases")).first()
        owner, token = row or (None, 0)
        if not self.tally.tokens or token != self.tally.tokens[-1]:
            self.tally.tokens.append(token)
        return (UUID(str(owner)) if owner else None), token

    def await_leader(self) -> tuple[UUID, int]:
        """Wait until a node that lives leads, and has renewed at least once."""
        until = time.monotonic() + PATIENCE_SECONDS
        seen: tuple[UUID | None, int] = (None, 0)
        since = time.monotonic()
        while time.monotonic() < until:
            found = self.look()
            if found != seen or found[0] not in self.nodes:
                seen, since = found, time.monotonic()
            elif time.monotonic() - since > self.site.pace and found[0] is not None:
                return found[0], found[1]
            time.sleep(0.02)
        raise AssertionError("nobody leads")

    def fault(self, number: int) -> None:
        """Kill or stop the leader, now and then another node; measure how long nobody leads."""
        owner, token = self.await_leader()
        if number % 10 == 9:
            followers = [each for each in self.nodes if each != owner]
            self._kill(self._dice.choice(followers))
            self.tally.faults["follower killed"] += 1
            return
        if number % 4 != 3:
            self._aim(owner)
        if number % 2 == 0 or not self.site.fenced:
            self._stop(owner, token)
        else:
            began = time.monotonic()
            self._kill(owner)
            self.tally.faults["leader killed"] += 1
            self._await_takeover(began, token)

    def event(self, name: str) -> None:
        """Put one of the clocks."""
        self.tally.events[name] += 1
        if name in LEASES:
            self.site.put_skew(LEASES[name])
            self.tally.shifts.append(LEASES[name] - self._seen_skew())
        elif name == "back 1h":
            self.site.clock.write_text((self._now - HOUR).isoformat())
            time.sleep(2 * self.site.pace)
            self._write_clock()
        else:
            self._now += HOUR if name == "+1h" else 24 * HOUR
            self._write_clock()

    def finish(self) -> None:
        """Let all business time pass, wait for the work, and stop the nodes cleanly."""
        self._now = max(self._now, START + 30 * HOUR)
        self._write_clock()
        until = time.monotonic() + PATIENCE_SECONDS
        waiting = text("SELECT count(*) FROM jobs WHERE state IN ('ready', 'leased')")
        while True:
            self.look()
            with self._engine.connect() as connection:
                left = connection.execute(waiting).scalar_one()
            if not left or time.monotonic() > until:
                break
            time.sleep(0.05)
        for node in self.nodes.values():
            node.process.terminate()
        for node in self.nodes.values():
            node.process.join(PATIENCE_SECONDS)

    def end(self) -> None:
        """Leave no process behind."""
        for node in self.nodes.values():
            if node.process.is_alive():
                os.kill(node.process.pid, signal.SIGKILL)
                node.process.join()
        self._engine.dispose()

    def _kill(self, owner: UUID) -> None:
        node = self.nodes.pop(owner)
        self.tally.struck += node.looking.value
        os.kill(node.process.pid, signal.SIGKILL)
        node.process.join()
        self.start()

    def _aim(self, owner: UUID) -> None:
        """Wait until the node holds a number that it has not written yet."""
        until = time.monotonic() + 2
        while not self.nodes[owner].looking.value and time.monotonic() < until:
            time.sleep(0.001)

    def _stop(self, owner: UUID, token: int) -> None:
        node = self.nodes[owner]
        with self._nobody_writing():
            os.kill(node.process.pid, signal.SIGSTOP)
            await_stop(node.process.pid)
        began = time.monotonic()
        self.tally.struck += node.looking.value
        self.tally.faults["leader stopped"] += 1
        try:
            self._await_takeover(began, token)
            # It sleeps for longer than any lease, and until others have gone on.
            while time.monotonic() < began + self.site.seconds + 2 * self.site.pace:
                self.look()
                time.sleep(0.02)
        finally:
            os.kill(node.process.pid, signal.SIGCONT)

    def _nobody_writing(self) -> contextlib.AbstractContextManager[None]:
        if self.site.url.startswith("postgresql"):
            return contextlib.nullcontext()
        return Turn(Path(self.site.url.removeprefix("sqlite:///")))

    def _await_takeover(self, began: float, token: int) -> None:
        until = began + PATIENCE_SECONDS
        while self.look()[1] <= token:
            if time.monotonic() > until:
                raise AssertionError("nobody takes over")
            time.sleep(0.02)
        self.tally.takeovers.append(time.monotonic() - began)

    def _replace_ended(self) -> None:
        for owner, node in list(self.nodes.items()):
            if not node.process.is_alive():
                self.tally.ended += 1
                del self.nodes[owner]
                self.start()

    def _let_time_pass(self) -> None:
        passed = time.monotonic() - self._moved
        if passed > 0.2:
            self._now += timedelta(seconds=passed * HASTE)
            self._write_clock()

    def _write_clock(self) -> None:
        self._moved = time.monotonic()
        fresh = self.site.folder / "clock.new"
        fresh.write_text(self._now.isoformat())
        fresh.replace(self.site.clock)

    def _seen_skew(self) -> float:
        engine = self.site.open()
        with engine.connect() as connection:
            seen = connection.execute(select(MachineNow())).scalar_one()
        engine.dispose()
        return float(seen.timestamp() - time.time())
