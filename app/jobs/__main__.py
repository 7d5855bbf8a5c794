"""`python -m app.jobs`: the job process on its own."""

import logging
import os
import sys
from functools import partial
from pathlib import Path
from uuid import UUID

from app.adapters.attachment_files import files_of
from app.adapters.email import mailbox_of, transport_of
from app.adapters.ics import Fetcher
from app.adapters.posting import Poster
from app.adapters.signing import SealKeyError, checker_of, signer_of
from app.adapters.sms import gateway_of
from app.domain.actor import SYSTEM
from app.jobs.engines import EngineError, engine_of
from app.jobs.registry import Outside, registry
from app.jobs.schedule import Metronome
from app.jobs.ticks import Ticks
from app.jobs.watchdog import Pulse, Watchdog
from app.jobs.worker import Worker
from app.services import job_processes
from app.settings import Settings, SettingsError, load
from app.unit_of_work.opening import link_key, open_store, webhook_key

ROOT = Path(__file__).parents[2]


def main(settings: Settings) -> int:
    """Work until told to stop; then finish the row at hand and give the rest back.

    Raises:
        EngineError: what carries the wakes is missing or out of reach.
        SealKeyError: the key of seals cannot be read.
    """
    store = open_store(settings)
    kinds = registry(
        transport_of(settings),
        settings.base_url,
        settings.site_name,
        mailbox_of(settings),
        Outside(
            sms=gateway_of(settings),
            fetcher=Fetcher(allows_http=not settings.is_production),
            poster=Poster(hosts=settings.webhook_hosts),
            webhook_key=webhook_key(settings.secret_key),
            files=files_of(settings),
            audit_key=store.audit_key(),
            checker=checker_of(settings),
        ),
        link_key(settings.secret_key),
    )
    worker, pulse = Worker(store, kinds), Pulse()
    engine = engine_of(settings, partial(_follow, worker, pulse))
    engine.health()
    ticks = Ticks(store, worker, kinds, pulse, engine=engine)
    ticks.signer = signer_of(settings)
    metronome = Metronome(ticks)
    watchdog = Watchdog(metronome.is_alive, pulse)
    ticks.show()
    ticks.lead()
    metronome.start()
    watchdog.start()
    try:
        engine.run_forever()
    finally:
        watchdog.call_off()
        worker.stop()
        metronome.stop()
    worker.release()
    ticks.leadership.resign()
    store.execute(SYSTEM, job_processes.leave, worker.owner)
    store.engine.dispose()
    return 0


def _follow(worker: Worker, pulse: Pulse, job_id: UUID) -> None:
    with pulse.during(str(job_id)):
        worker.do(job_id)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        sys.exit(main(load(os.environ, ROOT)))
    except (SettingsError, EngineError, SealKeyError) as refusal:
        sys.exit(str(refusal))
