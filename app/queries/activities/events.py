"""What is on: the list for everybody, one activity, and the viewer's own seats."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.domain.activity import (
    DOOR_CLOSES_AFTER,
    DOOR_OPENS_BEFORE,
    ActivityKind,
    ActivityStatus,
    Criterion,
    MeanKind,
    RegistrationStatus,
)
from app.domain.availability import Mode
from app.domain.errors import NotFoundError
from app.domain.waiting_list import IN_LINE, WaitingKind, WaitingStatus
from app.models.activity import Activity, ActivityExpert, Registration
from app.models.expert import Expert
from app.models.waiting_list import WaitingEntry
from app.queries.activities.lines import SeatLine, seat_lines
from app.queries.free_times import Look
from app.unit_of_work import Reader

PAGE = 30


@dataclass(frozen=True, slots=True)
class Front:
    """Somebody in front of an activity."""

    id: UUID
    name: str
    category: str
    title: str


@dataclass(frozen=True, slots=True)
class Event:
    """An activity as everybody may see it."""

    id: UUID
    version: int
    kind: ActivityKind
    status: ActivityStatus
    title: str
    summary: str
    topic: str | None
    department: str
    co_departments: tuple[str, ...]
    is_promotion: bool
    mode: Mode
    place: str
    place_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    seat_total: int
    seat_taken: int
    ended_note: str | None
    fronts: tuple[Front, ...]
    criteria: tuple[Criterion, ...]
    mean: MeanKind

    @property
    def seats_left(self) -> int:
        """The seats that may still be taken."""
        return self.seat_total - self.seat_taken

    def may_join(self, now: datetime) -> bool:
        """Tell whether a seat can be taken or given back now."""
        is_on = self.status is ActivityStatus.OPEN and now < self.starts_at
        return is_on and self.kind.has_seats

    def has_open_door(self, now: datetime) -> bool:
        """Tell whether people sign in at the door now."""
        opens, closes = self.starts_at - DOOR_OPENS_BEFORE, self.ends_at + DOOR_CLOSES_AFTER
        return self.status is ActivityStatus.OPEN and opens <= now < closes


@dataclass(frozen=True, slots=True)
class EventPage:
    """An activity with the viewer's own part in it.

    Attributes:
        line: who waits for a seat.
    """

    event: Event
    seat: RegistrationStatus | None
    checked_in_at: datetime | None
    now: datetime
    line: SeatLine

    @property
    def has_seat(self) -> bool:
        """Whether the viewer has a seat."""
        return self.seat is RegistrationStatus.JOINED

    @property
    def is_full(self) -> bool:
        """Whether no seat is free; what is kept for who waits is taken."""
        return self.event.seats_left <= 0

    @property
    def kept_until(self) -> datetime | None:
        """When the seat that is kept for the viewer goes to the next, None where none is."""
        until = self.line.own.until if self.line.own else None
        return until if until and until > self.now else None

    @property
    def is_waiting(self) -> bool:
        """Whether the viewer waits and nothing is kept for him."""
        own = self.line.own
        return own is not None and own.status is WaitingStatus.WAITING

    @property
    def has_lapsed(self) -> bool:
        """Whether a seat was kept for the viewer and he let its time go by."""
        own = self.line.own
        is_over = own is not None and own.until is not None and own.until <= self.now
        return is_over or (own is not None and own.status is WaitingStatus.LAPSED)


def event_pages(
    reader: Reader, *, is_past: bool = False, status: ActivityStatus | None = None
) -> tuple[EventPage, ...]:
    """Return what lies ahead, the next first, or what is over, the last first; five statements."""
    which = Activity.ends_at < reader.now if is_past else Activity.ends_at >= reader.now
    order = Activity.starts_at.desc() if is_past else Activity.starts_at
    limits = [which] if status is None else [which, Activity.status == status]
    return _pages(reader, limits, order)


def activities_of(reader: Reader) -> tuple[EventPage, ...]:
    """Return the activities in which the viewer has or had a seat or waits for one, next first."""
    own = select(Registration.activity_id).where(
        Registration.person_id == reader.actor.person_id,
        Registration.status != RegistrationStatus.LEFT,
    )
    waits = select(WaitingEntry.ref_id).where(
        WaitingEntry.kind == WaitingKind.ACTIVITY,
        WaitingEntry.person_id == reader.actor.person_id,
        WaitingEntry.status.in_(IN_LINE),
    )
    return _pages(reader, [Activity.id.in_(own.union(waits))], Activity.starts_at.desc())


def event_page(reader: Reader, activity_id: UUID) -> EventPage:
    """Return one activity.

    Raises:
        NotFoundError: there is none.
    """
    found = _pages(reader, [Activity.id == activity_id], Activity.starts_at)
    if not found:
        raise NotFoundError("activity.not_found")
    return found[0]


def fronts_of(look: Look, activity_ids: Collection[UUID]) -> Mapping[UUID, list[Front]]:
    """Return who stands in front of each activity, the one who leads first."""
    rows = look.session.execute(
        select(ActivityExpert.activity_id, Expert)
        .join(Expert, Expert.id == ActivityExpert.expert_id)
        .where(ActivityExpert.activity_id.in_(activity_ids))
        .order_by(ActivityExpert.position)
    )
    found: dict[UUID, list[Front]] = defaultdict(list)
    for key, expert in rows:
        title = f"{expert.organisation} {expert.title}".strip()
        found[key].append(Front(expert.id, expert.name, expert.category.value, title))
    return found


def event_of(row: Activity, fronts: Sequence[Front]) -> Event:
    """Return an activity as everybody may see it."""
    return Event(
        id=row.id,
        version=row.version,
        kind=row.kind,
        status=row.status,
        title=row.title,
        summary=row.summary,
        topic=row.topic,
        department=row.department,
        co_departments=tuple(row.co_departments),
        is_promotion=row.is_promotion,
        mode=row.mode,
        place=row.place,
        place_id=row.place_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        seat_total=row.seat_total,
        seat_taken=row.seat_taken,
        ended_note=row.ended_note if row.status is ActivityStatus.CANCELLED else None,
        fronts=tuple(fronts),
        criteria=tuple(Criterion(**each) for each in row.criteria or ()),
        mean=row.mean,
    )


def _pages(
    reader: Reader, limits: Sequence[ColumnElement[bool]], order: Any
) -> tuple[EventPage, ...]:
    statement = select(Activity).where(*limits).order_by(order, Activity.id).limit(PAGE)
    rows = reader.session.scalars(statement).all()
    keys = [row.id for row in rows]
    fronts = fronts_of(reader, keys)
    own: dict[UUID, Registration] = {}
    if reader.actor.person_id is not None:
        seats = select(Registration).where(
            Registration.activity_id.in_(keys), Registration.person_id == reader.actor.person_id
        )
        own = {seat.activity_id: seat for seat in reader.session.scalars(seats)}
    lines = seat_lines(reader, keys)
    return tuple(
        EventPage(
            event_of(row, fronts[row.id]),
            own[row.id].status if row.id in own else None,
            own[row.id].checked_in_at if row.id in own else None,
            reader.now,
            lines[row.id],
        )
        for row in rows
    )
