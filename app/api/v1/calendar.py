"""The working calendar of a year, and its notice taken over."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, Text, Whole
from app.domain.actor import Permission
from app.domain.calendar import DayKind
from app.domain.calendar_year import FIRST_YEAR, LAST_YEAR
from app.domain.import_row import SourceRow
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries.calendar_years import year_page
from app.services import calendars
from app.services.calendars import CalendarReport

MOST_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarQuery:
    """Which year is asked for; without it the present one."""

    year: Annotated[int | None, Whole(FIRST_YEAR, LAST_YEAR)] = None


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day that differs from the plain week."""

    date: date
    kind: DayKind
    name: str
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The days of a year; `confirmed` once all of them are published."""

    year: int
    confirmed: bool
    items: tuple[CalendarDate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDay:
    """A day as the notice has it."""

    date: date
    kind: DayKind
    name: Annotated[str, Text(40)]
    source: Annotated[str | None, Text(80)] = None
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBody:
    """All days of one or more years; days of them that are not named are plain days again."""

    items: Annotated[tuple[NoticeDay, ...], Count(1, MOST_DAYS)]
    dry_run: Annotated[bool, Named(says="Check everything and write nothing.")] = False


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/calendar")(read_calendar_year)
    blueprint.post("/calendar/import")(import_calendar_year)


@operation(Permission.READ_TASKS, Permission.SET_CALENDAR, answer=CalendarYear)
def read_calendar_year(query: CalendarQuery) -> Any:
    """Read which days of a year differ from the plain week."""
    with reading() as reader:
        page = year_page(reader, query.year)
    days = tuple(
        CalendarDate(day.on, day.kind, day.name, day.source, day.is_confirmed) for day in page.days
    )
    return jsonable(CalendarYear(page.year, page.is_confirmed, days))


@operation(Permission.SET_CALENDAR, answer=CalendarReport)
def import_calendar_year(body: NoticeBody) -> Any:
    """Let the calendar say of each year named exactly what is sent.

    Bookings whose time is no longer offered are suspended, and deadlines that run over new days
    off are lengthened, in the same transaction. Faults name the place in `items`, from 1.
    """
    return run(calendars.import_rows, _rows(body.items), dry_run=body.dry_run, answer=asdict)


def _rows(items: Sequence[NoticeDay]) -> list[SourceRow]:
    return [
        SourceRow(
            number,
            {
                "date": item.date,
                "kind": item.kind.value,
                "name": item.name,
                "source": item.source,
                "confirmed": "true" if item.confirmed else "false",
            },
        )
        for number, item in enumerate(items, start=1)
    ]
