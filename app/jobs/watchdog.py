"""Watches whether the metronome calls and ticks end; a process that only looks alive is ended."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
MOST_MISSED = 3
STUCK_SECONDS = 300
# sysexits.h: internal software error; service managers start the process anew.
EXIT_STUCK = 70


class Pulse:
    """Signs of life of the ticks, by the machine's steady clock."""

    def __init__(self) -> None:
        self._beats = 0
        self._busy_since: dict[str, float] = {}
        self._lock = threading.Lock()

    @property
    def beats(self) -> int:
        """Return how often the metronome has called."""
        return self._beats

    def beat(self) -> None:
        """Note that the metronome called."""
        self._beats += 1

    def begin(self, name: str) -> None:
        """Note that a tick runs, or that it has come a step further."""
        with self._lock:
            self._busy_since[name] = time.monotonic()

    def end(self, name: str) -> None:
        """Note that the tick has ended."""
        with self._lock:
            self._busy_since.pop(name, None)

    @contextmanager
    def during(self, name: str) -> Iterator[None]:
        """Note that something runs, and its end however it ends."""
        self.begin(name)
        try:
            yield
        finally:
            self.end(name)

    def longest_step(self) -> float:
        """Return for how many seconds a running tick has come no further."""
        with self._lock:
            now = time.monotonic()
            return max((now - since for since in self._busy_since.values()), default=0.0)


class Watchdog(threading.Thread):
    """Ends the process with status 70 when the metronome is dead or a tick is stuck."""

    def __init__(
        self,
        is_alive: Callable[[], bool],
        pulse: Pulse,
        *,
        look_seconds: float = LOOK_SECONDS,
        end: Callable[[int], object] = os._exit,
    ) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._is_alive = is_alive
        self._pulse = pulse
        self._look_seconds = look_seconds
        self._end = end
        self._called_off = threading.Event()
        self._seen = -1
        self._missed = 0

    def run(self) -> None:
        """Look at every interval until called off."""
        while not self._called_off.wait(self._look_seconds):
            reason = self.fault()
            if reason:
                log.critical("ending the process: %s", reason)
                self._end(EXIT_STUCK)
                return

    def call_off(self) -> None:
        """Watch no more."""
        self._called_off.set()

    def fault(self) -> str | None:
        """Return why the process should end, None when it is well.

        Looks are counted, not seconds: where the whole machine stalls, both stall alike.
        """
        self._missed = self._missed + 1 if self._pulse.beats == self._seen else 0
        self._seen = self._pulse.beats
        if not self._is_alive():
            return "the scheduler's thread is dead"
        if self._missed >= MOST_MISSED:
            return f"no tick for {self._missed} intervals"
        if self._pulse.longest_step() > STUCK_SECONDS:
            return "a tick is stuck"
        return None
