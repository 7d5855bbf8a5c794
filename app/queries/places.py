"""Places and their diaries: when each is open and not taken."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.availability import Diary, FreeTime, Question, SpecialDay, free_times
from app.domain.calendar import WorkingCalendar
from app.domain.errors import NotFoundError
from app.domain.place import ONSITE, OpenSpan, PlaceKind, Wanted, closed, diary_of
from app.models.booking import ResourceKind
from app.models.place import Place, PlaceClosing
from app.queries.free_times import Look, claims_of

ANY = Wanted()


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place as it is shown.

    Attributes:
        hours: spans of the week in order.
    """

    id: UUID
    version: int
    kind: PlaceKind
    name: str
    street: str | None
    address: str
    seats: int
    equipment: tuple[str, ...]
    hours: tuple[OpenSpan, ...]
    is_retired: bool


@dataclass(frozen=True, slots=True)
class ClosingView:
    """Minutes of one day in which a place is shut, with the reason."""

    id: UUID
    day: date
    starts_minute: int
    ends_minute: int
    reason: str


def list_places(
    look: Look, *, wanted: Wanted = ANY, is_with_retired: bool = False
) -> tuple[PlaceView, ...]:
    """Return the places that will do, by name; one statement."""
    statement = select(Place).order_by(Place.retired_at.is_not(None), Place.name, Place.id)
    if not is_with_retired:
        statement = statement.where(Place.retired_at.is_(None))
    rows = look.session.scalars(statement.where(Place.seats >= wanted.seats))
    return tuple(view_of(row) for row in rows if wanted.is_met(row.seats, row.equipment))


def read_place(look: Look, place_id: UUID) -> PlaceView:
    """Return one place.

    Raises:
        NotFoundError: there is no such place.
    """
    row = look.session.get(Place, place_id)
    if row is None:
        raise NotFoundError("place.not_found")
    return view_of(row)


def closings_ahead(look: Look, place_id: UUID, today: date) -> tuple[ClosingView, ...]:
    """Return on which days from today on the place is shut beyond its hours."""
    rows = look.session.scalars(
        select(PlaceClosing)
        .where(PlaceClosing.place_id == place_id, PlaceClosing.day >= today)
        .order_by(PlaceClosing.day, PlaceClosing.starts_minute)
    )
    return tuple(
        ClosingView(row.id, row.day, row.starts_minute, row.ends_minute, row.reason) for row in rows
    )


def place_diaries(
    look: Look, places: Iterable[PlaceView], days: Sequence[date], calendar: WorkingCalendar
) -> Mapping[UUID, Diary]:
    """Return the diaries of the places over the days, in two statements."""
    known = list(places)
    keys = [place.id for place in known]
    claims = claims_of(look, ResourceKind.ROOM, keys, days)
    shut = _closings(look, keys, days)
    return {
        place.id: diary_of(place.hours, shut[place.id], claims[place.id], calendar)
        for place in known
    }


def free_at(
    diary: Diary, calendar: WorkingCalendar, minutes: int, now: datetime, days: Iterable[date]
) -> Sequence[FreeTime]:
    """Return the times of so many minutes at which a place is open and not taken."""
    question = Question(minutes, tuple(ONSITE), now)
    return list(free_times(diary, calendar, question, days))


def view_of(row: Place) -> PlaceView:
    """Return the place as it is shown."""
    return PlaceView(
        id=row.id,
        version=row.version,
        kind=row.kind,
        name=row.name,
        street=row.street,
        address=row.address,
        seats=row.seats,
        equipment=tuple(row.equipment),
        hours=tuple(map(_span, row.hours)),
        is_retired=row.retired_at is not None,
    )


def _span(kept: Mapping[str, Any]) -> OpenSpan:
    return OpenSpan(kept["weekday"], kept["starts"], kept["ends"])


def _closings(
    look: Look, place_ids: Collection[UUID], days: Sequence[date]
) -> dict[UUID, list[SpecialDay]]:
    found: dict[UUID, list[SpecialDay]] = defaultdict(list)
    for row in look.session.scalars(
        select(PlaceClosing).where(
            PlaceClosing.place_id.in_(place_ids), PlaceClosing.day.between(days[0], days[-1])
        )
    ):
        found[row.place_id].append(closed(row.day, row.starts_minute, row.ends_minute))
    return found
