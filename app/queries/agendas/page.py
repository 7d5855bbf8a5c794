"""The bureau's agenda of a day or a week, by place or by expert, with what needs a hand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.domain.availability import ExceptionKind, Mode
from app.domain.calendar import day_ends_at, day_starts_at, local_day
from app.models.availability import AvailabilityException, CalendarDay
from app.models.booking import Booking
from app.models.place import Place, PlaceClosing
from app.queries.agendas.events import AgendaActivity, activities
from app.queries.agendas.meetings import AgendaMeeting, meetings
from app.queries.booking_pages.stages import COMING, Stage
from app.unit_of_work import Reader

Spans = Mapping[UUID, Sequence[tuple[datetime, datetime]]]
Held = AgendaMeeting | AgendaActivity


class By(StrEnum):
    """What an agenda is arranged by."""

    PLACE = "place"
    EXPERT = "expert"


class Trouble(StrEnum):
    """Why a meeting needs a hand."""

    NO_PLACE = "no_place"
    PLACE_CLOSED = "place_closed"
    EXPERT_AWAY = "expert_away"
    SUSPENDED = "suspended"


class Where(StrEnum):
    """Groups of meetings that stand at no place."""

    NOWHERE = "nowhere"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True)
class AgendaQuestion:
    """Which days, both included, arranged how, and of which street and kind of service."""

    first_on: date
    last_on: date
    by: By
    street: str | None = None
    session_type: str | None = None


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """A meeting and what is wrong with it."""

    meeting: AgendaMeeting
    troubles: tuple[Trouble, ...]

    @property
    def on(self) -> date:
        """The day of the meeting."""
        return local_day(self.meeting.starts_at)


@dataclass(frozen=True, slots=True)
class AgendaEvent:
    """An activity and what is wrong with it."""

    activity: AgendaActivity
    troubles: tuple[Trouble, ...]

    @property
    def on(self) -> date:
        """The day on which it begins."""
        return local_day(self.activity.starts_at)


@dataclass(frozen=True, slots=True)
class AgendaGroup:
    """The meetings and activities at one place, or of one expert.

    Attributes:
        key: the place, its name where it is no place of the service, the expert, or a `Where`.
    """

    key: str
    name: str
    rows: tuple[AgendaRow, ...] = ()
    events: tuple[AgendaEvent, ...] = ()

    @property
    def count(self) -> int:
        """How many meetings and activities it has."""
        return len(self.rows) + len(self.events)


@dataclass(frozen=True, slots=True)
class Agenda:
    """An agenda; `special` names the holidays and make-up workdays among its days."""

    asked: AgendaQuestion
    groups: tuple[AgendaGroup, ...]
    rows: tuple[AgendaRow, ...]
    events: tuple[AgendaEvent, ...]
    special: Mapping[date, str]

    @property
    def count(self) -> int:
        """How many meetings and activities there are."""
        return len(self.rows) + len(self.events)

    @property
    def troubled(self) -> tuple[AgendaRow, ...]:
        """The meetings that need a hand."""
        return tuple(row for row in self.rows if row.troubles)

    @property
    def troubled_events(self) -> tuple[AgendaEvent, ...]:
        """The activities that need a hand."""
        return tuple(event for event in self.events if event.troubles)


def agenda(reader: Reader, asked: AgendaQuestion) -> Agenda:
    """Return the agenda as far as the actor sees, in seven statements."""
    days = (day_starts_at(asked.first_on), day_ends_at(asked.last_on))
    found = meetings(reader, *days, *_chosen(asked))
    public = _events(reader, asked, *days)
    shut, away = _shut(reader, [*found, *public], asked), _away(reader, [*found, *public], asked)
    rows = tuple(AgendaRow(each, tuple(_troubles(each, shut, away))) for each in found)
    events = tuple(AgendaEvent(each, tuple(_clashes(each, shut, away))) for each in public)
    special = reader.session.execute(
        select(CalendarDay.day, CalendarDay.name).where(
            CalendarDay.day.between(asked.first_on, asked.last_on)
        )
    )
    groups = _groups(rows, events, asked.by)
    return Agenda(asked, groups, rows, events, {day: name for day, name in special})


def _events(
    reader: Reader, asked: AgendaQuestion, first_at: datetime, last_at: datetime
) -> list[AgendaActivity]:
    """Return the activities; they are of no street but that of their place, of no other kind."""
    if asked.session_type:
        return []
    which = [Place.street == asked.street] if asked.street else []
    return activities(reader, first_at, last_at, *which)


def _chosen(asked: AgendaQuestion) -> Iterator[ColumnElement[bool]]:
    if asked.street:
        yield Booking.street == asked.street
    if asked.session_type:
        yield Booking.session_type == asked.session_type


def _shut(reader: Reader, found: Iterable[Held], asked: AgendaQuestion) -> Spans:
    rows = reader.session.execute(
        select(
            PlaceClosing.place_id,
            PlaceClosing.day,
            PlaceClosing.starts_minute,
            PlaceClosing.ends_minute,
        ).where(
            PlaceClosing.place_id.in_({each.place_id for each in found if each.place_id}),
            PlaceClosing.day.between(asked.first_on, asked.last_on),
        )
    )
    return _spans(rows)


def _away(reader: Reader, found: Iterable[Held], asked: AgendaQuestion) -> Spans:
    rows = reader.session.execute(
        select(
            AvailabilityException.expert_id,
            AvailabilityException.day,
            AvailabilityException.starts_minute,
            AvailabilityException.ends_minute,
        ).where(
            AvailabilityException.kind == ExceptionKind.OFF,
            AvailabilityException.expert_id.in_(
                {seat.expert_id for each in found for seat in each.experts}
            ),
            AvailabilityException.day.between(asked.first_on, asked.last_on),
        )
    )
    return _spans(rows)


def _spans(rows: Iterable[tuple[UUID, date, int, int]]) -> Spans:
    spans: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    for key, day, starts, ends in rows:
        midnight = day_starts_at(day)
        spans[key].append(
            (midnight + timedelta(minutes=starts), midnight + timedelta(minutes=ends))
        )
    return spans


def _troubles(meeting: AgendaMeeting, shut: Spans, away: Spans) -> Iterator[Trouble]:
    if meeting.stage is Stage.SUSPENDED:
        yield Trouble.SUSPENDED
    if meeting.stage not in COMING:
        return
    if meeting.lacks_place:
        yield Trouble.NO_PLACE
    yield from _clashes(meeting, shut, away)


def _clashes(held: Held, shut: Spans, away: Spans) -> Iterator[Trouble]:
    if held.place_id and _meets(held, shut.get(held.place_id, ())):
        yield Trouble.PLACE_CLOSED
    if any(_meets(held, away.get(seat.expert_id, ())) for seat in held.experts):
        yield Trouble.EXPERT_AWAY


def _meets(held: Held, spans: Iterable[tuple[datetime, datetime]]) -> bool:
    return any(first < held.ends_at and held.starts_at < last for first, last in spans)


def _groups(
    rows: Sequence[AgendaRow], events: Sequence[AgendaEvent], by: By
) -> tuple[AgendaGroup, ...]:
    """Arrange them; what has no place yet comes first, what needs none comes last."""
    found: dict[str, AgendaGroup] = {}
    for row in rows:
        for key, name in _keys(row.meeting, by):
            group = found.get(key) or AgendaGroup(key, name)
            found[key] = replace(group, rows=(*group.rows, row))
    for event in events:
        for key, name in _keys(event.activity, by):
            group = found.get(key) or AgendaGroup(key, name)
            found[key] = replace(group, events=(*group.events, event))
    return tuple(sorted(found.values(), key=_order))


def _keys(held: Held, by: By) -> Collection[tuple[str, str]]:
    if by is By.EXPERT:
        return [(str(seat.expert_id), seat.name) for seat in held.experts]
    if held.place_id:
        return [(str(held.place_id), held.place)]
    if held.mode is not Mode.ONSITE:
        return [(Where.REMOTE.value, "")]
    return [(held.place, held.place)] if held.place else [(Where.NOWHERE.value, "")]


def _order(group: AgendaGroup) -> tuple[int, str, str]:
    rank = {Where.NOWHERE.value: 0, Where.REMOTE.value: 2}.get(group.key, 1)
    return rank, group.name, group.key
