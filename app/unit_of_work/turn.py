"""Whose turn it is to write: one writer after the other, over threads and processes."""

import fcntl
import os
import threading
from pathlib import Path
from types import TracebackType


class Turn:
    """A queue in front of an SQLite file.

    SQLite's own busy handler polls: with many writers it lets some wait for a minute while
    others pass. The kernel's file lock wakes waiters in their order, and a killed process gives
    its turn back.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}.turn")
        self._thread = threading.Lock()
        self._held = -1

    def __enter__(self) -> None:
        self._thread.acquire()
        try:
            # Opened anew each time: a file that a forked process inherits is one lock for both.
            self._held = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._held, fcntl.LOCK_EX)
        except BaseException:
            self._let_go()
            raise

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._let_go()

    def _let_go(self) -> None:
        if self._held >= 0:
            os.close(self._held)
            self._held = -1
        self._thread.release()
