"""An expert's time that becomes free: kept for who waits before anybody else can book it."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.domain.availability import FreeTime, Mode, free_times, upcoming
from app.domain.errors import DomainError
from app.domain.need import ensure_open
from app.domain.waiting_list import WaitingKind, offer_until
from app.models.booking import Booking, BookingExpert, ResourceKind
from app.models.expert import Expert
from app.models.need import Need
from app.models.waiting_list import WaitingEntry
from app.queries.booking_pages.offer import thinned
from app.queries.free_times import claims_of, load_diaries
from app.services import waiting_lists
from app.services.bookings import claims
from app.services.bookings.placing import Choice, place
from app.services.waiting_lists import Reservation
from app.unit_of_work import UnitOfWork

REOFFER = "offer_waiting_expert"
# Times that fail for another reason than being taken are few: a tie, a cap.
MOST_TRIES = 3


def offer_freed(uow: UnitOfWork, expert_id: UUID) -> None:
    """Keep what is free of the expert's time for those who wait for him, in order."""
    uow.flush()
    waiting_lists.offer_next(uow, WaitingKind.EXPERT, expert_id, _reserve)


def give_back(uow: UnitOfWork, booking: Booking) -> None:
    """Free the booking's time; who waits for one of its experts comes before anybody else."""
    claims.free(uow, booking.id)
    with uow.beyond_scope("the experts whose time becomes free"):
        experts = uow.all(
            select(BookingExpert.expert_id)
            .where(BookingExpert.booking_id == booking.id)
            .order_by(BookingExpert.expert_id)
        )
    for expert_id in experts:
        offer_freed(uow, expert_id)


def close_line(uow: UnitOfWork, need_id: UUID) -> None:
    """End the places in line for a need that is served, and give back what is kept for them."""
    for entry in waiting_lists.close_for_need(uow, need_id):
        if entry.reservation_id is not None:
            with uow.beyond_scope("the time kept for a need that is served"):
                release_kept(uow, uow.load(Booking, entry.reservation_id, lock=True))


def release_kept(uow: UnitOfWork, kept: Booking) -> None:
    """Give back the time that was kept for a place in line, to the next one who waits."""
    if kept.hold_until is not None:
        claims.let_go(uow, kept)
    offer_freed(uow, kept.lead_expert_id)


def first_suiting(uow: UnitOfWork, entry: WaitingEntry, need: Need) -> FreeTime | None:
    """Return the first free time within the wish, None when the expert is full for it."""
    return next(_suiting(uow, entry, need), None)


def _reserve(uow: UnitOfWork, entry: WaitingEntry) -> Reservation | None:
    """Hold the first time that suits who waits; None when there is none."""
    if entry.need_id is None:
        return None
    need = uow.load(Need, entry.need_id)
    for time in _suiting(uow, entry, need):
        booking = _try(uow, entry, need, time)
        if booking is not None and booking.hold_until is not None:
            uow.audit("booking.kept_in_line", booking)
            uow.tell("booking.place_offered", booking, deadline=booking.hold_until.isoformat())
            return Reservation(booking.id, booking.hold_until)
    return None


def _try(uow: UnitOfWork, entry: WaitingEntry, need: Need, time: FreeTime) -> Booking | None:
    choice = Choice(
        need_id=need.id,
        expert_id=entry.ref_id,
        starts_at=time.starts_at,
        mode=Mode(time.modes[0]),
        channel=need.channel,
    )
    try:
        with uow.attempt():
            ensure_open(need.status)
            expert = uow.load(Expert, entry.ref_id)
            useful_until = time.starts_at - timedelta(hours=expert.notice_hours)
            return place(uow, need, choice, offer_until(uow.now, useful_until))
    except DomainError:
        # This time cannot be had by him after all; another one may.
        return None


def _suiting(uow: UnitOfWork, entry: WaitingEntry, need: Need) -> Iterator[FreeTime]:
    """Yield the first few free times within the wish that were not let go by before."""
    days = [day for day in upcoming(uow.now) if entry.earliest_on <= day <= entry.latest_on]
    if not days:
        return
    diaries = load_diaries(uow, [entry.ref_id], days)
    diary = diaries.by_expert.get(entry.ref_id)
    if diary is None:
        return
    busy = claims_of(uow, ResourceKind.FOUNDER, [need.person_id], days).get(need.person_id, [])
    question = diaries.question(
        entry.ref_id, need.session_type, tuple(entry.modes), uow.now, also_busy=tuple(busy)
    )
    passed = set(entry.passed)
    tries = 0
    for time in thinned(free_times(diary, diaries.calendar, question, days)):
        if time.starts_at.isoformat() in passed:
            continue
        if tries == MOST_TRIES:
            return
        tries += 1
        yield time
