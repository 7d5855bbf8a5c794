"""Celery: wakes go over Redis or RabbitMQ, after the commit and never with an ETA."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from celery import Celery
from kombu.exceptions import OperationalError

from app.jobs.engines import AT_ONCE, QUEUE, TASK, AfterCommit, EngineError, Follow
from app.settings import Settings
from app.unit_of_work import UnitOfWork


class CeleryEngine:
    """Wakes are short messages; the broker may lose all of them."""

    looks_itself = False

    def __init__(self, broker_url: str, follow: Follow) -> None:
        self._app = Celery("jieban", broker=broker_url, set_as_current=False)
        self._app.conf.update(
            task_default_queue=QUEUE,
            task_ignore_result=True,
            broker_connection_timeout=5,
            broker_transport_options={"max_retries": 1, "interval_start": 0},
            broker_connection_retry_on_startup=True,
            worker_enable_remote_control=False,
            # Others must not wait for wakes that lie with a busy process.
            worker_prefetch_multiplier=1,
            worker_hijack_root_logger=False,
            worker_redirect_stdouts=False,
        )
        self._wake = self._app.task(name=TASK)(follow)

    def wake(self, uow: UnitOfWork, job_ids: Sequence[UUID]) -> AfterCommit:
        """Leave the sending for after the commit; the leader sends again what could not go."""
        return partial(self._send, job_ids)

    def run_forever(self) -> None:
        """Run its worker, which ends on SIGTERM and SIGINT when what is at hand is finished."""
        options = {"without_gossip": True, "without_mingle": True, "quiet": True}
        self._app.Worker(pool="threads", concurrency=AT_ONCE, **options).start()

    def health(self) -> None:
        """Return when the broker answers."""
        try:
            with self._app.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, interval_start=0)
        except OperationalError as error:
            raise EngineError(f"JIEBAN_BROKER_URL is not reached: {error}") from error

    def _send(self, job_ids: Sequence[UUID]) -> None:
        for job_id in job_ids:
            self._wake.apply_async((str(job_id),), retry=False)


def open_engine(settings: Settings, follow: Follow) -> CeleryEngine:
    """Return the engine on the broker of the settings."""
    return CeleryEngine(settings.broker_url or "", follow)
