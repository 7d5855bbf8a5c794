"""A line of people who wait for one thing; what is kept for them is reserved by its own noun.

The nouns that free times or seats call `offer_next` with the way they reserve one, in the
transaction in which it becomes free: so nobody else can come first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db import StaleVersionError
from app.domain.actor import Permission
from app.domain.calendar import day_ends_at
from app.domain.errors import ForbiddenError
from app.domain.waiting_list import (
    IN_LINE,
    NothingOfferedError,
    OutOfLineError,
    WaitingKind,
    WaitingStatus,
    Wish,
)
from app.models.waiting_list import WaitingEntry
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

# Kinds of jobs for each kind of list: what is kept is given back by its own noun. One waits for
# the end of an offer, one for the end of the days that were wished for.
LAPSE = {kind: f"lapse_waiting_{kind.value}" for kind in WaitingKind}
OVER = {kind: f"end_waiting_{kind.value}" for kind in WaitingKind}


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was kept for the next in line: under which key, until when."""

    id: UUID
    until: datetime


Reserve = Callable[[UnitOfWork, WaitingEntry], Reservation | None]


def join(
    uow: UnitOfWork,
    kind: WaitingKind,
    ref_id: UUID,
    person_id: UUID,
    wish: Wish,
    *,
    need_id: UUID | None = None,
) -> WaitingEntry:
    """Take the last place in the line.

    Raises:
        ForbiddenError: in the name of somebody else.
        AlreadyWaitingError: the person stands in it.
    """
    uow.require(Permission.WAIT)
    _ensure_speaks_for(uow, person_id)
    entry = uow.add(
        WaitingEntry(
            kind=kind,
            ref_id=ref_id,
            person_id=person_id,
            need_id=need_id,
            modes=list(wish.modes),
            earliest_on=wish.earliest_on,
            latest_on=wish.latest_on,
            status=WaitingStatus.WAITING,
            joined_at=uow.now,
            passed=[],
        )
    )
    uow.flush()
    over = day_ends_at(wish.latest_on)
    uow.later(OVER[kind], f"{OVER[kind]}:{entry.id}", over, subject_id=entry.id)
    uow.audit("waiting_list.joined", entry)
    return entry


def offer_next(
    uow: UnitOfWork, kind: WaitingKind, ref_id: UUID, reserve: Reserve
) -> Sequence[WaitingEntry]:
    """Keep what is free for those who wait, in order, and return to whom something is offered.

    Who finds nothing that suits him keeps his place; so does everybody behind him.
    """
    with uow.beyond_scope("who waits in line for what became free"):
        waiting = uow.all(
            select(WaitingEntry)
            .where(
                WaitingEntry.kind == kind,
                WaitingEntry.ref_id == ref_id,
                WaitingEntry.status == WaitingStatus.WAITING,
                WaitingEntry.latest_on >= uow.today,
            )
            .order_by(WaitingEntry.joined_at, WaitingEntry.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return [entry for entry in waiting if _offer(uow, entry, reserve(uow, entry))]


def take(uow: UnitOfWork, entry_id: UUID, *, version: int | None = None) -> WaitingEntry:
    """Use the offer that stands; the caller turns what is reserved into what was waited for.

    Raises:
        NothingOfferedError: nothing is offered, or its time has run out.
    """
    entry = _own(uow, entry_id, version)
    if entry.status is not WaitingStatus.OFFERED or _is_over(entry, uow.now):
        raise NothingOfferedError
    return _end(uow, entry, WaitingStatus.TAKEN)


def pass_over(
    uow: UnitOfWork, entry_id: UUID, starts_at: datetime, *, version: int | None = None
) -> WaitingEntry:
    """Let this offer go by and keep the place; the same start is not offered again.

    Raises:
        NothingOfferedError: nothing is offered.
    """
    entry = _own(uow, entry_id, version)
    if entry.status is not WaitingStatus.OFFERED:
        raise NothingOfferedError
    entry.passed = [*entry.passed, starts_at.isoformat()]
    entry.status = WaitingStatus.WAITING
    entry.offer_until = entry.reservation_id = None
    cancel_open(uow, entry.id, [LAPSE[entry.kind]])
    uow.audit("waiting_list.passed_over", entry)
    return entry


def leave(uow: UnitOfWork, entry_id: UUID, *, version: int | None = None) -> WaitingEntry:
    """Give the place up; the caller gives back what was reserved for it.

    Raises:
        OutOfLineError: it was given up or used before.
    """
    entry = _own(uow, entry_id, version)
    if entry.status not in IN_LINE:
        raise OutOfLineError(status=entry.status.value)
    return _end(uow, entry, WaitingStatus.LEFT)


def lapse(uow: UnitOfWork, entry_id: UUID) -> WaitingEntry | None:
    """End a place whose offer nobody answered in time, or whose last day has gone by.

    None when it was answered, or stands.
    """
    entry = uow.load(WaitingEntry, entry_id, lock=True)
    if entry.status not in IN_LINE or not _is_over(entry, uow.now):
        return None
    return _end(uow, entry, WaitingStatus.LAPSED)


def close_for_need(uow: UnitOfWork, need_id: UUID) -> Sequence[WaitingEntry]:
    """End every place that was held for a need which is served otherwise."""
    with uow.beyond_scope("places in line for a need that is served"):
        entries = uow.all(
            select(WaitingEntry)
            .where(WaitingEntry.need_id == need_id, WaitingEntry.status.in_(IN_LINE))
            .with_for_update()
        )
        return [_end(uow, entry, WaitingStatus.LEFT) for entry in entries]


def entry_of(uow: UnitOfWork, reservation_id: UUID) -> WaitingEntry | None:
    """Return the place for which this is reserved."""
    return uow.one(
        select(WaitingEntry).where(
            WaitingEntry.reservation_id == reservation_id,
            WaitingEntry.status == WaitingStatus.OFFERED,
        )
    )


def _offer(uow: UnitOfWork, entry: WaitingEntry, kept: Reservation | None) -> bool:
    if kept is None:
        return False
    entry.status = WaitingStatus.OFFERED
    entry.offered_at, entry.offer_until, entry.reservation_id = uow.now, kept.until, kept.id
    job = LAPSE[entry.kind]
    uow.later(job, f"{job}:{entry.id}:{kept.id}", kept.until, subject_id=entry.id)
    uow.audit("waiting_list.offered", entry)
    uow.flush()
    return True


def _end(uow: UnitOfWork, entry: WaitingEntry, status: WaitingStatus) -> WaitingEntry:
    entry.status, entry.ended_at, entry.offer_until = status, uow.now, None
    cancel_open(uow, entry.id, [LAPSE[entry.kind], OVER[entry.kind]])
    uow.audit(f"waiting_list.{status.value}", entry)
    uow.flush()
    return entry


def _own(uow: UnitOfWork, entry_id: UUID, version: int | None) -> WaitingEntry:
    entry = uow.load(WaitingEntry, entry_id, lock=True)
    uow.require(Permission.WAIT)
    _ensure_speaks_for(uow, entry.person_id)
    if version not in (None, entry.version):
        raise StaleVersionError(version=entry.version)
    return entry


def _is_over(entry: WaitingEntry, now: datetime) -> bool:
    until = day_ends_at(entry.latest_on) if entry.offer_until is None else entry.offer_until
    return until <= now


def _ensure_speaks_for(uow: UnitOfWork, person_id: UUID) -> None:
    if uow.actor.person_id != person_id and not uow.actor.is_staff:
        raise ForbiddenError(permission=Permission.WAIT.value)
