"""The needs that wait at the desk for a mentor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from app.domain.bureau_desk import UNMATCHED_WORKING_DAYS, waiting_since
from app.domain.calendar import WorkingCalendar, local_day
from app.domain.need import NeedStatus
from app.models.availability import CalendarDay
from app.models.need import Need
from app.models.person import Person, Venture
from app.unit_of_work import Reader

PAGE = 20


@dataclass(frozen=True, slots=True)
class QueuedNeed:
    """A need for which nothing is booked.

    Attributes:
        days: how many days it has waited.
        asked_at: when the founder left the search to the bureau, who answers by `due_at`.
    """

    id: UUID
    reference: str
    text: str
    session_type: str
    founder: str | None
    venture: str | None
    street: str | None
    submitted_at: datetime
    days: int
    asked_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class NeedQueue:
    """A page of the queue, the oldest first; `next` asks for the following page."""

    count: int
    items: tuple[QueuedNeed, ...]
    next: UUID | None


def need_queue(
    reader: Reader, *, only_long: bool = False, only_asked: bool = False, after: UUID | None = None
) -> NeedQueue:
    """Return a page of the needs without a booking; at most three statements.

    Args:
        reader: the look.
        only_long: those that have waited too long.
        only_asked: those whose founder left the search to the bureau.
        after: the last need of the page before.
    """
    which = [Need.status == NeedStatus.SUBMITTED]
    if only_long:
        since = waiting_since(reader.now, _calendar(reader), UNMATCHED_WORKING_DAYS)
        which.append(Need.submitted_at < since)
    if only_asked:
        which.append(Need.bureau_asked_at.is_not(None))
    count = reader.session.scalar(select(func.count(Need.id)).where(*which)) or 0
    rows = reader.session.execute(
        select(Need, Person.name.label("founder"), Venture.name.label("venture"))
        .outerjoin(Person, Person.id == Need.person_id)
        .outerjoin(Venture, Venture.id == Need.venture_id)
        .where(*which, *_later_than(after))
        .order_by(Need.submitted_at, Need.id)
        .limit(PAGE + 1)
    ).all()
    items = tuple(_queued(reader, row) for row in rows[:PAGE])
    return NeedQueue(count, items, items[-1].id if len(rows) > PAGE else None)


def _calendar(reader: Reader) -> WorkingCalendar:
    rows = reader.session.execute(select(CalendarDay.day, CalendarDay.kind))
    return WorkingCalendar({day: kind for day, kind in rows})


def _later_than(after: UUID | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    before = aliased(Need)
    last = select(before.submitted_at).where(before.id == after).scalar_subquery()
    is_later = Need.submitted_at > last
    return [is_later | ((Need.submitted_at == last) & (Need.id > after))]


def _queued(reader: Reader, row: Any) -> QueuedNeed:
    need: Need = row.Need
    submitted_at = need.submitted_at or need.created_at
    return QueuedNeed(
        id=need.id,
        reference=need.reference,
        text=need.text,
        session_type=need.session_type,
        founder=row.founder,
        venture=row.venture,
        street=need.street,
        submitted_at=submitted_at,
        days=(local_day(reader.now) - local_day(submitted_at)).days,
        asked_at=need.bureau_asked_at,
        due_at=need.bureau_due_at,
    )
