"""How the mentors asked in a period answered: in time, or not at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.domain.booking import BookingStatus
from app.domain.calendar import Month, day_starts_at
from app.domain.errors import NotFoundError
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.person import Person
from app.unit_of_work import Reader

PAGE = 20


class Answer(StrEnum):
    """Whether a request was answered before its time ran out."""

    IN_TIME = "in_time"
    NONE = "none"


# A request withdrawn, or suspended by the bureau, was never the mentor's to answer.
_STATUSES: Mapping[Answer, tuple[BookingStatus, ...]] = {
    Answer.IN_TIME: (
        BookingStatus.ACCEPTED,
        BookingStatus.DECLINED,
        BookingStatus.FULFILLED,
        BookingStatus.NO_SHOW,
        BookingStatus.CANCELLED,
    ),
    Answer.NONE: (BookingStatus.EXPIRED,),
}


@dataclass(frozen=True, slots=True)
class AnsweredRequest:
    """A request with what became of it."""

    id: UUID
    reference: str
    session_type: str
    founder: str | None
    expert: str
    asked_at: datetime
    answer_by: datetime
    status: BookingStatus
    need_id: UUID


@dataclass(frozen=True, slots=True)
class AnsweredPage:
    """A page of requests, the newest first; `next` asks for the following page."""

    count: int
    items: tuple[AnsweredRequest, ...]
    next: UUID | None


def answered(
    months: Collection[Month], answer: Answer, street: str | None = None
) -> list[ColumnElement[bool]]:
    """Return the conditions on requests due in the period that were answered so."""
    conditions = [
        Booking.answer_by >= day_starts_at(min(months).first_on),
        Booking.answer_by < day_starts_at(max(months).following().first_on),
        Booking.status.in_(_STATUSES[answer]),
    ]
    return conditions if street is None else [*conditions, Booking.street == street]


def answered_requests(
    reader: Reader,
    which: list[ColumnElement[bool]],
    *,
    after: UUID | None = None,
    limit: int = PAGE,
) -> AnsweredPage:
    """Return a page of the requests that `which` chooses; at most three statements.

    Raises:
        NotFoundError: there is no request `after`.
    """
    count = reader.session.scalar(select(func.count(Booking.id)).where(*which)) or 0
    conditions = which if after is None else [*which, _older(reader, after)]
    rows = reader.session.execute(
        select(Booking, Person.name.label("founder"), Expert.name.label("expert"))
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .outerjoin(Person, Person.id == Booking.founder_person_id)
        .where(*conditions)
        .order_by(Booking.answer_by.desc(), Booking.id.desc())
        .limit(limit + 1)
    ).all()
    items = tuple(_request(row) for row in rows[:limit])
    return AnsweredPage(count, items, items[-1].id if len(rows) > limit else None)


def _older(reader: Reader, after: UUID) -> ColumnElement[bool]:
    last = reader.session.scalar(select(Booking.answer_by).where(Booking.id == after))
    if last is None:
        raise NotFoundError("booking.not_found")
    return (Booking.answer_by < last) | ((Booking.answer_by == last) & (Booking.id < after))


def _request(row: Any) -> AnsweredRequest:
    booking: Booking = row.Booking
    return AnsweredRequest(
        id=booking.id,
        reference=booking.reference,
        session_type=booking.session_type,
        founder=row.founder,
        expert=row.expert,
        asked_at=booking.booked_at or booking.starts_at,
        answer_by=booking.answer_by or booking.starts_at,
        status=booking.status,
        need_id=booking.need_id,
    )
