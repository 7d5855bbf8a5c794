"""请假: days on which an expert serves nobody, and requests that his deputy answers meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.api.v1.bookings import DeclineBody
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.booking import BookingStatus
from app.domain.leave import LONGEST_REASON, Leave
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.booking import Booking
from app.queries import leaves as queries
from app.queries.exchange import LeavesDetail, leaves_detail
from app.queries.leaves import DeputyRequest
from app.services import bookings, leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveBody:
    """The first and the last day, why, and who answers requests meanwhile."""

    first_on: date
    last_on: date
    reason: Annotated[str, Text(LONGEST_REASON), Named(says="Read by the bureau alone.")]
    deputy_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyTask:
    """A request to somebody on leave, for his deputy to answer; of a panel for him alone."""

    booking_id: UUID
    expert_id: UUID
    version: int
    reference: str
    for_whom: str
    founder: str
    text: str
    mode: Mode
    starts_at: datetime
    ends_at: datetime
    answer_by: datetime | None
    is_panel: bool
    is_lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyBody:
    """For whom, where the deputy stands in for several experts of one panel."""

    expert_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyDeclineBody(DeclineBody):
    """Why, and for whom where the deputy stands in for several experts of one panel."""

    expert_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DeputyTasks:
    """What the asker answers today for colleagues on leave, the most urgent first."""

    items: tuple[DeputyTask, ...]


@dataclass(frozen=True, slots=True)
class DeputyAnswer:
    """What became of the request; the meeting itself is no business of the deputy's."""

    id: UUID
    version: int
    reference: str
    status: BookingStatus


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    leave = "/experts/<uuid:expert_id>/leaves"
    blueprint.get(leave)(list_leaves)
    blueprint.post(leave)(take_leave)
    blueprint.post(f"{leave}/<uuid:leave_id>/end")(end_leave)
    blueprint.get("/deputy-requests")(list_deputy_requests)
    blueprint.post("/bookings/<uuid:booking_id>/accept-as-deputy")(accept_as_deputy)
    blueprint.post("/bookings/<uuid:booking_id>/decline-as-deputy")(decline_as_deputy)


@operation(Permission.SET_AVAILABILITY, answer=LeavesDetail)
def list_leaves(expert_id: UUID) -> Any:
    """List the leaves of an expert; for himself and for who looks after him."""
    return _leaves(expert_id)


@operation(Permission.SET_AVAILABILITY, answer=LeavesDetail)
def take_leave(expert_id: UUID, body: LeaveBody) -> Any:
    """Close days of an expert; the bookings on them are suspended and both sides told.

    The deputy is another expert in term who is not away himself.
    """
    leave = Leave(body.first_on, body.last_on, body.reason, body.deputy_id)
    run(leaves.take, expert_id, leave)
    return _leaves(expert_id)


@operation(Permission.SET_AVAILABILITY, answer=LeavesDetail)
def end_leave(expert_id: UUID, leave_id: UUID, version: int | None) -> Any:
    """End a leave with yesterday; what it held back stands again by itself."""
    run(leaves.end, leave_id, version=version)
    return _leaves(expert_id)


@operation(Permission.ANSWER_BOOKING, answer=DeputyTasks)
def list_deputy_requests() -> Any:
    """List the requests that the asker answers today for colleagues on leave."""
    with reading() as reader:
        rows = queries.deputy_requests(reader)
    return jsonable(DeputyTasks(tuple(map(_task, rows))))


@operation(Permission.ANSWER_BOOKING, answer=DeputyAnswer)
def accept_as_deputy(booking_id: UUID, body: DeputyBody, version: int | None) -> Any:
    """Accept for an expert on leave; meeting and record stay his."""
    named = {"expert_id": body.expert_id, "version": version}
    return _answer(bookings.accept_as_deputy, booking_id, **named)


@operation(Permission.ANSWER_BOOKING, answer=DeputyAnswer)
def decline_as_deputy(booking_id: UUID, body: DeputyDeclineBody, version: int | None) -> Any:
    """Decline for an expert on leave; the next candidate is asked where the founder agreed."""
    named = {"note": body.note, "expert_id": body.expert_id, "version": version}
    return _answer(bookings.decline_as_deputy, booking_id, body.reason, **named)


def _leaves(expert_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(leaves_detail(reader, expert_id))


def _answer(use_case: Callable[..., Booking], *args: Any, **kwargs: Any) -> Any:
    return run(use_case, *args, answer=_answered, **kwargs)


def _answered(row: Booking) -> DeputyAnswer:
    return DeputyAnswer(row.id, row.version, row.reference, row.status)


def _task(row: DeputyRequest) -> DeputyTask:
    return DeputyTask(
        booking_id=row.booking_id,
        expert_id=row.expert_id,
        version=row.version,
        reference=row.reference,
        for_whom=row.for_whom,
        founder=row.founder,
        text=row.text,
        mode=Mode(row.mode),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        answer_by=row.answer_by,
        is_panel=row.is_panel,
        is_lead=row.is_lead,
    )
