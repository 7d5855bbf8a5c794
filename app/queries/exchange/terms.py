"""The terms of an expert, and his leaves."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.errors import NotFoundError
from app.domain.expert import AppointmentKind
from app.models.expert import Appointment, Expert
from app.queries.leaves import LeaveRow, leaves_of
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class TermDetail:
    """The days of an appointment or of its extension, both included, and by which document."""

    id: UUID
    kind: AppointmentKind
    document: str
    starts_on: date
    ends_on: date
    approved_on: date


@dataclass(frozen=True, slots=True)
class TermsDetail:
    """The terms of an expert, the earliest first; the version is the expert's."""

    expert_id: UUID
    version: int
    is_paused: bool
    items: tuple[TermDetail, ...]


@dataclass(frozen=True, slots=True)
class LeaveDetail:
    """A leave; `is_over` once nothing of it lies ahead."""

    id: UUID
    version: int
    first_on: date
    last_on: date
    reason: str
    deputy_id: UUID | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class LeavesDetail:
    """The leaves of an expert, the latest first, without those taken back."""

    expert_id: UUID
    items: tuple[LeaveDetail, ...]


def terms_detail(reader: Reader, expert_id: UUID) -> TermsDetail:
    """Return the terms: his own for a mentor, anybody's for the bureau; two statements.

    Raises:
        NotFoundError: there is no such expert, or he is somebody else.
    """
    expert = _expert(reader, expert_id)
    rows = reader.session.scalars(
        select(Appointment)
        .where(Appointment.expert_id == expert.id)
        .order_by(Appointment.starts_on, Appointment.id)
    )
    return TermsDetail(expert.id, expert.version, expert.is_paused, tuple(map(_term, rows)))


def leaves_detail(reader: Reader, expert_id: UUID) -> LeavesDetail:
    """Return the leaves: his own for a mentor, anybody's for the bureau; two statements.

    Raises:
        NotFoundError: there is no such expert, or he is somebody else.
    """
    expert = _expert(reader, expert_id)
    return LeavesDetail(expert.id, tuple(map(_leave, leaves_of(reader, expert.id))))


def _expert(reader: Reader, expert_id: UUID) -> Expert:
    expert = reader.session.get(Expert, expert_id)
    if expert is None or not (reader.actor.is_staff or reader.actor.expert_id == expert_id):
        raise NotFoundError("expert.not_found")
    return expert


def _term(row: Appointment) -> TermDetail:
    return TermDetail(row.id, row.kind, row.document, row.starts_on, row.ends_on, row.approved_on)


def _leave(row: LeaveRow) -> LeaveDetail:
    return LeaveDetail(
        row.id, row.version, row.first_on, row.last_on, row.reason, row.deputy_id, row.is_over
    )
