"""A new booking, checked against everything that can forbid it, with its time claimed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, not_, select, true

from app.domain.actor import Role
from app.domain.availability import (
    CLINIC_SERVICE,
    Clinic,
    Mode,
    Question,
    at_the_counter,
    clinic_at,
    ensure_free,
    offered_at,
    pauses_at,
    place_at,
)
from app.domain.booking import (
    LONGEST_SPAN,
    OPEN_HOLDS_PER_FOUNDER,
    BookingStatus,
    FounderBusyError,
    TimeTakenError,
    TooManyOpenError,
)
from app.domain.booking_panel import NOBODY, Company
from app.domain.calendar import local_day
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.need import Channel, TopicState
from app.models.booking import Booking, ResourceKind
from app.models.expert import Expert
from app.models.need import Need, NeedTopic
from app.models.place import Place
from app.queries.free_times import Diaries, claims_of, load_diaries
from app.queries.interests import Matter
from app.services import pairings
from app.services.bookings import claims, company
from app.unit_of_work import UnitOfWork

SHORTEST_MINUTES = 15
LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The expert, time and way chosen for a need, or kept for who waits in line.

    Attributes:
        clinic: the clinic of which a slot is given away at its counter.
    """

    need_id: UUID
    expert_id: UUID
    starts_at: datetime
    mode: Mode
    session_type: str | None = None
    ends_at: datetime | None = None
    proposal_id: UUID | None = None
    replaces_id: UUID | None = None
    may_pass_on: bool = True
    place: str = ""
    channel: Channel | None = None
    note: str | None = None
    company: Company = NOBODY
    is_from_line: bool = False
    clinic: Clinic | None = None


def place(
    uow: UnitOfWork, need: Need, choice: Choice, hold_until: datetime | None = None
) -> Booking:
    """Return a new booking of the choice with its time claimed; a hold when given its end.

    Raises:
        NotFoundError: the expert is not of the pool.
        RecusalError: a tie forbids the pairing.
        PairingCapError: the expert guides as many projects this year as he may.
        NotFreeError: the time is not offered, with the cause.
        TimeTakenError, FounderBusyError: somebody has the time already.
        ClinicChangedError: its slot is given away, and the clinic is no longer as it was.
    """
    expert = uow.session.get(Expert, choice.expert_id)
    if expert is None:
        raise NotFoundError("expert.not_found")
    company.ensure_may_gather(uow, choice.company, expert.id, need.person_id)
    matter = matter_of(need, choice)
    company.ensure_no_ties(uow, choice.company, matter, expert, choice.starts_at)
    keys = [(ResourceKind.EXPERT, expert.id), (ResourceKind.FOUNDER, need.person_id)]
    resources = claims.lock(uow, [*keys, *company.keys_of(choice.company)])
    pairings.ensure_room(uow, expert.id, matter, choice.starts_at)
    company.ensure_caps(uow, choice.company, matter, choice.starts_at)
    if hold_until is not None and not choice.is_from_line:
        # Counted behind the lock of the founder's time, so that no two holds pass together.
        ensure_few(uow, need.person_id, BookingStatus.ON_HOLD, OPEN_HOLDS_PER_FOUNDER)
    diaries = load_diaries(uow, [expert.id], [local_day(choice.starts_at)])
    length = timedelta(minutes=_minutes(choice, diaries, matter.session_type))
    question = Question.of_length(matter.session_type, length, choice.mode, uow.now)
    _ensure_free(uow, need, choice, diaries, question)
    others = company.ensure_all_free(uow, choice.company, question, choice.starts_at)
    booking = _new(uow, need, choice)
    if choice.mode is Mode.ONSITE:
        _send_to_place(uow, booking, place_at(diaries.by_expert[expert.id], choice.starts_at))
    booking.status = BookingStatus.ON_HOLD if hold_until else BookingStatus.REQUESTED
    booking.hold_until = hold_until
    booking.session_type = matter.session_type
    booking.ends_at = choice.starts_at + length
    uow.add(booking)
    uow.flush()
    company.seat(uow, booking, choice.company)
    pauses = {expert.id: pauses_at(diaries.by_expert[expert.id], booking.starts_at), **others}
    claims.take(uow, booking, resources, pauses)
    return booking


def matter_of(need: Need, choice: Choice) -> Matter:
    """Return who is to be served by the choice, and how."""
    return Matter(
        need.person_id, need.venture_id, choice.session_type or need.session_type, need.id
    )


def ensure_few(uow: UnitOfWork, person_id: UUID, status: BookingStatus, most: int) -> None:
    """Refuse one more when the founder has as many live bookings in the state as allowed.

    Raises:
        TooManyOpenError: naming the limit.
    """
    is_live = Booking.hold_until > uow.now if status is BookingStatus.ON_HOLD else true()
    statement = select(func.count()).where(
        Booking.founder_person_id == person_id,
        Booking.status == status,
        is_live,
        not_(claims.is_kept_in_line()),
    )
    if uow.session.execute(statement).scalar_one() >= most:
        raise TooManyOpenError(most=most)


def channel_of(uow: UnitOfWork, origin: Channel | None = None) -> Channel:
    """Return by which way the actor comes in; staff keep where the founder came to.

    Args:
        uow: the transaction.
        origin: by which way the need came in.
    """
    if uow.actor.is_staff and origin is Channel.STATION:
        return origin
    if uow.actor.has(Role.STREET_LIAISON):
        return Channel.STREET
    return Channel.BUREAU if uow.actor.is_staff else Channel.WEB


def _new(uow: UnitOfWork, need: Need, choice: Choice) -> Booking:
    return Booking(
        reference=uow.reference("booking"),
        need_id=need.id,
        founder_person_id=need.person_id,
        venture_id=need.venture_id,
        lead_expert_id=choice.expert_id,
        proposal_id=choice.proposal_id,
        replaces_id=choice.replaces_id,
        topic=_first_topic(uow, need.id),
        mode=choice.mode,
        place=choice.place[:LONGEST_PLACE],
        street=need.street,
        starts_at=choice.starts_at,
        channel=choice.channel or channel_of(uow, need.channel),
        note=choice.note,
        may_pass_on=choice.may_pass_on,
        booked_at=uow.now,
    )


def _send_to_place(uow: UnitOfWork, booking: Booking, place_id: UUID | None) -> None:
    """Let people meet where the expert's own hours say, before where the need would send them."""
    if place_id is not None:
        booking.place_id = place_id
        booking.place = uow.load(Place, place_id).name


def _ensure_free(
    uow: UnitOfWork, need: Need, choice: Choice, diaries: Diaries, question: Question
) -> None:
    diary = diaries.by_expert[choice.expert_id]
    if choice.clinic is not None:
        diary = at_the_counter(diary, choice.clinic)
    ensure_free(diary, diaries.calendar, question, choice.starts_at)
    if offered_at(diary, diaries.calendar, question, choice.starts_at) is None:
        raise TimeTakenError(expert_id=choice.expert_id, starts_at=choice.starts_at)
    day = local_day(choice.starts_at)
    ends_at = choice.starts_at + timedelta(minutes=question.minutes)
    own = claims_of(uow, ResourceKind.FOUNDER, [need.person_id], [day])[need.person_id]
    if any(span.starts_at < ends_at and span.ends_at > choice.starts_at for span in own):
        raise FounderBusyError


def _minutes(choice: Choice, diaries: Diaries, session_type: str) -> int:
    if session_type not in diaries.standard_minutes:
        raise InvalidInputError.at("session_type", "input.unknown_code")
    if choice.ends_at is None:
        clinic = clinic_at(diaries.by_expert[choice.expert_id], choice.starts_at)
        if clinic is not None and session_type == CLINIC_SERVICE:
            return clinic.slot_minutes
        return diaries.length(session_type, choice.expert_id)
    length = choice.ends_at - choice.starts_at
    if not timedelta(minutes=SHORTEST_MINUTES) <= length <= LONGEST_SPAN:
        raise InvalidInputError.at("ends_at", "booking.length")
    return int(length / timedelta(minutes=1))


def _first_topic(uow: UnitOfWork, need_id: UUID) -> str | None:
    return uow.one(
        select(NeedTopic.code)
        .where(NeedTopic.need_id == need_id, NeedTopic.state != TopicState.STRUCK)
        .order_by(NeedTopic.position)
        .limit(1)
    )
