"""Other experts, founders who come along and a room: asked, checked and claimed in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.availability import Mode, Question, Span, ensure_free, offered_at, pauses_at
from app.domain.booking import FounderBusyError, TimeTakenError
from app.domain.booking_panel import Company, ensure_company
from app.domain.calendar import local_day
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.place import PlaceRetiredError, PlaceUnfitError, Wanted, ensure_usable
from app.models.booking import Booking, BookingExpert, BookingFounder, PanelAnswer, ResourceKind
from app.models.expert import Expert
from app.models.person import Person
from app.models.place import Place
from app.queries.free_times import claims_of, load_diaries
from app.queries.interests import Matter
from app.queries.places import place_diaries, view_of
from app.services import pairings, recusals
from app.services.bookings import claims, seats
from app.services.bookings.claims import Key, Pauses
from app.unit_of_work import UnitOfWork


def keys_of(company: Company) -> list[Key]:
    """Return what is claimed besides the time of the leading expert and the founder."""
    keys = [(ResourceKind.EXPERT, key) for key in company.expert_ids]
    keys += [(ResourceKind.FOUNDER, key) for key in company.companion_ids]
    if company.place_id is not None:
        keys.append((ResourceKind.ROOM, company.place_id))
    return keys


def ensure_may_gather(uow: UnitOfWork, company: Company, lead_id: UUID, founder_id: UUID) -> None:
    """Refuse a company that contradicts itself, or that this actor may not bring together.

    Raises:
        InvalidInputError: naming each field at fault.
        ForbiddenError: panels are the bureau's to form, rooms its to give.
    """
    if company.expert_ids or company.companion_ids or company.alternate_ids:
        uow.require(Permission.FORM_PANEL)
    elif company.place_id is not None and not uow.actor.is_staff:
        raise ForbiddenError(permission=Permission.MANAGE_PLACES.value)
    ensure_company(company, lead_id, founder_id)


def ensure_no_ties(
    uow: UnitOfWork, company: Company, matter: Matter, lead: Expert, starts_at: datetime
) -> None:
    """Refuse the experts whom a tie with any founder who comes forbids.

    Raises:
        NotFoundError: an expert is not of the pool, or a person is not known.
        RecusalError: a tie forbids the pairing.
    """
    experts = [lead, *(_expert(uow, key) for key in company.expert_ids)]
    coming = [uow.load(Person, key).id for key in company.companion_ids]
    for person_id in (matter.person_id, *coming):
        for expert in experts:
            whole = replace(matter, person_id=person_id)
            recusals.ensure_none(uow, expert.id, whole, local_day(starts_at))


def ensure_caps(uow: UnitOfWork, company: Company, matter: Matter, starts_at: datetime) -> None:
    """Refuse an expert who guides as many projects as he may; asked behind the locks.

    Raises:
        PairingCapError: naming the cap.
    """
    for expert_id in company.expert_ids:
        pairings.ensure_room(uow, expert_id, matter, starts_at)


def ensure_all_free(
    uow: UnitOfWork,
    company: Company,
    question: Question,
    starts_at: datetime,
    moved_from: datetime | None = None,
) -> dict[UUID, Pauses]:
    """Return the experts' pauses, or refuse a time that one of the company or the room has not.

    Args:
        uow: the transaction.
        company: who and what is asked for.
        question: how long, in which way, seen from when.
        starts_at: the time.
        moved_from: when the meeting stands now; what is claimed for it then is no hindrance.

    Raises:
        NotFreeError: an expert does not offer it, with the cause.
        TimeTakenError, FounderBusyError: somebody has another meeting then.
        PlaceClosedError, PlaceTakenError, PlaceUnfitError: why the room cannot be had.
    """
    pauses = ensure_experts_free(uow, company.expert_ids, question, starts_at, moved_from)
    _ensure_founders_free(uow, company.companion_ids, question, starts_at, moved_from)
    if company.place_id is not None:
        _ensure_place(uow, company, question, starts_at, moved_from)
    return pauses


def ensure_can_follow(
    uow: UnitOfWork, booking: Booking, question: Question, starts_at: datetime
) -> dict[UUID, Pauses]:
    """Return the pauses of the other experts at a new time, or refuse it where one cannot come.

    Raises:
        NotFreeError, TimeTakenError, FounderBusyError, PlaceClosedError, PlaceTakenError: why.
    """
    claimed = claims.keys_of(uow, booking.id)
    company = Company(
        expert_ids=tuple(
            key for key in seats.live_ids(uow, booking) if key != booking.lead_expert_id
        ),
        companion_ids=tuple(seats.companion_ids(uow, booking)),
        # An expert's own place is named, not claimed.
        place_id=next((key for kind, key in claimed if kind is ResourceKind.ROOM), None),
    )
    return ensure_all_free(uow, company, question, starts_at, booking.starts_at)


def seat(uow: UnitOfWork, booking: Booking, company: Company) -> None:
    """Write who is asked, who comes along, and in which room."""
    invite(uow, booking, booking.lead_expert_id, is_lead=True)
    booking.quorum = company.quorum
    booking.alternates = [str(key) for key in company.alternate_ids]
    for expert_id in company.expert_ids:
        invite(uow, booking, expert_id)
    for person_id in company.companion_ids:
        uow.add(BookingFounder(booking_id=booking.id, person_id=person_id))
    if company.place_id is not None:
        place = uow.load(Place, company.place_id)
        booking.place_id, booking.place = place.id, place.name
    uow.flush()


def invite(
    uow: UnitOfWork, booking: Booking, expert_id: UUID, *, is_lead: bool = False
) -> BookingExpert:
    """Ask an expert to the meeting."""
    return uow.add(
        BookingExpert(
            booking_id=booking.id,
            expert_id=expert_id,
            answer=PanelAnswer.INVITED,
            is_lead=is_lead,
        )
    )


def _expert(uow: UnitOfWork, expert_id: UUID) -> Expert:
    expert = uow.session.get(Expert, expert_id)
    if expert is None:
        raise NotFoundError("expert.not_found")
    return expert


def ensure_experts_free(
    uow: UnitOfWork,
    expert_ids: Sequence[UUID],
    question: Question,
    starts_at: datetime,
    moved_from: datetime | None = None,
) -> dict[UUID, Pauses]:
    """Return the experts' pauses, or refuse a time that one does not offer or has given away.

    Raises:
        NotFreeError: naming the cause.
        TimeTakenError: somebody has the time already.
    """
    if not expert_ids:
        return {}
    day = local_day(starts_at)
    diaries = load_diaries(uow, expert_ids, [day])
    pauses = {}
    for expert_id in expert_ids:
        diary = diaries.by_expert[expert_id]
        if moved_from is not None:
            kept = _others(diary.claims, moved_from)
            # A full month has room for what it holds already.
            diary = replace(diary, claims=kept).without_service_on(local_day(moved_from))
        ensure_free(diary, diaries.calendar, question, starts_at)
        if offered_at(diary, diaries.calendar, question, starts_at) is None:
            raise TimeTakenError(expert_id=expert_id, starts_at=starts_at)
        pauses[expert_id] = pauses_at(diary, starts_at)
    return pauses


def _ensure_founders_free(
    uow: UnitOfWork,
    person_ids: Sequence[UUID],
    question: Question,
    starts_at: datetime,
    moved_from: datetime | None,
) -> None:
    if not person_ids:
        return
    ends_at = starts_at + timedelta(minutes=question.minutes)
    spans = claims_of(uow, ResourceKind.FOUNDER, person_ids, [local_day(starts_at)])
    for person_id in person_ids:
        others = _others(spans[person_id], moved_from)
        if any(span.starts_at < ends_at and span.ends_at > starts_at for span in others):
            raise FounderBusyError


def _ensure_place(
    uow: UnitOfWork,
    company: Company,
    question: Question,
    starts_at: datetime,
    moved_from: datetime | None,
) -> None:
    row = uow.one(select(Place).where(Place.id == company.place_id))
    if row is None:
        raise NotFoundError("place.not_found")
    if row.retired_at is not None and moved_from is None:
        raise PlaceRetiredError
    if question.modes != (Mode.ONSITE,):
        raise InvalidInputError.at("mode", "place.only_onsite")
    place = view_of(row)
    if not Wanted(company.heads).is_met(place.seats, place.equipment):
        raise PlaceUnfitError(seats=place.seats, heads=company.heads)
    diary = place_diaries(uow, [place], [local_day(starts_at)], uow.calendar)[place.id]
    diary = replace(diary, claims=_others(diary.claims, moved_from))
    ensure_usable(diary, uow.calendar, question, starts_at)


def _others(spans: Iterable[Span], moved_from: datetime | None) -> tuple[Span, ...]:
    """Return the spans but that of the meeting which moves: claims never overlap."""
    return tuple(
        span
        for span in spans
        if moved_from is None or not span.starts_at <= moved_from < span.ends_at
    )
