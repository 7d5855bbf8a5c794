"""A job process to be killed, stopped and misled about the time: the parts of the real one.

Beside the duties of a leader it does a slot at each tick: it looks which number is next, pauses,
and writes that number as a duty. The pause is where a fault must strike: whoever is stopped there
and woken after another has taken over holds a number that is long done.
"""

import logging
import time
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    ColumnElement,
    Engine,
    Update,
    create_engine,
    event,
    func,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FileClock
from app.domain.errors import ConflictError
from app.domain.ids import new_id
from app.domain.job import ClaimedJob
from app.jobs import leader, queue
from app.jobs.engines.local import LocalEngine
from app.jobs.handling import Handler, Registry
from app.jobs.leader import Leadership, NotLeaderError
from app.jobs.schedule import Metronome
from app.jobs.ticks import Ticks
from app.jobs.watchdog import Pulse, Watchdog
from app.jobs.worker import Worker
from app.models.job import IdempotencyKey, Job
from app.services import job_processes
from app.unit_of_work import Store, UnitOfWork
from tests.databases import AUDIT_KEY

log = logging.getLogger("node")

REMINDER, SLOT = "reminder", "slot"
# Whom all slots belong to: with the number it is the unique key.
OFFICE = UUID(int=7)
SKEW_SCHEMA = """
CREATE SCHEMA skew;
CREATE TABLE skew.clock (seconds float8 NOT NULL);
INSERT INTO skew.clock VALUES (0);
CREATE FUNCTION skew.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
$$ SELECT pg_catalog.clock_timestamp() + (SELECT seconds FROM skew.clock) * interval '1 second' $$;
CREATE FUNCTION skew.now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
$$ SELECT pg_catalog.now() + (SELECT seconds FROM skew.clock) * interval '1 second' $$
"""
SEARCH_PATH = "?options=-csearch_path%3Dskew,pg_catalog,public"


@dataclass(frozen=True)
class Site:
    """Where nodes run, and how.

    Attributes:
        url: the database, with its true clock.
        folder: holds the clock file, the offset of SQLite's clock, and a log of each node.
        seconds: how long a lease lasts, of the leader and of jobs.
        pace: by what the intervals of the ticks are multiplied.
        fenced: false in the control, where nobody looks at leases and no key is unique.
    """

    url: str
    folder: Path
    seconds: float
    pace: float
    fenced: bool = True

    @property
    def clock(self) -> Path:
        """Return the file of the business time."""
        return self.folder / "clock"

    @property
    def skew(self) -> Path:
        """Return the file with the offset of SQLite's clock in seconds."""
        return self.folder / "skew"

    def prepare(self) -> None:
        """Give the database a clock that can be put."""
        self.skew.write_text("0")
        if self.url.startswith("postgresql"):
            engine = create_engine(self.url)
            with engine.begin() as connection:
                connection.exec_driver_sql(SKEW_SCHEMA)
            engine.dispose()

    def put_skew(self, seconds: float) -> None:
        """Put the database's clock, for nodes alone."""
        if self.url.startswith("postgresql"):
            engine = create_engine(self.url)
            with engine.begin() as connection:
                connection.execute(text("UPDATE skew.clock SET seconds = :s"), {"s": seconds})
            engine.dispose()
            return
        fresh = self.folder / "skew.new"
        fresh.write_text(str(seconds))
        fresh.replace(self.skew)

    def open(self) -> Engine:
        """Return an engine on which the database tells the time that was put."""
        if self.url.startswith("postgresql"):
            return open_engine(self.url + SEARCH_PATH)
        engine = open_engine(self.url)

        def put_clock(connection: Any, _record: object) -> None:
            # In place of SQLite's own function of that name.
            connection.create_function("julianday", 1, self._julian_day)

        event.listen(engine, "connect", put_clock)
        return engine

    def _julian_day(self, _now: str) -> float:
        return 2440587.5 + (time.time() + float(self.skew.read_text())) / 86_400


class SlotTicks(Ticks):
    """The ticks of a job process whose leader also does slots."""

    def prepare(self, site: Site, looking: "Synchronized[int]") -> None:
        """Take where it runs and the flag that it has looked and not written yet."""
        self._site = site
        self._looking = looking

    def seal(self) -> None:
        """Seal, and do the next slot."""
        super().seal()
        self._guarded("slot", self._slot, led=True)

    def _slot(self) -> None:
        with self._store.read(SYSTEM) as reader:
            done = select(func.count(IdempotencyKey.key.distinct())).where(
                IdempotencyKey.route == SLOT
            )
            number = reader.session.execute(done).scalar_one() + 1
        self._looking.value = 1
        time.sleep(self._site.pace / 5)
        term = self.leadership.term
        try:
            self.leadership.do(_keep, SLOT, f"{SLOT}:{number}", term.token if term else 0)
        except NotLeaderError:
            log.warning("slot %s refused: the term is over", number)
        except (IntegrityError, ConflictError):
            log.warning("slot %s refused: done already", number)
        finally:
            self._looking.value = 0


def _keep(uow: UnitOfWork, route: str, key: str, answer: int) -> None:
    uow.add(
        IdempotencyKey(
            account_id=OFFICE if route == SLOT and _unique[0] else new_id(),
            key=key,
            route=route,
            body_sha256=b"0" * 32,
            answer=answer,
            created_at=uow.now,
        )
    )


_unique = [True]


def remind(uow: UnitOfWork, job: ClaimedJob) -> None:
    """Leave one row for each run."""
    _keep(uow, REMINDER, str(job.id), job.attempts)


KINDS: Registry = {
    "remind": Handler(remind),
    "remind_many": Handler(remind, together=True),
}


def unfence() -> None:
    """Let everybody write whatever his lease says: the control that shows what fences are for."""
    patch = pytest.MonkeyPatch()
    patch.setattr(leader, "ensure_leads", lambda *_: None)
    patch.setattr(queue, "_fenced", _any_owner)
    patch.setattr(queue, "_fence_around", _any_owners)
    _unique[0] = False


def _any_owner(job: ClaimedJob) -> Update:
    return update(Job).where(Job.id == job.id)


def _any_owners(jobs: list[ClaimedJob]) -> ColumnElement[bool]:
    return Job.id.in_([job.id for job in jobs])


def serve(site: Site, owner: UUID, looking: "Synchronized[int]") -> None:
    """Work until killed, or until told to stop."""
    logging.basicConfig(filename=site.folder / f"{owner}.log", level=logging.INFO, force=True)
    if not site.fenced:
        unfence()
    store = Store(site.open(), FileClock(site.clock), AUDIT_KEY)
    worker, pulse = Worker(store, KINDS, lease_seconds=site.seconds), Pulse()
    worker.owner = owner
    leadership = Leadership(store, owner, seconds=site.seconds, renew_seconds=site.seconds / 3)
    ticks = SlotTicks(store, worker, KINDS, pulse, leadership=leadership)
    ticks.prepare(site, looking)
    metronome = Metronome(ticks, pace=site.pace)
    watchdog = Watchdog(metronome.is_alive, pulse)
    ticks.show()
    ticks.lead()
    metronome.start()
    watchdog.start()
    LocalEngine().run_forever()
    watchdog.call_off()
    worker.stop()
    metronome.stop()
    worker.release()
    leadership.resign()
    store.execute(SYSTEM, job_processes.leave, owner)
    store.engine.dispose()
