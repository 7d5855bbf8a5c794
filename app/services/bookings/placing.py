"""A new booking, checked against everything that can forbid it, with its time claimed."""

from dataclasses import dataclass, replace
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
    place_at,
)
from app.domain.booking import (
    LONGEST_SPAN,
    BookingStatus,
    TooManyOpenError,
)
from app.domain.booking_panel import NOBODY, Company
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.need import Channel, TopicState
from app.domain.privacy import mask_identities
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need, NeedTopic
from app.models.place import Place
from app.queries.free_times import Diaries
from app.queries.interests import Matter
from app.services import pairings
from app.services.bookings import claims, company, timing
from app.services.bookings.timing import Parties, Timing
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
    clinic: Clinic | None = None


def place(
    uow: UnitOfWork,
    need: Need,
    choice: Choice,
    hold_until: datetime | None = None,
    *,
    most: int | None = None,
) -> Booking:
    """Return a new booking of the choice with its time claimed; a hold when given its end.

    Args:
        uow: the transaction.
        need: which it is to serve.
        choice: what was chosen for it.
        hold_until: when the hold ends; without it the booking is a request.
        most: how many such bookings the founder may have, this one among them; None for any.

    Raises:
        NotFoundError: the expert is not of the pool.
        RecusalError: a tie forbids the pairing.
        PairingCapError: the expert guides as many projects this year as he may.
        TooManyOpenError: the founder has as many as he may.
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
    seen = _look(uow, need, choice, matter)
    booking = _new(uow, need, choice, seen)
    booking.status = BookingStatus.ON_HOLD if hold_until else BookingStatus.REQUESTED
    booking.hold_until = hold_until
    # From here on others wait: only what they may have changed is asked again.
    resources = timing.lock(uow, seen)
    pairings.ensure_room(uow, expert.id, matter, choice.starts_at)
    company.ensure_caps(uow, choice.company, matter, choice.starts_at)
    if most is not None:
        # Counted behind the lock of the founder's time, so that no two pass together.
        ensure_few(uow, need.person_id, booking.status, most)
    timing.ensure_still(uow, seen)
    uow.add(booking)
    uow.flush()
    company.seat(uow, booking, choice.company)
    claims.take(uow, booking, resources, seen.pauses)
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


def _look(uow: UnitOfWork, need: Need, choice: Choice, matter: Matter) -> Timing:
    others = choice.company
    parties = Parties(
        (choice.expert_id, *others.expert_ids),
        (need.person_id, *others.companion_ids),
        others.place_id,
    )
    ground = timing.survey(uow, parties, choice.starts_at)
    diaries = ground.diaries
    if choice.clinic is not None:
        lead = at_the_counter(diaries.by_expert[choice.expert_id], choice.clinic)
        diaries = replace(diaries, by_expert={**diaries.by_expert, choice.expert_id: lead})
        ground = replace(ground, diaries=diaries)
    length = timedelta(minutes=_minutes(choice, diaries, matter.session_type))
    question = Question.of_length(matter.session_type, length, choice.mode, uow.now)
    return timing.look(uow, ground, question)


def _new(uow: UnitOfWork, need: Need, choice: Choice, seen: Timing) -> Booking:
    room = seen.room.place if seen.room else _own_place(uow, choice, seen)
    return Booking(
        reference=uow.reference("booking"),
        need_id=need.id,
        founder_person_id=need.person_id,
        venture_id=need.venture_id,
        lead_expert_id=choice.expert_id,
        proposal_id=choice.proposal_id,
        replaces_id=choice.replaces_id,
        session_type=choice.session_type or need.session_type,
        topic=_first_topic(uow, need.id),
        mode=choice.mode,
        place_id=room.id if room else None,
        place=room.name if room else choice.place[:LONGEST_PLACE],
        street=need.street,
        starts_at=choice.starts_at,
        ends_at=choice.starts_at + timedelta(minutes=seen.question.minutes),
        channel=choice.channel or channel_of(uow, need.channel),
        quorum=choice.company.quorum,
        alternates=[str(key) for key in choice.company.alternate_ids],
        note=mask_identities(choice.note) if choice.note else None,
        may_pass_on=choice.may_pass_on,
        booked_at=uow.now,
    )


def _own_place(uow: UnitOfWork, choice: Choice, seen: Timing) -> Place | None:
    """Return where the expert's own hours say that people meet: before where the need would."""
    if choice.mode is not Mode.ONSITE:
        return None
    place_id = place_at(seen.diaries[choice.expert_id], choice.starts_at)
    return uow.load(Place, place_id) if place_id is not None else None


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
