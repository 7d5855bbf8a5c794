"""A founder's place in line for an expert: taken, given up, and the answer to an offered time."""

from datetime import datetime
from uuid import UUID

from app.domain.actor import Permission
from app.domain.availability import upcoming
from app.domain.calendar import day_ends_at, local_day
from app.domain.errors import NotFoundError
from app.domain.need import ensure_open
from app.domain.waiting_list import (
    NotFullError,
    NothingOfferedError,
    WaitingKind,
    WaitingStatus,
    Wish,
    ensure_wish,
)
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need
from app.models.waiting_list import WaitingEntry
from app.queries.interests import Matter
from app.services import recusals, waiting_lists
from app.services.bookings.holding import ensure_speaks_for, request
from app.services.bookings.versions import ensure_version
from app.services.bookings.waiting import REOFFER, first_suiting, release_kept
from app.unit_of_work import UnitOfWork


def join_line(uow: UnitOfWork, need_id: UUID, expert_id: UUID, wish: Wish) -> WaitingEntry:
    """Wait for the expert's next free time within the wish.

    Raises:
        InvalidInputError: nothing could fulfil the wish.
        RecusalError: a tie forbids the pairing.
        NotFullError: a time that suits is free, and named.
        AlreadyWaitingError: the founder waits for this expert.
    """
    need = uow.load(Need, need_id)
    uow.require(Permission.WAIT)
    ensure_speaks_for(uow, need.person_id)
    ensure_open(need.status)
    expert = uow.session.get(Expert, expert_id)
    if expert is None:
        raise NotFoundError("expert.not_found")
    ensure_wish(wish, uow.today, upcoming(uow.now)[-1], expert.modes)
    matter = Matter(need.person_id, need.venture_id, need.session_type, need.id)
    recusals.ensure_none(uow, [expert.id], matter, local_day(uow.now))
    entry = waiting_lists.join(
        uow, WaitingKind.EXPERT, expert.id, need.person_id, wish, need_id=need.id
    )
    free = first_suiting(uow, entry, need)
    if free is not None:
        raise NotFullError(starts_at=free.starts_at)
    waiting_lists.end_at(uow, entry, _over_at(entry))
    # What became free while this transaction could not see it is offered after it.
    uow.later(REOFFER, f"{REOFFER}:{entry.id}", uow.now, subject_id=expert.id)
    return entry


def leave_line(uow: UnitOfWork, entry_id: UUID, *, version: int | None = None) -> WaitingEntry:
    """Wait no longer; a time that was kept goes to the next in line.

    Raises:
        OutOfLineError: the place was given up or used before.
    """
    entry = waiting_lists.leave(uow, WaitingKind.EXPERT, entry_id, version=version)
    if entry.reservation_id is not None:
        release_kept(uow, uow.load(Booking, entry.reservation_id, lock=True))
    return entry


def take_place(
    uow: UnitOfWork,
    entry_id: UUID,
    *,
    may_pass_on: bool = True,
    note: str | None = None,
    version: int | None = None,
) -> Booking:
    """Ask the expert for the time that is kept; he answers it like any request.

    Raises:
        NothingOfferedError: nothing is offered, or its time has run out.
    """
    entry = uow.load(WaitingEntry, entry_id, lock=True)
    ensure_version(entry, version)
    if entry.status is not WaitingStatus.OFFERED or entry.reservation_id is None:
        raise NothingOfferedError
    return request(uow, entry.reservation_id, may_pass_on=may_pass_on, note=note)


def pass_place(uow: UnitOfWork, entry_id: UUID, *, version: int | None = None) -> WaitingEntry:
    """Let the kept time go to the next in line, and keep one's place for another time.

    Raises:
        NothingOfferedError: nothing is offered.
    """
    entry = uow.load(WaitingEntry, entry_id, lock=True)
    if entry.status is not WaitingStatus.OFFERED or entry.reservation_id is None:
        raise NothingOfferedError
    kept = uow.load(Booking, entry.reservation_id, lock=True)
    waiting_lists.pass_over(uow, entry.id, kept.starts_at, version=version)
    release_kept(uow, kept)
    return entry


def lapse_place(uow: UnitOfWork, entry_id: UUID) -> WaitingEntry | None:
    """End a place that is over, and offer the time that was kept for it to the next in line."""
    entry = waiting_lists.lapse(uow, WaitingKind.EXPERT, entry_id, _over_at)
    if entry is not None and entry.reservation_id is not None:
        kept = uow.load(Booking, entry.reservation_id, lock=True)
        release_kept(uow, kept)
        uow.tell("booking.place_lapsed", kept)
    return entry


def _over_at(entry: WaitingEntry) -> datetime:
    return day_ends_at(entry.latest_on)
