"""How a place in line ends: used, given up, or lapsed; and when nobody waits any more."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement

from app.domain.waiting_list import (
    IN_LINE,
    NothingOfferedError,
    OutOfLineError,
    WaitingKind,
    WaitingStatus,
)
from app.models.waiting_list import WaitingEntry
from app.services.jobs import cancel_open
from app.services.waiting_lists.offering import LAPSE
from app.services.waiting_lists.standing import in_line, load_entry, load_own
from app.unit_of_work import UnitOfWork

# Kinds of jobs for the instant after which nobody waits any more.
OVER = {kind: f"end_waiting_{kind.value}" for kind in WaitingKind}


def end_at(uow: UnitOfWork, entry: WaitingEntry, at: datetime, *, revision: int = 1) -> None:
    """Plan the instant after which nobody waits any more, in place of what was planned before.

    Args:
        uow: the transaction.
        entry: a place in line.
        at: the instant.
        revision: another one for each time the instant changes.
    """
    job = OVER[entry.kind]
    cancel_open(uow, entry.id, [job])
    uow.later(job, f"{job}:{entry.id}:{revision}", at, subject_id=entry.id)


def take(
    uow: UnitOfWork, kind: WaitingKind, entry_id: UUID, *, version: int | None = None
) -> WaitingEntry:
    """Use the offer that stands; the caller turns what is reserved into what was waited for.

    Raises:
        NothingOfferedError: nothing is offered, or its time has run out.
    """
    entry = load_own(uow, kind, entry_id, version)
    if entry.offer_until is None or entry.offer_until <= uow.now:
        raise NothingOfferedError
    return _end(uow, entry, WaitingStatus.TAKEN)


def pass_over(
    uow: UnitOfWork, entry_id: UUID, starts_at: datetime, *, version: int | None = None
) -> WaitingEntry:
    """Let an expert's time go by and keep the place; the same start is not offered again.

    Raises:
        NothingOfferedError: nothing is offered.
    """
    entry = load_own(uow, WaitingKind.EXPERT, entry_id, version)
    if entry.status is not WaitingStatus.OFFERED:
        raise NothingOfferedError
    entry.passed = [*entry.passed, starts_at.isoformat()]
    entry.status = WaitingStatus.WAITING
    entry.offer_until = entry.reservation_id = None
    cancel_open(uow, entry.id, [LAPSE[entry.kind]])
    uow.audit("waiting_list.passed_over", entry)
    return entry


def leave(
    uow: UnitOfWork, kind: WaitingKind, entry_id: UUID, *, version: int | None = None
) -> WaitingEntry:
    """Give the place up; the caller gives back what was reserved for it.

    Raises:
        OutOfLineError: it was given up or used before.
    """
    entry = load_own(uow, kind, entry_id, version)
    if entry.status not in IN_LINE:
        raise OutOfLineError(status=entry.status.value)
    return _end(uow, entry, WaitingStatus.LEFT)


def lapse(
    uow: UnitOfWork, kind: WaitingKind, entry_id: UUID, over_at: Callable[[WaitingEntry], datetime]
) -> WaitingEntry | None:
    """End a place whose offer nobody answered in time, or whose end has come.

    None when it was answered, or stands.

    Args:
        uow: the transaction.
        kind: of its line.
        entry_id: the place.
        over_at: the instant after which nobody waits any more.
    """
    entry = load_entry(uow, kind, entry_id)
    ends = [over_at(entry), *([entry.offer_until] if entry.offer_until else [])]
    if entry.status not in IN_LINE or min(ends) > uow.now:
        return None
    return _end(uow, entry, WaitingStatus.LAPSED)


def close_for_need(uow: UnitOfWork, need_id: UUID) -> Sequence[WaitingEntry]:
    """End every place that was held for a need which is served otherwise."""
    return _close(uow, "places in line for a need that is served", WaitingEntry.need_id == need_id)


def close_for_person(
    uow: UnitOfWork, kind: WaitingKind, ref_id: UUID, person_id: UUID
) -> Sequence[WaitingEntry]:
    """End somebody's place in a line, if he has one, who got otherwise what he waited for."""
    which = WaitingEntry.kind == kind, WaitingEntry.ref_id == ref_id
    return _close(uow, "who waited and came", *which, WaitingEntry.person_id == person_id)


def close_line(uow: UnitOfWork, kind: WaitingKind, ref_id: UUID) -> Sequence[WaitingEntry]:
    """End every place in a line that leads nowhere any more."""
    which = WaitingEntry.kind == kind, WaitingEntry.ref_id == ref_id
    return _close(uow, "places in a line that leads nowhere", *which)


def _end(uow: UnitOfWork, entry: WaitingEntry, status: WaitingStatus) -> WaitingEntry:
    entry.status, entry.ended_at, entry.offer_until = status, uow.now, None
    cancel_open(uow, entry.id, [LAPSE[entry.kind], OVER[entry.kind]])
    uow.audit(f"waiting_list.{status.value}", entry)
    uow.flush()
    return entry


def _close(uow: UnitOfWork, reason: str, *which: ColumnElement[bool]) -> Sequence[WaitingEntry]:
    with uow.beyond_scope(reason):
        return [_end(uow, entry, WaitingStatus.LEFT) for entry in in_line(uow, *which)]
