"""The agenda of a day, and an expert's week."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.calendar import CalendarWeek
from app.http.run import reading
from app.http.wire import jsonable
from app.queries import agendas
from app.queries.agendas import AgendaGroup, AgendaRow, By, Seat, Trouble
from app.queries.booking_pages import Stage
from app.queries.expert_weeks import Entry, EntryKind, ExpertWeek, NoteKind, expert_week

LONGEST_CODE = 60
LONGEST_WEEK = 8


@dataclass(frozen=True, slots=True)
class AgendaExpert:
    """An expert of a meeting."""

    id: UUID
    name: str
    is_lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """A meeting; `troubles` says why it needs a hand, `session_id` is there once it is agreed."""

    booking_id: UUID
    session_id: UUID | None
    reference: str
    starts_at: datetime
    ends_at: datetime
    founder: str | None
    experts: tuple[AgendaExpert, ...]
    session_type: str
    mode: Mode
    place_id: UUID | None
    place: str
    street: str | None
    stage: Stage
    founder_came_at: datetime | None
    expert_came_at: datetime | None
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class AgendaPart:
    """The meetings at one place or of one expert.

    `key` is the id of the place or expert, the name of another place, `nowhere` or `remote`.
    """

    key: str
    name: str
    items: tuple[AgendaItem, ...]


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """The meetings of a day as far as the asker sees them; `special` names a holiday."""

    day: date
    by: By
    special: str | None
    groups: tuple[AgendaPart, ...]


@dataclass(frozen=True, slots=True)
class CalendarNote:
    """What is said of a day, of the minutes from midnight given."""

    kind: NoteKind
    text: str
    starts_minute: int
    ends_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """What stands in a span of the week; a booking has its number, and a deadline while asked."""

    kind: EntryKind
    starts_at: datetime
    ends_at: datetime
    reason: str
    booking_id: UUID | None
    reference: str | None
    session_type: str | None
    stage: Stage | None
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day; `full` names the period in which the expert has as much as he takes."""

    day: date
    is_working: bool
    full: str | None
    notes: tuple[CalendarNote, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The week of an expert, with what can still be booked in it."""

    expert_id: UUID
    week: str
    time_zone: str
    days: tuple[CalendarDay, ...]
    items: tuple[CalendarEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaQuery:
    """Which day, by default today, arranged how, and of which street and kind of service."""

    day: date | None = None
    by: By = By.PLACE
    street: Annotated[str | None, Text(LONGEST_CODE)] = None
    session_type: Annotated[str | None, Text(LONGEST_CODE)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekQuery:
    """Which week, by default the present one."""

    week: Annotated[str | None, Text(LONGEST_WEEK), Named(says="By ISO 8601: 2026-W38.")] = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/agenda")(read_agenda)
    blueprint.get("/experts/<uuid:expert_id>/calendar")(read_calendar)


@operation(Permission.ENTER_ON_PAPER, answer=AgendaDay)
def read_agenda(query: AgendaQuery) -> Any:
    """Read who meets whom, where and when on a day."""
    with reading() as reader:
        day = query.day or reader.today
        asked = agendas.AgendaQuestion(day, day, query.by, query.street, query.session_type)
        found = agendas.agenda(reader, asked)
    groups = tuple(_part(group) for group in found.groups)
    return jsonable(AgendaDay(day, query.by, found.special.get(day), groups))


@operation(Permission.SET_AVAILABILITY, answer=Calendar)
def read_calendar(expert_id: UUID, query: WeekQuery) -> Any:
    """Read an expert's week; for himself and for who looks after him."""
    with reading() as reader:
        week = CalendarWeek.parse(query.week) if query.week else CalendarWeek.of(reader.today)
        found = expert_week(reader, expert_id, week)
    return jsonable(_calendar(found))


def _part(group: AgendaGroup) -> AgendaPart:
    return AgendaPart(group.key, group.name, tuple(_item(row) for row in group.rows))


def _item(row: AgendaRow) -> AgendaItem:
    meeting = row.meeting
    return AgendaItem(
        booking_id=meeting.booking_id,
        session_id=meeting.session_id,
        reference=meeting.reference,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        founder=meeting.founder,
        experts=tuple(_expert(seat) for seat in meeting.experts),
        session_type=meeting.session_type,
        mode=meeting.mode,
        place_id=meeting.place_id,
        place=meeting.place,
        street=meeting.street,
        stage=meeting.stage,
        founder_came_at=meeting.founder_came_at,
        expert_came_at=meeting.expert_came_at,
        troubles=row.troubles,
    )


def _expert(seat: Seat) -> AgendaExpert:
    return AgendaExpert(seat.expert_id, seat.name, seat.is_lead)


def _calendar(found: ExpertWeek) -> Calendar:
    days = tuple(
        CalendarDay(
            day.on,
            day.is_working,
            day.full,
            tuple(CalendarNote(n.kind, n.text, n.starts_minute, n.ends_minute) for n in day.notes),
        )
        for day in found.days
    )
    items = tuple(_entry(entry) for entry in found.entries)
    return Calendar(found.expert_id, str(found.week), found.zone.key, days, items)


def _entry(entry: Entry) -> CalendarEntry:
    booked = entry.booked
    return CalendarEntry(
        kind=entry.kind,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        reason=entry.reason,
        booking_id=booked.booking_id if booked else None,
        reference=booked.reference if booked else None,
        session_type=booked.session_type if booked else None,
        stage=booked.stage if booked else None,
        answer_by=booked.answer_by if booked else None,
    )
