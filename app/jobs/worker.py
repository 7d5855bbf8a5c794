"""A worker: claims what is due, does it row by row, gives back what it could not start."""

import logging
import threading
from collections.abc import Callable
from uuid import UUID

from app.domain.actor import SYSTEM
from app.domain.ids import new_id
from app.domain.job import LEASE_SECONDS, ClaimedJob, JobState
from app.jobs import queue
from app.jobs.handling import Handler, OutsideHandler, Registry, run
from app.unit_of_work import Store

log = logging.getLogger(__name__)

BATCH = 20


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
        self._inside = _kinds(registry, Handler)
        self._outside = _kinds(registry, OutsideHandler)

    def work(self, pulse: Callable[[], None] = lambda: None) -> int:
        """Do rows until none is due or the worker is stopped; return how many were done.

        Args:
            pulse: called after each row, to show that the work goes on.
        """
        done = 0
        while not self._stopping.is_set():
            # What reaches outside is claimed singly: a lease must outlive its slow neighbours.
            jobs = self._claim(self._inside, BATCH) + self._claim(self._outside, 1)
            if not jobs:
                break
            for job in jobs:
                if self._stopping.is_set():
                    break
                done += run(self._store, self._registry[job.kind], job) is JobState.DONE
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

    def _claim(self, kinds: frozenset[str], most: int) -> list[ClaimedJob]:
        if not kinds:
            return []
        wanted = queue.Claim(self.owner, kinds, most, self._lease_seconds)
        return self._store.execute(SYSTEM, queue.claim, wanted)


def _kinds(registry: Registry, sort: type) -> frozenset[str]:
    return frozenset(kind for kind, handler in registry.items() if isinstance(handler, sort))
