"""Jobs as they stand, those given up queued anew, and letters sent once more."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Text
from app.domain.actor import Permission
from app.domain.job import DeliveryState, JobState
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.job import Job
from app.models.message import Delivery
from app.queries.job_board import JobBoard, job_board
from app.queries.job_lists import JobPage, JobRow, job, job_page
from app.services import jobs, messages

LONGEST_KIND = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsQuery:
    """Jobs in a state or of a kind, the newest first."""

    state: JobState | None = None
    kind: Annotated[str | None, Text(LONGEST_KIND)] = None
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True)
class DeliveryDetail:
    """A message on its way by a channel; each time it is sent once more is a series."""

    id: UUID
    message_id: UUID
    channel: str
    series: int
    state: DeliveryState


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/jobs")(list_jobs)
    blueprint.get("/jobs/figures")(read_figures)
    blueprint.post("/jobs/<uuid:job_id>/requeue")(requeue_job)
    blueprint.post("/deliveries/<uuid:delivery_id>/resend")(resend_delivery)


@operation(Permission.RUN_JOBS, answer=JobPage, logged=True)
def list_jobs(query: JobsQuery) -> Any:
    """List the jobs, the newest first; those given up with the reason."""
    with reading() as reader:
        page = job_page(reader, state=query.state, kind=query.kind, after=query.cursor)
    return jsonable(page)


@operation(Permission.RUN_JOBS, answer=JobBoard)
def read_figures() -> Any:
    """Read how jobs stand by kind and letters by channel, and when no job process worked."""
    with reading() as reader:
        return jsonable(job_board(reader))


@operation(Permission.RUN_JOBS, answer=JobRow)
def requeue_job(job_id: UUID, version: int | None) -> Any:
    """Have a job that was given up tried anew."""
    queued: Job = run(jobs.requeue, job_id, version=version)
    with reading() as reader:
        return jsonable(job(reader, queued.id))


@operation(Permission.RESEND, answer=DeliveryDetail)
def resend_delivery(delivery_id: UUID) -> Any:
    """Send a letter once more that failed, or of which nobody knows: it may arrive twice."""
    return run(messages.resend, delivery_id, answer=_series)


def _series(row: Delivery) -> DeliveryDetail:
    return DeliveryDetail(row.id, row.message_id, row.channel, row.series, row.state)
