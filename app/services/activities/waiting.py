"""The line for a seat: joined, left, and a seat that becomes free kept for the next in it.

Whoever changes the line or frees a seat holds the activity's row: so nobody joins the line of an
activity in which a seat becomes free, and no seat is free while somebody waits.
"""

from uuid import UUID

from sqlalchemy import select

from app.domain.activity import (
    ActivityStatus,
    AlreadyJoinedError,
    FullError,
    SeatFreeError,
    ensure_joinable,
)
from app.domain.actor import Permission
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.waiting_list import IN_LINE, OutOfLineError, WaitingKind, Wish, seat_offer_until
from app.models.activity import Activity
from app.models.waiting_list import WaitingEntry
from app.services import waiting_lists
from app.services.activities.seats import find, give_seat, has_seat, listener, oneself, take_seat
from app.services.waiting_lists import Reservation
from app.unit_of_work import UnitOfWork

_LINE = WaitingKind.ACTIVITY


def join_line(uow: UnitOfWork, activity_id: UUID) -> WaitingEntry:
    """Wait, on behalf of the actor, for a seat of an activity that is full.

    Raises:
        OverError, JoiningOverError: it was called off, or has begun.
        SpeakerError, AlreadyJoinedError: the actor speaks there, or has a seat.
        FullError: nobody ever takes a seat in a review.
        SeatFreeError: a seat is free.
        AlreadyWaitingError: he waits for it.
    """
    activity = uow.load(Activity, activity_id, lock=True)
    uow.require(Permission.JOIN_ACTIVITY)
    person = listener(uow, activity)
    ensure_joinable(activity.status, activity.starts_at, uow.now)
    if has_seat(find(uow, activity.id, person.id)):
        raise AlreadyJoinedError
    if not activity.kind.has_seats:
        raise FullError
    if activity.seat_taken < activity.seat_total:
        raise SeatFreeError
    wish = Wish((activity.mode.value,), uow.today, local_day(activity.starts_at))
    entry = waiting_lists.join(uow, _LINE, activity.id, person.id, wish)
    waiting_lists.end_at(uow, entry, activity.starts_at, revision=activity.version)
    return entry


def leave_line(uow: UnitOfWork, activity_id: UUID, *, version: int | None = None) -> WaitingEntry:
    """Wait no longer; a seat that is kept for the actor goes to the next.

    Raises:
        OutOfLineError: he stands in it no longer, or never did.
    """
    activity = uow.load(Activity, activity_id, lock=True)
    place = _place_of(uow, activity.id, oneself(uow).id)
    if place is None:
        raise OutOfLineError
    entry = waiting_lists.leave(uow, _LINE, place, version=version)
    _give_on(uow, activity, entry)
    return entry


def take_kept(uow: UnitOfWork, activity_id: UUID, person_id: UUID) -> bool:
    """Use the seat that is kept for somebody; False when he stands in no line.

    Raises:
        NothingOfferedError: he stands in line, and nothing is kept for him now.
    """
    place = _place_of(uow, activity_id, person_id)
    if place is None:
        return False
    # Before the place, as everybody else: the seat that is written down refers to this row.
    uow.load(Activity, activity_id, lock=True)
    waiting_lists.take(uow, _LINE, place)
    return True


def lapse_place(uow: UnitOfWork, entry_id: UUID) -> WaitingEntry | None:
    """End a place that is over; a seat that was kept for it goes to the next.

    From the start on nothing is offered any more, and every place ends.
    """
    activity_id = uow.one(select(WaitingEntry.ref_id).where(WaitingEntry.id == entry_id))
    if activity_id is None:
        raise NotFoundError("waiting_entry.not_found")
    activity = uow.load(Activity, activity_id, lock=True)
    entry = waiting_lists.lapse(uow, _LINE, entry_id, lambda _: activity.starts_at)
    if entry is not None and _give_on(uow, activity, entry):
        uow.tell("waiting_entry.seat_lapsed", entry)
    return entry


def end_of_who_came(uow: UnitOfWork, activity: Activity, person_id: UUID) -> None:
    """End the place of who signs in at the door: he is in."""
    for entry in waiting_lists.close_for_person(uow, _LINE, activity.id, person_id):
        _give_on(uow, activity, entry)


def offer_freed(uow: UnitOfWork, activity: Activity) -> None:
    """Keep the seats that are free for those who wait, in order; the caller holds the row."""
    uow.flush()
    # Seats are counted past the mapper.
    uow.session.refresh(activity, ["seat_taken", "seat_total"])
    free = activity.seat_total - activity.seat_taken
    has_begun = uow.now >= activity.starts_at
    if free == 0 or has_begun or activity.status is not ActivityStatus.OPEN:
        return
    until = seat_offer_until(uow.now, activity.starts_at)

    def reserve(uow: UnitOfWork, _entry: WaitingEntry) -> Reservation:
        take_seat(uow, activity.id)
        return Reservation(None, until)

    for entry in waiting_lists.offer_next(uow, _LINE, activity.id, reserve, most=free):
        uow.tell("waiting_entry.seat_offered", entry, deadline=until.isoformat())


def follow(uow: UnitOfWork, activity: Activity) -> None:
    """Have the line know of an activity that was changed, and end it at its new start."""
    for entry in waiting_lists.standing(uow, _LINE, activity.id):
        entry.latest_on = local_day(activity.starts_at)
        if entry.offer_until is not None:
            entry.offer_until = min(entry.offer_until, activity.starts_at)
        waiting_lists.end_at(uow, entry, activity.starts_at, revision=activity.version)
        uow.tell("waiting_entry.activity_changed", entry, revision=activity.version)


def close_line(uow: UnitOfWork, activity: Activity) -> None:
    """End every place for an activity that is about to be called off, and tell who waited."""
    for entry in waiting_lists.close_line(uow, _LINE, activity.id):
        _give_back(uow, activity, entry)
        uow.tell("waiting_entry.activity_cancelled", entry)


def _place_of(uow: UnitOfWork, activity_id: UUID, person_id: UUID) -> UUID | None:
    return uow.one(
        select(WaitingEntry.id).where(
            WaitingEntry.kind == _LINE,
            WaitingEntry.ref_id == activity_id,
            WaitingEntry.person_id == person_id,
            WaitingEntry.status.in_(IN_LINE),
        )
    )


def _give_on(uow: UnitOfWork, activity: Activity, ended: WaitingEntry) -> bool:
    """Give the seat of a place that ended to the next; False when none was kept for it."""
    was_kept = _give_back(uow, activity, ended)
    if was_kept:
        offer_freed(uow, activity)
    return was_kept


def _give_back(uow: UnitOfWork, activity: Activity, ended: WaitingEntry) -> bool:
    # A seat is offered to a place once: it is taken, or the place ends with the offer.
    was_kept = ended.offered_at is not None
    if was_kept:
        give_seat(uow, activity.id)
    return was_kept
