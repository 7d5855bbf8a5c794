"""The rota of a month: which expert holds a clinic when and where, and how full it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.availability import Clinic, Span
from app.domain.calendar import Month, day_starts_at
from app.models.availability import CalendarDay
from app.models.availability import Clinic as ClinicRow
from app.models.booking import ResourceKind
from app.models.expert import Appointment, Expert
from app.models.place import Place
from app.queries.free_times import claims_of
from app.unit_of_work import Reader

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaClinic:
    """A clinic with how many of its slots are taken."""

    id: UUID
    version: int
    expert_id: UUID
    expert: str
    day: date
    starts_at: datetime
    ends_at: datetime
    place_id: UUID | None
    place: str
    note: str
    slots: int
    taken: int
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Rota:
    """The clinics of a month in order, and who and where can be chosen for another.

    Attributes:
        experts, places: who and where can be chosen; a clerk chooses among his own places.
        may_set: whether the reader may set clinics.
        may_repeat: whether he looks after all of them.
        special: holidays and make-up workdays of the month by day.
    """

    month: Month
    clinics: tuple[RotaClinic, ...]
    experts: tuple[tuple[UUID, str], ...]
    places: tuple[tuple[UUID, str], ...]
    special: Mapping[date, str]
    may_set: bool
    may_repeat: bool


def rota(reader: Reader, month: Month) -> Rota:
    """Return the rota of a month, in five statements."""
    last_on = month.following().first_on - _ONE_DAY
    rows = reader.session.execute(
        select(ClinicRow, Expert.name, Place)
        .join(Expert, Expert.id == ClinicRow.expert_id)
        .outerjoin(Place, Place.id == ClinicRow.place_id)
        .where(ClinicRow.day.between(month.first_on, last_on))
        .order_by(ClinicRow.day, ClinicRow.starts_minute, Expert.name, ClinicRow.id)
    ).all()
    days = [month.first_on, last_on]
    experts = {row.Clinic.expert_id for row in rows}
    claims = claims_of(reader, ResourceKind.EXPERT, experts, days)
    special = reader.session.execute(
        select(CalendarDay.day, CalendarDay.name).where(
            CalendarDay.day.between(month.first_on, last_on)
        )
    )
    return Rota(
        month=month,
        clinics=tuple(_clinic(reader, row, claims.get(row.Clinic.expert_id, [])) for row in rows),
        experts=_serving(reader, month.first_on, last_on),
        places=_places(reader),
        special={day: name for day, name in special},
        may_set=may(reader.actor, Permission.SET_CLINIC),
        may_repeat=may(reader.actor, Permission.SET_AVAILABILITY),
    )


def _clinic(reader: Reader, found: Any, spans: Sequence[Span]) -> RotaClinic:
    row: ClinicRow = found.Clinic
    place: Place | None = found.Place
    midnight, length = day_starts_at(row.day), timedelta(minutes=row.slot_minutes)
    clinic = Clinic(row.day, row.starts_minute, row.ends_minute, row.slot_minutes)
    starts = [midnight + timedelta(minutes=minute) for minute in clinic.slots()]
    taken = sum(
        any(span.starts_at < at + length and at < span.ends_at for span in spans) for at in starts
    )
    return RotaClinic(
        id=row.id,
        version=row.version,
        expert_id=row.expert_id,
        expert=found.name,
        day=row.day,
        starts_at=midnight + timedelta(minutes=row.starts_minute),
        ends_at=midnight + timedelta(minutes=row.ends_minute),
        place_id=row.place_id,
        place=place.name if place else "",
        note=row.note,
        slots=len(starts),
        taken=taken,
        may_remove=reader.actor.works_at(place.street if place else None),
    )


def _serving(reader: Reader, first_on: date, last_on: date) -> tuple[tuple[UUID, str], ...]:
    rows = reader.session.execute(
        select(Expert.id, Expert.name)
        .join(Appointment, Appointment.expert_id == Expert.id)
        .where(Appointment.starts_on <= last_on, Appointment.ends_on >= first_on)
        .distinct()
        .order_by(Expert.name, Expert.id)
    )
    return tuple((expert_id, name) for expert_id, name in rows)


def _places(reader: Reader) -> tuple[tuple[UUID, str], ...]:
    rows = reader.session.execute(
        select(Place.id, Place.name, Place.street)
        .where(Place.retired_at.is_(None))
        .order_by(Place.name)
    )
    works_at = reader.actor.works_at
    return tuple((place_id, name) for place_id, name, street in rows if works_at(street))
