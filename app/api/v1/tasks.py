"""Tasks of the bureau, and suspended bookings decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Text
from app.domain.actor import Permission, Role
from app.domain.suspension import SuspensionCause
from app.domain.task import LONGEST_NOTE, Subject, TaskEnd, TaskKind
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.booking import Booking
from app.models.task import Task
from app.queries import tasks as queries
from app.queries.exchange import BookingDetail, booking_detail
from app.queries.suspensions import suspended_page
from app.queries.tasks import TaskRow
from app.services import bookings, tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksQuery:
    """Open tasks by due date, or the closed ones, the newest first."""

    closed: bool = False
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """Something somebody at the bureau has to decide; `by` names the roles that may."""

    id: UUID
    version: int
    kind: TaskKind
    subject: Subject
    subject_id: UUID
    name: str | None
    facts: Mapping[str, Any]
    opened_at: datetime
    due_by: datetime | None
    by: tuple[Role, ...]
    closed_at: datetime | None
    ending: TaskEnd | None
    note: str | None


@dataclass(frozen=True, slots=True)
class TaskList:
    """A page of tasks; `open` counts the open ones."""

    items: tuple[TaskDetail, ...]
    open: int
    next: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseBody:
    """What was done."""

    note: Annotated[str, Text(LONGEST_NOTE)]


@dataclass(frozen=True, slots=True)
class SuspendedDetail:
    """A suspended booking: what holds it back, and until when the bureau decides."""

    id: UUID
    version: int
    reference: str
    expert_id: UUID
    other_expert_ids: tuple[UUID, ...]
    starts_at: datetime
    ends_at: datetime
    was_agreed: bool
    causes: tuple[SuspensionCause, ...]
    decide_by: datetime


@dataclass(frozen=True, slots=True)
class SuspendedList:
    """All suspended bookings, what is to be decided first on top."""

    items: tuple[SuspendedDetail, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeBody:
    """Another time, when the booking shall stand again at another one."""

    starts_at: datetime | None = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/tasks")(list_tasks)
    blueprint.post("/tasks/<uuid:task_id>/close")(close_task)
    blueprint.get("/suspended-bookings")(list_suspended)
    blueprint.post("/bookings/<uuid:booking_id>/resume")(resume_booking)


@operation(Permission.READ_TASKS, answer=TaskList)
def list_tasks(query: TasksQuery) -> Any:
    """Read what the bureau has to decide."""
    with reading() as reader:
        page = queries.task_page(reader, is_open=not query.closed, after=query.cursor)
    return jsonable(TaskList(tuple(map(_detail, page.items)), page.open, page.next))


@operation(Permission.READ_TASKS, answer=TaskDetail)
def close_task(task_id: UUID, body: CloseBody, version: int | None) -> Any:
    """Close a task with what was done; its kind says who may."""
    closed: Task = run(tasks.close, task_id, body.note, version=version)
    with reading() as reader:
        return jsonable(_detail(queries.task(reader, closed.id)))


@operation(Permission.RESUME_BOOKING, answer=SuspendedList)
def list_suspended() -> Any:
    """Read which bookings are suspended and wait for a decision."""
    with reading() as reader:
        page = suspended_page(reader)
    rows = tuple(
        SuspendedDetail(
            row.id,
            row.version,
            row.reference,
            row.expert_id,
            tuple(row.others),
            row.starts_at,
            row.ends_at,
            row.was_agreed,
            row.held.causes,
            row.held.decide_by,
        )
        for row in page.items
    )
    return jsonable(SuspendedList(rows, page.count))


@operation(Permission.RESUME_BOOKING, answer=BookingDetail)
def resume_booking(booking_id: UUID, body: ResumeBody, version: int | None) -> Any:
    """Let a suspended booking stand again, at another time when one is given.

    It is called off by `cancel`, with a reason of the bureau.
    """
    booking: Booking = run(bookings.resume, booking_id, starts_at=body.starts_at, version=version)
    with reading() as reader:
        return jsonable(booking_detail(reader, booking.id))


def _detail(row: TaskRow) -> TaskDetail:
    return TaskDetail(
        row.id,
        row.version,
        row.kind,
        row.subject,
        row.subject_id,
        row.about.name if row.about else None,
        row.facts,
        row.opened_at,
        row.due_by,
        row.by,
        row.closed_at,
        row.ending,
        row.note,
    )
