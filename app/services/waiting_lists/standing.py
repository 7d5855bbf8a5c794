"""Who stands in which line, and who speaks for a place in it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.db import StaleVersionError
from app.domain.actor import Permission
from app.domain.errors import ForbiddenError, NotFoundError
from app.domain.waiting_list import IN_LINE, WaitingKind, WaitingStatus, Wish
from app.models.waiting_list import WaitingEntry
from app.unit_of_work import UnitOfWork

_PERMITS = {
    WaitingKind.EXPERT: Permission.WAIT,
    WaitingKind.ACTIVITY: Permission.JOIN_ACTIVITY,
}


def join(
    uow: UnitOfWork,
    kind: WaitingKind,
    ref_id: UUID,
    person_id: UUID,
    wish: Wish,
    *,
    need_id: UUID | None = None,
) -> WaitingEntry:
    """Take the last place in the line; the caller plans its end.

    Raises:
        ForbiddenError: in the name of somebody else.
        AlreadyWaitingError: the person stands in it.
    """
    _ensure_speaks_for(uow, kind, person_id)
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
    uow.audit("waiting_list.joined", entry)
    return entry


def entry_of(uow: UnitOfWork, reservation_id: UUID) -> WaitingEntry | None:
    """Return the place for which this is reserved."""
    return uow.one(
        select(WaitingEntry).where(
            WaitingEntry.reservation_id == reservation_id,
            WaitingEntry.status == WaitingStatus.OFFERED,
        )
    )


def standing(uow: UnitOfWork, kind: WaitingKind, ref_id: UUID) -> Sequence[WaitingEntry]:
    """Return the places in a line, in its order, locked."""
    which = WaitingEntry.kind == kind, WaitingEntry.ref_id == ref_id
    with uow.beyond_scope("who stands in line"):
        return in_line(uow, *which)


def in_line(uow: UnitOfWork, *which: ColumnElement[bool]) -> Sequence[WaitingEntry]:
    """Return the places that stand, of those within reach, in order and locked."""
    return uow.all(
        select(WaitingEntry)
        .where(WaitingEntry.status.in_(IN_LINE), *which)
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
        .with_for_update()
    )


def load_own(
    uow: UnitOfWork, kind: WaitingKind, entry_id: UUID, version: int | None
) -> WaitingEntry:
    """Return a place, locked, for whom it belongs to and as he saw it.

    Raises:
        NotFoundError: it is in a line of another kind.
        ForbiddenError: it is somebody else's.
        StaleVersionError: it has changed since.
    """
    entry = load_entry(uow, kind, entry_id)
    _ensure_speaks_for(uow, kind, entry.person_id)
    if version not in (None, entry.version):
        raise StaleVersionError(version=entry.version)
    return entry


def load_entry(uow: UnitOfWork, kind: WaitingKind, entry_id: UUID) -> WaitingEntry:
    """Return a place in a line of the kind, locked.

    Raises:
        NotFoundError: it is in a line of another kind.
    """
    entry = uow.load(WaitingEntry, entry_id, lock=True)
    if entry.kind is not kind:
        raise NotFoundError("waiting_entry.not_found")
    return entry


def _ensure_speaks_for(uow: UnitOfWork, kind: WaitingKind, person_id: UUID) -> None:
    permission = _PERMITS[kind]
    uow.require(permission)
    if uow.actor.person_id != person_id and not uow.actor.is_staff:
        raise ForbiddenError(permission=permission.value)
