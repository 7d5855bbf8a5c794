"""Procrastinate: a wake is a row of its table, written in the same transaction as ours."""

from collections.abc import Sequence
from uuid import UUID

import psycopg
from procrastinate import App, PsycopgConnector
from sqlalchemy import text

from app.jobs.engines import AT_ONCE, QUEUE, TASK, AfterCommit, EngineError, Follow, nothing
from app.settings import Settings
from app.unit_of_work import UnitOfWork

# Its own way to enqueue from SQL: queue, task, priority, lock, queueing lock, arguments, time.
DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY(SELECT CAST(ROW(CAST(:queue AS text),"
    " CAST(:task AS text), 0, NULL, NULL, jsonb_build_object('job_id', job_id), NULL)"
    " AS procrastinate_job_to_defer_v1) FROM unnest(CAST(:job_ids AS text[])) AS job_id))"
)
KNOWN = "SELECT to_regtype('procrastinate_job_to_defer_v1') IS NOT NULL"


class ProcrastinateEngine:
    """Wakes lie in PostgreSQL and are gone when its workers have followed them."""

    looks_itself = False

    def __init__(self, conninfo: str, follow: Follow) -> None:
        self._conninfo = conninfo
        self._app = App(connector=PsycopgConnector(conninfo=conninfo))
        self._app.task(name=TASK, queue=QUEUE)(follow)

    def wake(self, uow: UnitOfWork, job_ids: Sequence[UUID]) -> AfterCommit:
        """Enqueue within the transaction: with it they stand or fall."""
        keys = [str(job_id) for job_id in job_ids]
        uow.session.execute(DEFER, {"queue": QUEUE, "task": TASK, "job_ids": keys})
        return nothing

    def run_forever(self) -> None:
        """Run its worker, which ends on SIGTERM and SIGINT by itself."""
        self._app.run_worker(queues=[QUEUE], concurrency=AT_ONCE, delete_jobs="always")

    def health(self) -> None:
        """Return when its tables are there; make them where they are missing."""
        try:
            with psycopg.connect(self._conninfo) as connection:
                # Of processes that start at the same moment one makes them.
                connection.execute("SELECT pg_advisory_xact_lock(hashtext('procrastinate'))")
                if connection.execute(KNOWN).fetchone() != (True,):
                    connection.execute(self._app.schema_manager.get_schema())
        except psycopg.Error as error:
            raise EngineError(f"JIEBAN_ENGINE=procrastinate: {error}") from error


def open_engine(settings: Settings, follow: Follow) -> ProcrastinateEngine:
    """Return the engine on the service's own database."""
    return ProcrastinateEngine(settings.database_url.replace("+psycopg", "", 1), follow)
