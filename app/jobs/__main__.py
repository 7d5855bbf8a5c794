"""`python -m app.jobs`: the job process on its own."""

import logging
import os
import signal
import sys
import threading
from pathlib import Path

from app.adapters.email import mailbox_of, transport_of
from app.adapters.ics import Fetcher
from app.domain.actor import SYSTEM
from app.jobs.registry import registry
from app.jobs.schedule import Metronome
from app.jobs.ticks import Ticks
from app.jobs.watchdog import Pulse, Watchdog
from app.jobs.worker import Worker
from app.services import job_processes
from app.settings import Settings, load
from app.unit_of_work.opening import link_key, open_store

ROOT = Path(__file__).parents[2]


def main(settings: Settings) -> int:
    """Work until told to stop; then finish the row at hand and give the rest back."""
    store = open_store(settings)
    kinds = registry(
        transport_of(settings),
        settings.base_url,
        settings.site_name,
        mailbox_of(settings),
        Fetcher(allows_http=not settings.is_production),
        link_key(settings.secret_key),
    )
    worker, pulse = Worker(store, kinds), Pulse()
    ticks = Ticks(store, worker, kinds, pulse)
    metronome = Metronome(ticks)
    watchdog = Watchdog(metronome.is_alive, pulse)
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    ticks.show()
    metronome.start()
    watchdog.start()
    told_to_stop.wait()
    watchdog.call_off()
    worker.stop()
    metronome.stop()
    worker.release()
    store.execute(SYSTEM, job_processes.leave, worker.owner)
    store.engine.dispose()
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    sys.exit(main(load(os.environ, ROOT)))
