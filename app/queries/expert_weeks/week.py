"""One expert's week: what stands in it, what his own calendars say, and what can be booked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.actor import Permission, may
from app.domain.availability import Diary, FreeTime, Span, free_times
from app.domain.calendar import CalendarWeek
from app.domain.errors import NotFoundError
from app.queries.expert_weeks.entries import Entry, EntryKind, bookings
from app.queries.expert_weeks.notes import DayNote, NoteKind, notes_of
from app.queries.free_times import Diaries, load_diaries
from app.unit_of_work import Reader

# What a week offers is shown for the service that is asked for most.
USUAL_SERVICE = "consultation"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day; `full` names the period in which the expert has as much as he takes."""

    on: date
    is_working: bool
    notes: tuple[DayNote, ...]
    full: str | None


@dataclass(frozen=True, slots=True)
class ExpertWeek:
    """Everything of one expert's week, in the time zone in which he reads it.

    Attributes:
        next_at: when the first meeting or request after the week begins.
        bookable_until: the last day that founders can choose as of now.
        unknown_from: from when in the week on his own calendars tell nothing, so that
            nothing is offered.
    """

    expert_id: UUID
    week: CalendarWeek
    zone: ZoneInfo
    days: tuple[WeekDay, ...]
    entries: tuple[Entry, ...]
    is_paused: bool
    next_at: datetime | None
    bookable_until: date
    unknown_from: datetime | None

    def day(self, on: date) -> WeekDay:
        """Return one day of the week."""
        return self.days[(on - self.week.monday_on).days]

    def is_shown(self, on: date) -> bool:
        """Tell whether there is something to say of the day although nothing stands in it."""
        return self.day(on).is_working or bool(self.day(on).notes)

    @property
    def full(self) -> tuple[str, ...]:
        """The periods in which the expert has as much as he takes: month, week, year."""
        return tuple(sorted({day.full for day in self.days if day.full}))

    @property
    def is_unknown(self) -> bool:
        """Whether his own calendars tell nothing of any day of the week."""
        opening = _midnight(self.week.monday_on, self.zone)
        return self.unknown_from is not None and self.unknown_from <= opening


def expert_week(reader: Reader, expert_id: UUID, week: CalendarWeek) -> ExpertWeek:
    """Return the week of an expert in eight statements.

    Raises:
        NotFoundError: there is no such expert, or the actor neither is he nor looks after him.
    """
    diaries = load_diaries(reader, [expert_id], _around(week))
    diary = diaries.by_expert.get(expert_id)
    own = frozenset({expert_id})
    if diary is None or not may(reader.actor, Permission.SET_AVAILABILITY, experts=own):
        raise NotFoundError("expert.not_found")
    zone = ZoneInfo(diary.zone)
    first_at = _midnight(week.monday_on, zone)
    last_at = _midnight(week.shifted(1).monday_on, zone)
    found = list(bookings(reader, expert_id, first_at, last_at))
    notes = notes_of(reader, expert_id, week)
    # Days off as a whole are said of the day.
    closed = [
        _closed(_midnight(on, zone), note)
        for on, note in notes
        if note.kind is NoteKind.CLOSED and not note.is_whole_day
    ]
    entries = [*found, *closed, *_busy(diary), *_free(reader, expert_id, diaries, week)]
    entries = [each for each in entries if first_at < each.ends_at and each.starts_at < last_at]
    return ExpertWeek(
        expert_id=expert_id,
        week=week,
        zone=zone,
        days=tuple(_day(on, diary, diaries, notes, reader.today) for on in week.days),
        entries=tuple(sorted(entries, key=lambda entry: (entry.starts_at, entry.ends_at))),
        is_paused=diary.is_paused,
        next_at=min((e.starts_at for e in found if e.starts_at >= last_at), default=None),
        bookable_until=reader.today + timedelta(days=diary.horizon_days - 1),
        unknown_from=min(
            (e.starts_at for e in diary.unknown if e.starts_at < last_at), default=None
        ),
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _closed(midnight: datetime, note: DayNote) -> Entry:
    first, last = (
        midnight + timedelta(minutes=minute) for minute in (note.starts_minute, note.ends_minute)
    )
    return Entry(EntryKind.CLOSED, first, last, reason=note.text)


def _day(
    on: date,
    diary: Diary,
    diaries: Diaries,
    notes: Sequence[tuple[date, DayNote]],
    today: date,
) -> WeekDay:
    return WeekDay(
        on=on,
        is_working=diaries.calendar.is_working(on),
        notes=tuple(note for day, note in notes if day == on),
        full=diary.full_period(on) if on >= today else None,
    )


def _around(week: CalendarWeek) -> tuple[date, ...]:
    """Return the district's days that the expert's own week can touch."""
    return (week.monday_on - _ONE_DAY, *week.days, week.days[-1] + _ONE_DAY)


def _free(reader: Reader, expert_id: UUID, diaries: Diaries, week: CalendarWeek) -> Iterator[Entry]:
    diary = diaries.by_expert[expert_id]
    modes = tuple(sorted(diary.modes))
    question = diaries.question(expert_id, USUAL_SERVICE, modes, reader.now)
    for span in _joined(free_times(diary, diaries.calendar, question, _around(week))):
        yield Entry(EntryKind.FREE, span.starts_at, span.ends_at)


def _busy(diary: Diary) -> Iterator[Entry]:
    """Yield when his own calendars say busy; several that touch are one."""
    for span in _joined(sorted(diary.busy, key=lambda span: span.starts_at)):
        yield Entry(EntryKind.BUSY, span.starts_at, span.ends_at)


def _joined(times: Iterable[FreeTime | Span]) -> Iterator[Span]:
    """Yield the spans that the times, in order of start, cover together."""
    run: Span | None = None
    for each in times:
        if run is not None and each.starts_at <= run.ends_at:
            run = Span(run.starts_at, max(run.ends_at, each.ends_at))
            continue
        if run is not None:
            yield run
        run = Span(each.starts_at, each.ends_at)
    if run is not None:
        yield run
