"""A year's notice taken over from a file: all rows or none, and bookings follow at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.calendar import DayKind
from app.domain.calendar_year import changed_days, fault_of, read_kind, read_yes
from app.domain.import_row import Column, ImportReport, RowReader, SourceRow, day, line
from app.domain.task import TaskKind, key_of_year
from app.domain.vocabulary import Words
from app.models.availability import CalendarDay
from app.services import tasks
from app.services.calendars.following import follow
from app.services.calendars.lengthening import lengthen
from app.services.rehearsal import perform
from app.unit_of_work import UnitOfWork

SOURCE = "公告导入"
COLUMNS: Mapping[str, Column] = {
    "date": Column(day, is_required=True),
    "kind": Column(read_kind, is_required=True),
    "name": Column(line(40), is_required=True),
    "source": Column(line(80)),
    "confirmed": Column(read_yes),
}


@dataclass(frozen=True, slots=True)
class CalendarReport(ImportReport):
    """What became of the days, of the bookings on them and of stored deadlines."""

    withdrawn: int = 0
    suspended: int = 0
    resumed: int = 0
    lengthened: int = 0


def import_rows(
    uow: UnitOfWork, rows: Sequence[SourceRow], *, dry_run: bool = False
) -> CalendarReport:
    """Let the calendar say of each year in the rows exactly what they say.

    Days of such a year that the rows lack are withdrawn and count as plain days again. In the
    same transaction bookings whose time is no longer offered are suspended, those whose time is
    offered again stand again, and deadlines that run over new days off are lengthened.

    Raises:
        ImportRefusedError: rows have faults; nothing is taken.
    """
    uow.require(Permission.SET_CALENDAR)
    entries = _understood(rows)
    return perform(uow, lambda: _apply(uow, entries), for_good=not dry_run)


def _understood(rows: Sequence[SourceRow]) -> list[dict[str, Any]]:
    reader = RowReader(COLUMNS, Words({}))
    seen: dict[date, int] = {}
    entries = []
    for row in rows:
        given = reader.read(row)
        reader.require(row, given)
        on, kind = given.get("date"), given.get("kind")
        if on is not None and on in seen:
            reader.fault(row, "date", "import.double_id", first=seen[on])
        elif on is not None:
            seen[on] = row.number
        if on is not None and kind is not None and (code := fault_of(on, kind)):
            reader.fault(row, "date", code, day=on)
        entries.append(given)
    reader.ensure_faultless()
    return entries


def _apply(uow: UnitOfWork, entries: Sequence[Mapping[str, Any]]) -> CalendarReport:
    before = uow.calendar
    years = sorted({entry["date"].year for entry in entries})
    counts = _write(uow, entries, years)
    uow.flush()
    after = uow.read_calendar()
    changed = changed_days(before, after, uow.today)
    suspended, resumed = follow(uow, before, changed) if changed else (0, 0)
    stretched = lengthen(uow, before) if changed else 0
    for year in years:
        tasks.settle(uow, TaskKind.CALENDAR_MISSING, key_of_year(year))
    return CalendarReport(*counts, suspended=suspended, resumed=resumed, lengthened=stretched)


def _write(
    uow: UnitOfWork, entries: Sequence[Mapping[str, Any]], years: Sequence[int]
) -> tuple[int, int, int, int]:
    known = _known(uow, years)
    created = updated = 0
    for entry in entries:
        values = _values(entry)
        row = known.pop(entry["date"], None)
        if row is None:
            row = uow.add(CalendarDay(day=entry["date"], is_withdrawn=False, **values))
            created += 1
        elif row.is_withdrawn or any(getattr(row, name) != new for name, new in values.items()):
            row.is_withdrawn = False
            for name, new in values.items():
                setattr(row, name, new)
            updated += 1
        else:
            continue
        uow.audit("calendar_day.imported", row)
    gone = [row for row in known.values() if not row.is_withdrawn]
    for row in gone:
        row.is_withdrawn = True
        uow.audit("calendar_day.withdrawn", row)
    return created, updated, len(entries) - created - updated, len(gone)


def _values(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": DayKind(entry["kind"]),
        "name": entry["name"],
        "source": entry.get("source", SOURCE),
        "is_confirmed": entry.get("confirmed", True),
    }


def _known(uow: UnitOfWork, years: Sequence[int]) -> dict[date, CalendarDay]:
    rows = uow.all(
        select(CalendarDay)
        .where(CalendarDay.day.between(date(years[0], 1, 1), date(years[-1], 12, 31)))
        .order_by(CalendarDay.day)
        .with_for_update()
    )
    return {row.day: row for row in rows if row.day.year in years}
