"""The free slots of today's clinics that a desk may give to somebody who stands in front of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.availability import (
    CLINIC_SERVICE,
    Clinic,
    Mode,
    Span,
    at_the_counter,
    free_times,
)
from app.domain.calendar import day_starts_at, local_day
from app.domain.errors import NotFoundError
from app.domain.need import OPEN
from app.models.availability import Clinic as ClinicRow
from app.models.booking import ResourceKind
from app.models.expert import Expert
from app.models.need import Need
from app.models.person import Person
from app.models.place import Place
from app.queries.free_times import Diaries, claims_of, load_diaries
from app.unit_of_work import Reader

_MODES = (Mode.ONSITE.value,)


@dataclass(frozen=True, slots=True)
class OpenClinic:
    """A clinic of today at a place of the reader's, and its slots that are still free."""

    id: UUID
    expert_id: UUID
    expert: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    slots: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Counter:
    """A need and the clinics of today into which its founder can go at once.

    Attributes:
        is_open: whether anything can be booked for the need at all.
    """

    need_id: UUID
    reference: str
    founder: str
    is_open: bool
    clinics: tuple[OpenClinic, ...]


def at_counter(reader: Reader, need_id: UUID) -> Counter:
    """Return a need and the clinics of today that go on at places of the reader's.

    Eight statements. Whether a tie or a limit forbids a pairing is found when a slot is given.

    Raises:
        NotFoundError: there is no such need, or the actor may not know of it.
    """
    row = reader.session.execute(
        select(Need, Person.name)
        .join(Person, Person.id == Need.person_id)
        .where(Need.id == need_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("need.not_found")
    need, founder = row
    clinics = open_today(reader, busy_of=need.person_id)
    return Counter(need.id, need.reference, founder, need.status in OPEN, clinics)


def open_today(reader: Reader, *, busy_of: UUID | None = None) -> tuple[OpenClinic, ...]:
    """Return the clinics of today at places of the reader's that are not over, in order.

    Args:
        reader: who asks.
        busy_of: the person for whom slots are looked for, if it is known.
    """
    today = local_day(reader.now)
    rows = [
        row
        for row in reader.session.execute(
            select(ClinicRow, Expert, Place)
            .join(Expert, Expert.id == ClinicRow.expert_id)
            .outerjoin(Place, Place.id == ClinicRow.place_id)
            .where(ClinicRow.day == today)
            .order_by(ClinicRow.starts_minute, Expert.name, ClinicRow.id)
        )
        if reader.actor.works_at(row.Place.street if row.Place else None)
        and _span(row.Clinic).ends_at > reader.now
    ]
    if not rows:
        return ()
    diaries = load_diaries(reader, {row.Clinic.expert_id for row in rows}, [today])
    busy: Sequence[Span] = ()
    if busy_of is not None:
        found = claims_of(reader, ResourceKind.FOUNDER, [busy_of], [today])
        busy = found.get(busy_of, ())
    return tuple(_open(row, diaries, tuple(busy), reader.now) for row in rows)


def _open(row: Any, diaries: Diaries, busy: tuple[Span, ...], now: datetime) -> OpenClinic:
    span, expert = _span(row.Clinic), row.Expert
    return OpenClinic(
        id=row.Clinic.id,
        expert_id=expert.id,
        expert=expert.name,
        title=f"{expert.organisation} {expert.title}".strip(),
        place=row.Place.name if row.Place else "",
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        slots=_free(row.Clinic, diaries, busy, now),
    )


def _free(
    row: ClinicRow, diaries: Diaries, busy: tuple[Span, ...], now: datetime
) -> tuple[Span, ...]:
    clinic = Clinic(row.day, row.starts_minute, row.ends_minute, row.slot_minutes, row.place_id)
    diary = at_the_counter(diaries.by_expert[row.expert_id], clinic)
    question = diaries.question(row.expert_id, CLINIC_SERVICE, _MODES, now, also_busy=busy)
    span = _span(row)
    return tuple(
        Span(time.starts_at, time.ends_at)
        for time in free_times(diary, diaries.calendar, question, [row.day])
        if time.is_slot and span.starts_at <= time.starts_at < span.ends_at
    )


def _span(row: ClinicRow) -> Span:
    midnight = day_starts_at(row.day)
    return Span(
        midnight + timedelta(minutes=row.starts_minute),
        midnight + timedelta(minutes=row.ends_minute),
    )
