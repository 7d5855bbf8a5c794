"""The metronome: it remembers nothing and only calls; all truth is in rows."""

import logging

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from app.jobs.ticks import Ticks

BEAT_SECONDS = WORK_SECONDS = SEAL_SECONDS = 1
# Twice in a tick, so that another leads within the lease and one tick, on a busy machine too.
LEAD_SECONDS = 0.5
SHOW_SECONDS = 30
REAP_SECONDS = 60
WATCH_SECONDS = 60
TIME_ZONE = "Asia/Shanghai"
# A tick that is still busy is skipped; that is meant and not worth a line each second.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


class Metronome:
    """Calls the ticks at their intervals from threads of its own."""

    def __init__(self, ticks: Ticks, *, pace: float = 1) -> None:
        """Take what to call.

        Args:
            ticks: what is called.
            pace: by what every interval is multiplied; tests of faults are in a hurry.
        """
        self._scheduler = BackgroundScheduler(
            timezone=TIME_ZONE,
            jobstores={"default": MemoryJobStore()},
            # One for each tick: a slow one must not keep the leader from renewing.
            executors={"default": ThreadPoolExecutor(7)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for tick, seconds in (
            (ticks.beat, BEAT_SECONDS),
            (ticks.work if ticks.engine.looks_itself else ticks.wake, WORK_SECONDS),
            (ticks.lead, LEAD_SECONDS),
            (ticks.seal, SEAL_SECONDS),
            (ticks.show, SHOW_SECONDS),
            (ticks.reap, REAP_SECONDS),
            (ticks.watch, WATCH_SECONDS),
        ):
            self._scheduler.add_job(tick, "interval", seconds=seconds * pace, id=tick.__name__)

    def start(self) -> None:
        """Begin to call."""
        self._scheduler.start()

    def stop(self) -> None:
        """Call no more; return when running ticks have ended."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def is_alive(self) -> bool:
        """Tell whether the thread that calls still lives; `running` alone does not say so."""
        # APScheduler has no public way to ask.
        thread = self._scheduler._thread
        return thread is not None and thread.is_alive()
