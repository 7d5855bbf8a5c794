"""Experts' own calendars as they and the bureau see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.busy_calendar import GOOD_FOR, CalendarSource, Fault, shown_address
from app.domain.errors import NotFoundError
from app.models.busy_calendar import BusyCalendar, BusySource
from app.models.expert import Expert
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class CalendarView:
    """One calendar: its name without what is secret, how old what is known of it is, what failed.

    Attributes:
        is_unknown: nothing good is known, so that no time is offered.
        known_until: as far as its times are known; later ones are not offered.
    """

    id: UUID
    source: CalendarSource
    name: str
    added_at: datetime
    read_at: datetime | None
    tried_at: datetime | None
    known_until: datetime | None
    fault: Fault | None
    is_unknown: bool


def calendars_of(reader: Reader, expert_id: UUID) -> Sequence[CalendarView]:
    """Return the expert's calendars in the order in which they were added.

    Raises:
        NotFoundError: there is no such expert, or he is somebody else.
    """
    if not (reader.actor.is_staff or reader.actor.expert_id == expert_id):
        raise NotFoundError("expert.not_found")
    rows = reader.session.execute(
        select(BusyCalendar, BusySource.address, BusySource.file_name)
        .select_from(Expert)
        .outerjoin(BusyCalendar, BusyCalendar.expert_id == Expert.id)
        .outerjoin(BusySource, BusySource.busy_calendar_id == BusyCalendar.id)
        .where(Expert.id == expert_id)
        .order_by(BusyCalendar.added_at, BusyCalendar.id)
    ).all()
    if not rows:
        raise NotFoundError("expert.not_found")
    return [
        CalendarView(
            id=row.id,
            source=row.source,
            name=shown_address(address) if address else file_name or "",
            added_at=row.added_at,
            read_at=row.read_at,
            tried_at=row.tried_at,
            known_until=row.known_until,
            fault=row.fault,
            is_unknown=_is_unknown(row, reader.now),
        )
        for row, address, file_name in rows
        if row is not None
    ]


def _is_unknown(row: BusyCalendar, now: datetime) -> bool:
    if row.read_at is None or row.known_until is None:
        return True
    is_old = row.source is CalendarSource.ADDRESS and row.read_at <= now - GOOD_FOR
    return is_old or row.known_until <= now
