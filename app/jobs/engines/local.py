"""The engine that needs nothing: each worker looks at the table every second."""

import signal
import threading
from collections.abc import Sequence
from uuid import UUID

from app.jobs.engines import AfterCommit, Follow, nothing
from app.settings import Settings
from app.unit_of_work import UnitOfWork


class LocalEngine:
    """Workers look by themselves; the process only waits to be told to stop."""

    looks_itself = True

    def wake(self, uow: UnitOfWork, job_ids: Sequence[UUID]) -> AfterCommit:
        """Do nothing: the next look finds them."""
        return nothing

    def run_forever(self) -> None:
        """Wait for SIGTERM or SIGINT."""
        told_to_stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: told_to_stop.set())
        told_to_stop.wait()

    def health(self) -> None:
        """Return: what it needs is the database, which others watch."""


def open_engine(_settings: Settings, _follow: Follow) -> LocalEngine:
    """Return the engine."""
    return LocalEngine()
