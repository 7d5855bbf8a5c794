"""A worker: claims what is due, does it row by row, gives back what it could not start."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from app.domain.actor import SYSTEM
from app.domain.ids import new_id
from app.domain.job import LEASE_SECONDS, ClaimedJob, JobState
from app.jobs import queue
from app.jobs.handling import Handler, Registry, run, run_together
from app.unit_of_work import Store

log = logging.getLogger(__name__)

BATCH = 20
# Rows that share a transaction: as many as keep other writers of SQLite waiting unnoticed.
TOGETHER = 50


class Worker:
    """Works on the rows of one database until told to stop.

    Any number of workers, in any number of processes, may share the database.
    """

    def __init__(
        self, store: Store, registry: Registry, *, lease_seconds: float = LEASE_SECONDS
    ) -> None:
        self.owner: UUID = new_id()
        self._store = store
        self._registry = registry
        self._lease_seconds = lease_seconds
        self._stopping = threading.Event()
        together, inside, outside = _sorts(registry)
        # What reaches outside is claimed singly: a lease must outlive its slow neighbours.
        self._most = {together: TOGETHER, inside: BATCH, outside: 1}

    def work(self, pulse: Callable[[], None] = lambda: None) -> int:
        """Do rows until none is due or the worker is stopped; return how many were done.

        Args:
            pulse: called after each row, or rows done together, to show that the work goes on.
        """
        done = 0
        while not self._stopping.is_set():
            jobs = self._store.execute(SYSTEM, queue.claim_each, self._wanted())
            if not jobs:
                break
            for portion in self._portions(jobs):
                if self._stopping.is_set():
                    break
                done += self._run(portion).count(JobState.DONE)
                pulse()
        return done

    def do(self, job_id: UUID) -> JobState | None:
        """Do one row, of which a wake told; None when it is not due, not free or not known here."""
        if self._stopping.is_set():
            return None
        wanted = queue.Claim(self.owner, frozenset(self._registry), 1, self._lease_seconds)
        job = self._store.execute(SYSTEM, queue.claim_one, wanted, job_id)
        return run(self._store, self._registry[job.kind], job) if job else None

    def stop(self) -> None:
        """Claim nothing more; the row at hand is finished."""
        self._stopping.set()

    def release(self) -> int:
        """Give back what was claimed and not started; return how many rows."""
        return self._store.execute(SYSTEM, queue.release, self.owner)

    def _portions(self, jobs: Sequence[ClaimedJob]) -> Iterator[list[ClaimedJob]]:
        """Yield rows that may share a transaction by kind, and every other one by itself."""
        shared: dict[str, list[ClaimedJob]] = {}
        for job in jobs:
            handler = self._registry[job.kind]
            if isinstance(handler, Handler) and handler.together:
                shared.setdefault(job.kind, []).append(job)
            else:
                yield [job]
        yield from shared.values()

    def _run(self, portion: list[ClaimedJob]) -> list[JobState]:
        handler = self._registry[portion[0].kind]
        if isinstance(handler, Handler) and handler.together:
            return run_together(self._store, handler, portion)
        return [run(self._store, handler, job) for job in portion]

    def _wanted(self) -> list[queue.Claim]:
        return [
            queue.Claim(self.owner, kinds, most, self._lease_seconds)
            for kinds, most in self._most.items()
            if kinds
        ]


def _sorts(registry: Registry) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the kinds done together, those done one by one, and those that reach outside."""
    inside = {kind: each for kind, each in registry.items() if isinstance(each, Handler)}
    together = frozenset(kind for kind, each in inside.items() if each.together)
    return together, frozenset(inside) - together, frozenset(registry) - frozenset(inside)
