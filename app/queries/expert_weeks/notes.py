"""What is special about the days of a week: the district's calendar, and the expert's own days."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, cast, literal, null, select, type_coerce, union_all

from app.domain.availability import ExceptionKind
from app.domain.calendar import CalendarWeek, DayKind
from app.models.availability import AvailabilityException, CalendarDay, Clinic
from app.unit_of_work import Reader

WHOLE_DAY = (0, 24 * 60)


class NoteKind(StrEnum):
    """What is said of a day as a whole."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    CLOSED = "closed"
    OPENED = "opened"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class DayNote:
    """A special day: a holiday, a make-up workday 调休, days off, more hours, a clinic."""

    kind: NoteKind
    text: str
    starts_minute: int = WHOLE_DAY[0]
    ends_minute: int = WHOLE_DAY[1]
    clinic_id: UUID | None = None

    @property
    def is_whole_day(self) -> bool:
        """Tell whether the note speaks of the day from end to end."""
        return (self.starts_minute, self.ends_minute) == WHOLE_DAY


def notes_of(reader: Reader, expert_id: UUID, week: CalendarWeek) -> list[tuple[date, DayNote]]:
    """Return what is special about the days: the district's calendar first, then his own."""
    district = select(
        CalendarDay.day.label("day"),
        type_coerce(CalendarDay.kind, String).label("kind"),
        literal(WHOLE_DAY[0]).label("starts"),
        literal(WHOLE_DAY[1]).label("ends"),
        CalendarDay.name.label("text"),
        literal(False).label("is_own"),
        cast(null(), Uuid).label("clinic_id"),
    ).where(CalendarDay.day.between(week.days[0], week.days[-1]))
    own = select(
        AvailabilityException.day,
        type_coerce(AvailabilityException.kind, String),
        AvailabilityException.starts_minute,
        AvailabilityException.ends_minute,
        AvailabilityException.reason,
        literal(True),
        cast(null(), Uuid),
    ).where(
        AvailabilityException.expert_id == expert_id,
        AvailabilityException.day.between(week.days[0], week.days[-1]),
    )
    clinics = select(
        Clinic.day,
        literal(NoteKind.CLINIC.value),
        Clinic.starts_minute,
        Clinic.ends_minute,
        Clinic.note,
        literal(True),
        Clinic.id,
    ).where(Clinic.expert_id == expert_id, Clinic.day.between(week.days[0], week.days[-1]))
    rows = reader.session.execute(union_all(district, own, clinics)).all()
    ordered = sorted(rows, key=lambda row: (row.day, row.is_own, row.starts))
    return [(row.day, _note(row)) for row in ordered]


def _note(row: Any) -> DayNote:
    if not row.is_own:
        is_off = row.kind == DayKind.OFF
        return DayNote(NoteKind.HOLIDAY if is_off else NoteKind.MAKE_UP, row.text)
    if row.clinic_id:
        return DayNote(NoteKind.CLINIC, row.text, row.starts, row.ends, row.clinic_id)
    kind = NoteKind.CLOSED if row.kind == ExceptionKind.OFF else NoteKind.OPENED
    return DayNote(kind, row.text, row.starts, row.ends)
