"""Places in line for a seat, as those who wait see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.errors import NotFoundError
from app.domain.waiting_list import IN_LINE, WaitingKind, WaitingStatus
from app.models.activity import Activity
from app.models.waiting_list import WaitingEntry
from app.queries.waiting_lists import lines, place_among
from app.unit_of_work import Reader, UnitOfWork


@dataclass(frozen=True, slots=True)
class SeatPlace:
    """Somebody's place in the line for a seat; `place` counts from one, 0 out of line.

    `until` is set while a seat is kept for him, and says when it goes to the next.
    """

    id: UUID
    version: int
    status: WaitingStatus
    activity_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    joined_at: datetime
    place: int
    until: datetime | None

    @property
    def is_in_line(self) -> bool:
        """Tell whether he still waits, or a seat is kept for him."""
        return self.status in IN_LINE


@dataclass(frozen=True, slots=True)
class SeatLine:
    """The line of one activity: how many stand in it, and the actor's own newest place."""

    length: int = 0
    own: SeatPlace | None = None


def seat_places(reader: Reader) -> list[SeatPlace]:
    """Return the actor's own places for seats that still stand, in two statements."""
    rows = _own(reader, WaitingEntry.status.in_(IN_LINE))
    if not rows:
        return []
    found = lines(reader, WaitingKind.ACTIVITY, {row.Activity.id for row in rows})
    return [_place(row, found.get(row.Activity.id, ())) for row in rows]


def seat_place(reader: Reader | UnitOfWork, entry_id: UUID) -> SeatPlace:
    """Return one of the actor's own places.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    rows = _own(reader, WaitingEntry.id == entry_id)
    if not rows:
        raise NotFoundError("waiting_entry.not_found")
    (row,) = rows
    found = lines(reader, WaitingKind.ACTIVITY, [row.Activity.id])
    return _place(row, found.get(row.Activity.id, ()))


def seat_lines(reader: Reader, activity_ids: Collection[UUID]) -> Mapping[UUID, SeatLine]:
    """Return the line of each activity, in two statements."""
    found = lines(reader, WaitingKind.ACTIVITY, activity_ids)
    rows = _own(reader, WaitingEntry.ref_id.in_(activity_ids))
    # The rows come in the order of joining: the last of each activity stays.
    own = {row.Activity.id: _place(row, found.get(row.Activity.id, ())) for row in rows}
    return {key: SeatLine(len(found.get(key, ())), own.get(key)) for key in activity_ids}


def _own(reader: Reader | UnitOfWork, *which: Any) -> Sequence[Any]:
    if reader.actor.person_id is None:
        return []
    return reader.session.execute(
        select(WaitingEntry, Activity)
        .join(Activity, Activity.id == WaitingEntry.ref_id)
        .where(
            WaitingEntry.kind == WaitingKind.ACTIVITY,
            WaitingEntry.person_id == reader.actor.person_id,
            *which,
        )
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
    ).all()


def _place(row: Any, line: Sequence[UUID]) -> SeatPlace:
    entry: WaitingEntry = row.WaitingEntry
    return SeatPlace(
        id=entry.id,
        version=entry.version,
        status=entry.status,
        activity_id=row.Activity.id,
        title=row.Activity.title,
        starts_at=row.Activity.starts_at,
        ends_at=row.Activity.ends_at,
        joined_at=entry.joined_at,
        place=place_among(line, entry.id),
        until=entry.offer_until,
    )
