"""The days and times at which a founder can meet one expert, free and taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, true

from app.domain.availability import Mode, Span, upcoming
from app.domain.booking import CLAIMING, BookingEvent, BookingStatus, is_late, next_status
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need
from app.models.proposal import Proposal
from app.models.vocabulary import Term
from app.queries.booking_pages.bookings import Person, person_of
from app.queries.booking_pages.offer import Day, Offer, Slot, without
from app.queries.free_times import load_diaries
from app.unit_of_work import Reader

STRIP_DAYS = 14


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page's address asks for; what cannot be shown is passed over."""

    mode: str = ""
    on: date | None = None
    from_on: date | None = None
    wanted_at: datetime | None = None

    @property
    def day(self) -> date | None:
        """The day to show, that of the wanted time when no other is named."""
        return self.on or (local_day(self.wanted_at) if self.wanted_at else None)


@dataclass(frozen=True, slots=True)
class MovedFrom:
    """The time of the booking that is moved, and the version the founder saw.

    A late one is moved by both sides together.
    """

    starts_at: datetime
    ends_at: datetime
    version: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class TimesPage:
    """Everything the time picker shows."""

    need_id: UUID
    expert: Person
    session_type: str
    minutes: int
    modes: tuple[str, ...]
    mode: str
    place: str
    days: tuple[Day, ...]
    on: date | None
    slots: tuple[Slot, ...]
    first_open_on: date | None
    earlier_from: date | None
    later_from: date | None
    alternatives: tuple[Slot, ...]
    wanted_at: datetime | None
    moved_from: MovedFrom | None = None
    is_calendar_unknown: bool = False

    @property
    def has_free(self) -> bool:
        """Tell whether anything is left in the days shown."""
        return any(day.count for day in self.days)


@dataclass(frozen=True, slots=True)
class _Ground:
    """Who meets whom about what, and what else the founder has in these weeks."""

    need: Need
    expert: Expert
    place: str
    own: tuple[Booking, ...]
    moved: Booking | None

    @property
    def minutes(self) -> int | None:
        """The length of the booking that is moved."""
        if self.moved is None:
            return None
        return int((self.moved.ends_at - self.moved.starts_at) / timedelta(minutes=1))

    @property
    def session_type(self) -> str:
        """The kind of service; a booking keeps its own."""
        return (self.moved or self.need).session_type

    @property
    def modes(self) -> tuple[str, ...]:
        """The ways to meet, those the founder wants first; a booking keeps its own."""
        if self.moved is not None:
            return (self.moved.mode.value,)
        wanted = [mode for mode in self.need.modes if mode in self.expert.modes]
        return (*wanted, *(mode for mode in self.expert.modes if mode not in wanted))

    @property
    def given_up(self) -> tuple[Booking, ...]:
        """The bookings whose time becomes free again by the choice made on this page."""
        return tuple(
            row
            for row in self.own
            if row is self.moved
            # A new hold for a need lets go of the earlier one.
            or (row.status is BookingStatus.ON_HOLD and row.need_id == self.need.id)
        )


def times_for_need(
    reader: Reader, need_id: UUID, expert_id: UUID, asked: Asked | None = None
) -> TimesPage:
    """Return the times of the expert for the actor's own need, for staff any they may see.

    Raises:
        NotFoundError: no such expert, or the need is somebody else's.
    """
    own = and_(Booking.status.in_(CLAIMING), Booking.ends_at > reader.now)
    ground = _ground(reader, _statement(reader, own, need_id, expert_id))
    return _page(reader, ground, asked or Asked())


def times_for_booking(reader: Reader, booking_id: UUID, asked: Asked | None = None) -> TimesPage:
    """Return the times to which the actor's own booking can be moved, in its mode and length.

    Raises:
        NotFoundError: there is no such booking, or it is somebody else's.
        IllegalTransitionError: it is over.
    """
    moved = Booking.id == booking_id
    need_id = select(Booking.need_id).where(moved).scalar_subquery()
    expert_id = select(Booking.lead_expert_id).where(moved).scalar_subquery()
    own = or_(moved, and_(Booking.status.in_(CLAIMING), Booking.ends_at > reader.now))
    ground = _ground(reader, _statement(reader, own, need_id, expert_id), booking_id)
    return _page(reader, ground, asked or Asked())


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What goes with a choice without being chosen: the place, and the proposal it follows."""

    place: str
    proposal_id: UUID | None


def circumstances(reader: Reader, need_id: UUID, expert_id: UUID) -> Circumstances:
    """Return where people meet for the need, and the newest proposal of the expert for it."""
    proposal = (
        select(Proposal.id)
        .where(Proposal.need_id == Need.id, Proposal.expert_id == expert_id)
        .order_by(Proposal.id.desc())
        .limit(1)
        .correlate(Need)
        .scalar_subquery()
    )
    row = reader.session.execute(select(_place(), proposal).where(Need.id == need_id)).first()
    return Circumstances(row[0] or "", row[1]) if row else Circumstances("", None)


def _statement(reader: Reader, own: Any, need_id: Any, expert_id: Any) -> Any:
    is_own = true() if reader.actor.is_staff else Need.person_id == reader.actor.person_id
    return (
        select(Need, Expert, _place().label("place"), Booking)
        .select_from(Need)
        .join(Expert, Expert.id == expert_id)
        .outerjoin(Booking, and_(Booking.founder_person_id == Need.person_id, own))
        .where(Need.id == need_id, is_own)
    )


def _place() -> Any:
    in_use = and_(Term.vocabulary == "place", Term.is_retired.is_(False))
    of_street = Term.attributes["street"].as_string() == Need.street
    first = select(Term.zh).where(in_use).order_by(Term.position).limit(1)
    nearby = first.where(of_street).correlate(Need)
    return func.coalesce(nearby.scalar_subquery(), first.scalar_subquery())


def _ground(reader: Reader, statement: Any, moved_id: UUID | None = None) -> _Ground:
    rows = reader.session.execute(statement).all()
    if not rows:
        raise NotFoundError("booking.not_found" if moved_id else "need.not_found")
    own = tuple(row.Booking for row in rows if row.Booking is not None)
    moved = next((row for row in own if row.id == moved_id), None)
    if moved is not None:
        next_status(moved.status, BookingEvent.MOVE)
    return _Ground(rows[0].Need, rows[0].Expert, rows[0].place or "", own, moved)


def _page(reader: Reader, ground: _Ground, asked: Asked) -> TimesPage:
    days = upcoming(reader.now)
    mode = asked.mode if asked.mode in ground.modes else next(iter(ground.modes), "")
    offer = _offer(reader, ground, mode, asked.wanted_at)
    block = _block(days, asked)
    strip = offer.strip(block)
    on = _chosen(strip, asked)
    moved = ground.moved
    return TimesPage(
        need_id=ground.need.id,
        expert=person_of(ground.expert),
        session_type=ground.session_type,
        minutes=offer.question.minutes,
        modes=ground.modes,
        mode=mode,
        place=ground.place if mode == Mode.ONSITE else "",
        days=strip,
        on=on,
        slots=offer.slots(on) if on else (),
        first_open_on=offer.first_open_on(days),
        earlier_from=max(days[0], _shifted(block[0], -1)) if block[0] > days[0] else None,
        later_from=_shifted(block[0], 1) if block[-1] < days[-1] else None,
        alternatives=offer.alternatives(days),
        wanted_at=asked.wanted_at,
        moved_from=_moved_from(moved, reader.now) if moved else None,
        is_calendar_unknown=bool(offer.diary.unknown),
    )


def _moved_from(moved: Booking, now: datetime) -> MovedFrom:
    is_agreed = moved.status is BookingStatus.ACCEPTED
    late = is_agreed and is_late(moved.starts_at, moved.booked_at or now, now)
    return MovedFrom(moved.starts_at, moved.ends_at, moved.version, late)


def _offer(reader: Reader, ground: _Ground, mode: str, wanted_at: datetime | None) -> Offer:
    diaries = load_diaries(reader, [ground.expert.id], upcoming(reader.now))
    busy = tuple(Span(r.starts_at, r.ends_at) for r in ground.own if r not in ground.given_up)
    diary = diaries.by_expert[ground.expert.id]
    if ground.moved is not None:
        diary = diary.of_agreed()
    diary = without(diary, ground.expert.id, ground.given_up)
    question = diaries.question(
        ground.expert.id, ground.session_type, (mode,), reader.now, also_busy=busy
    )
    if ground.minutes is not None:
        # A booking keeps its length when it moves, into a clinic as well.
        question = question.lasting(ground.minutes)
    return Offer(diaries, diary, question, wanted_at)


def _block(days: Sequence[date], asked: Asked) -> Sequence[date]:
    start = asked.from_on or asked.day
    at = days.index(start) if start in days else 0
    if asked.from_on is None:
        at -= at % STRIP_DAYS
    return days[at : at + STRIP_DAYS]


def _chosen(strip: Sequence[Day], asked: Asked) -> date | None:
    if any(day.on == asked.day for day in strip):
        return asked.day
    first = next((day for day in strip if day.count), None) or next(iter(strip), None)
    return first.on if first else None


def _shifted(day: date, blocks: int) -> date:
    return day + timedelta(days=STRIP_DAYS * blocks)
