"""Places in line as their holders see them: which place, what is kept, until when."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from app.domain.errors import NotFoundError
from app.domain.waiting_list import IN_LINE, WaitingKind, WaitingStatus
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need
from app.models.waiting_list import WaitingEntry
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class KeptTime:
    """The time kept for a place in line; `until` is when it goes to the next."""

    booking_id: UUID
    mode: str
    starts_at: datetime
    ends_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class PlaceInLine:
    """Somebody's place in the line for an expert; `place` counts from one, 0 out of line."""

    id: UUID
    version: int
    status: WaitingStatus
    need_id: UUID
    need_text: str
    expert_id: UUID
    expert_name: str
    expert_category: str
    modes: tuple[str, ...]
    earliest_on: date
    latest_on: date
    joined_at: datetime
    place: int
    kept: KeptTime | None

    @property
    def is_in_line(self) -> bool:
        """Tell whether he still waits, or something is kept for him."""
        return self.status in IN_LINE


def places_in_line(look: Look) -> list[PlaceInLine]:
    """Return the actor's own places for experts that still stand, in two statements."""
    return _places(look, WaitingEntry.status.in_(IN_LINE))


def place_in_line(look: Look, entry_id: UUID) -> PlaceInLine:
    """Return one place.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    found = _places(look, WaitingEntry.id == entry_id)
    if not found:
        raise NotFoundError("waiting_entry.not_found")
    return found[0]


def place_for_hold(look: Look, booking_id: UUID) -> PlaceInLine | None:
    """Return the place for which this time is kept, None for a founder's own hold."""
    kept = WaitingEntry.reservation_id == booking_id
    return next(iter(_places(look, kept, WaitingEntry.status == WaitingStatus.OFFERED)), None)


def _places(look: Look, *which: Any) -> list[PlaceInLine]:
    rows = look.session.execute(
        select(WaitingEntry, Expert, Need, Booking)
        .join(Expert, Expert.id == WaitingEntry.ref_id)
        .join(Need, Need.id == WaitingEntry.need_id)
        .outerjoin(
            Booking,
            and_(
                Booking.id == WaitingEntry.reservation_id,
                WaitingEntry.status == WaitingStatus.OFFERED,
            ),
        )
        .where(WaitingEntry.kind == WaitingKind.EXPERT, *which)
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
    ).all()
    if not rows:
        return []
    found = lines(look, WaitingKind.EXPERT, {row.Expert.id for row in rows})
    return [_place(row, found.get(row.Expert.id, ())) for row in rows]


def lines(
    look: Look, kind: WaitingKind, ref_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[UUID]]:
    """Return the places that stand in each line, in its order: whose they are is not told."""
    with look.beyond_scope("how many stand before somebody in line"):
        rows = look.session.execute(
            select(WaitingEntry.ref_id, WaitingEntry.id)
            .where(
                WaitingEntry.kind == kind,
                WaitingEntry.ref_id.in_(ref_ids),
                WaitingEntry.status.in_(IN_LINE),
            )
            .order_by(WaitingEntry.joined_at, WaitingEntry.id)
        ).all()
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for ref_id, entry_id in rows:
        found[ref_id].append(entry_id)
    return found


def place_among(line: Sequence[UUID], entry_id: UUID) -> int:
    """Return somebody's place in a line, counted from one; 0 out of line."""
    return line.index(entry_id) + 1 if entry_id in line else 0


def _place(row: Any, line: Sequence[UUID]) -> PlaceInLine:
    entry: WaitingEntry = row.WaitingEntry
    booking: Booking | None = row.Booking
    return PlaceInLine(
        id=entry.id,
        version=entry.version,
        status=entry.status,
        need_id=row.Need.id,
        need_text=row.Need.text,
        expert_id=row.Expert.id,
        expert_name=row.Expert.name,
        expert_category=row.Expert.category.value,
        modes=tuple(entry.modes),
        earliest_on=entry.earliest_on,
        latest_on=entry.latest_on,
        joined_at=entry.joined_at,
        place=place_among(line, entry.id),
        kept=_kept(entry, booking),
    )


def _kept(entry: WaitingEntry, booking: Booking | None) -> KeptTime | None:
    if booking is None or entry.offer_until is None:
        return None
    return KeptTime(
        booking.id, booking.mode.value, booking.starts_at, booking.ends_at, entry.offer_until
    )
