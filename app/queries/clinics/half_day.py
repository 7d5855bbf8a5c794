"""One clinic 坐诊 as a page: its slots, who comes into each, and how late it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.availability import Clinic
from app.domain.calendar import day_starts_at
from app.domain.errors import NotFoundError
from app.models.availability import Clinic as ClinicRow
from app.models.booking import Booking, BookingExpert
from app.models.expert import Expert
from app.models.need import Need
from app.models.place import Place
from app.queries.agendas import AgendaMeeting
from app.queries.agendas.meetings import meetings
from app.queries.booking_pages.stages import Stage
from app.unit_of_work import Reader

_NOT_HELD = frozenset({Stage.SUSPENDED, Stage.MISSED, Stage.CONTESTED})


@dataclass(frozen=True, slots=True)
class Visit:
    """A meeting of a clinic, with the founder's question."""

    meeting: AgendaMeeting
    question: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot 号 and who comes into it; `expected_at` is when it begins as things stand."""

    starts_at: datetime
    ends_at: datetime
    visits: tuple[Visit, ...]
    expected_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Tell whether nobody can come into it any more."""
        return self.starts_at <= now


@dataclass(frozen=True, slots=True)
class HalfDay:
    """Everything of one clinic.

    Attributes:
        delay_minutes: how much later than planned it runs as of now.
        besides: meetings of the half-day that fit no slot.
    """

    id: UUID
    version: int
    expert_id: UUID
    expert: str
    day: date
    starts_at: datetime
    ends_at: datetime
    slot_minutes: int
    place: str
    note: str
    slots: tuple[Slot, ...]
    besides: tuple[Visit, ...]
    delay_minutes: int
    now: datetime

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Everybody who is expected, in order."""
        return tuple(visit for slot in self.slots for visit in slot.visits) + self.besides

    @property
    def to_record(self) -> tuple[Visit, ...]:
        """Whose meeting is over and not yet recorded."""
        due = (Stage.AWAITS_FINISH, Stage.AWAITS_RECORD)
        return tuple(visit for visit in self.visits if visit.meeting.stage in due)

    @property
    def is_over(self) -> bool:
        """Tell whether the half-day has ended."""
        return self.ends_at <= self.now


def half_day(reader: Reader, clinic_id: UUID) -> HalfDay:
    """Return a clinic in five statements.

    Raises:
        NotFoundError: there is none, or the actor neither holds it nor looks after its expert.
    """
    row = reader.session.execute(
        select(ClinicRow, Expert.name, Place.name.label("place"))
        .join(Expert, Expert.id == ClinicRow.expert_id)
        .outerjoin(Place, Place.id == ClinicRow.place_id)
        .where(ClinicRow.id == clinic_id)
    ).one_or_none()
    if row is None or not _may_see(reader, row.Clinic.expert_id):
        raise NotFoundError("clinic.not_found")
    clinic: ClinicRow = row.Clinic
    midnight = day_starts_at(clinic.day)
    first, last = (
        midnight + timedelta(minutes=minute)
        for minute in (clinic.starts_minute, clinic.ends_minute)
    )
    visits = _visits(reader, clinic.expert_id, first, last)
    delay = delay_of([visit.meeting for visit in visits], reader.now)
    slots = _slots(clinic, visits, delay)
    placed = {visit.meeting.booking_id for slot in slots for visit in slot.visits}
    return HalfDay(
        id=clinic.id,
        version=clinic.version,
        expert_id=clinic.expert_id,
        expert=row.name,
        day=clinic.day,
        starts_at=first,
        ends_at=last,
        slot_minutes=clinic.slot_minutes,
        place=row.place or "",
        note=clinic.note,
        slots=slots,
        besides=tuple(v for v in visits if v.meeting.booking_id not in placed),
        delay_minutes=int(delay / timedelta(minutes=1)),
        now=reader.now,
    )


def delay_of(found: Sequence[AgendaMeeting], now: datetime) -> timedelta:
    """Return how much later than planned things run: as the last meeting that began has shown.

    One that has ended tells by its real end, one that goes on by the time it is over already.
    """
    began = [each for each in found if each.starts_at <= now and each.stage not in _NOT_HELD]
    if not began:
        return timedelta()
    latest = max(began, key=lambda each: each.starts_at)
    if latest.actual_end is not None:
        return max(timedelta(), latest.actual_end - latest.ends_at)
    # Without anybody there it is no meeting that goes on.
    return max(timedelta(), now - latest.ends_at) if latest.expert_came_at else timedelta()


def _may_see(reader: Reader, expert_id: UUID) -> bool:
    return may(reader.actor, Permission.SET_AVAILABILITY, experts=frozenset({expert_id}))


def _visits(reader: Reader, expert_id: UUID, first: datetime, last: datetime) -> list[Visit]:
    own = select(BookingExpert.booking_id).where(BookingExpert.expert_id == expert_id)
    found = meetings(reader, first, last, Booking.id.in_(own))
    rows = reader.session.execute(
        select(Need.id, Need.text).where(Need.id.in_({each.need_id for each in found}))
    )
    words: Mapping[UUID, str] = {need_id: text for need_id, text in rows}
    return [Visit(each, words.get(each.need_id, "")) for each in found]


def _slots(row: ClinicRow, visits: Sequence[Visit], delay: timedelta) -> tuple[Slot, ...]:
    clinic = Clinic(row.day, row.starts_minute, row.ends_minute, row.slot_minutes)
    midnight, length = day_starts_at(row.day), timedelta(minutes=row.slot_minutes)
    starts = [midnight + timedelta(minutes=minute) for minute in clinic.slots()]
    return tuple(
        Slot(at, at + length, tuple(v for v in visits if _meets(v, at, at + length)), at + delay)
        for at in starts
    )


def _meets(visit: Visit, first: datetime, last: datetime) -> bool:
    return visit.meeting.starts_at < last and first < visit.meeting.ends_at
