"""Takes back what was entered, by the verbs that end it; nothing is deleted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.booking import BookingStatus
from app.domain.desk_entry import BuiltUponError, EntryKind, ensure_undoable
from app.domain.need import EDITABLE
from app.domain.service_session import Evidence, IllegalStepError, ServiceSessionStatus
from app.models.board_post import BoardPost
from app.models.booking import Booking
from app.models.desk_entry import DeskEntry
from app.models.need import Need
from app.models.panel import Panel
from app.models.service_session import ServiceSession
from app.services import bookings, needs, paper_entries, persons, service_sessions
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork

ENTRY_ERROR = "b_entry_error"


def undo(uow: UnitOfWork, entry_id: UUID, *, version: int | None = None) -> DeskEntry:
    """Take back what the actor entered in the last ten minutes.

    Raises:
        UndoOverError: the ten minutes are over.
        BuiltUponError: somebody has built on it since, with what.
        AlreadyUndoneError, OthersEntryError: it is not there to be taken back by the actor.
    """
    entry = uow.load(DeskEntry, entry_id, lock=True)
    uow.require(Permission.ENTER_ON_PAPER)
    ensure_version(entry, version)
    ensure_undoable(
        entry.entered_by_id, entry.entered_at, entry.undone_at, uow.actor.account_id, uow.now
    )
    _UNDO[entry.kind](uow, entry)
    entry.undone_at = uow.now
    uow.audit("desk_entry.undone", entry)
    uow.flush()
    return entry


def _void_person(uow: UnitOfWork, entry: DeskEntry) -> None:
    persons.void(uow, entry.subject_id)


def _withdraw_need(uow: UnitOfWork, entry: DeskEntry) -> None:
    need_id = entry.subject_id
    need = uow.load(Need, need_id, lock=True)
    if need.status not in EDITABLE:
        raise BuiltUponError(by=need.status.value)
    with uow.beyond_scope("whether somebody has worked on the need"):
        for what, model in (("panel", Panel), ("board_post", BoardPost)):
            if uow.all(select(model.id).where(model.need_id == need_id).limit(1)):
                raise BuiltUponError(by=what)
    needs.withdraw(uow, need_id)


def _withdraw_booking(uow: UnitOfWork, entry: DeskEntry) -> None:
    booking = uow.load(Booking, entry.subject_id, lock=True)
    if booking.status is BookingStatus.ACCEPTED and booking.answer_by is None:
        _take_back_slot(uow, booking)
        return
    if booking.status is not BookingStatus.REQUESTED:
        raise BuiltUponError(by=booking.status.value)
    bookings.withdraw(uow, booking.id, ENTRY_ERROR)


def _take_back_slot(uow: UnitOfWork, booking: Booking) -> None:
    """Call off a meeting that was given at the counter: nobody was asked, so nobody answered."""
    session = uow.one(
        select(ServiceSession).where(ServiceSession.booking_id == booking.id).with_for_update()
    )
    if session is not None and session.status is not ServiceSessionStatus.PLANNED:
        raise BuiltUponError(by=session.status.value)
    bookings.cancel(uow, booking.id, ENTRY_ERROR)


def _void_sheet(uow: UnitOfWork, entry: DeskEntry) -> None:
    paper_entries.void_sheet(uow, entry.subject_id, ENTRY_ERROR)


def _uncheck(uow: UnitOfWork, entry: DeskEntry) -> None:
    """Restore what the list said of him before, such as his own word."""
    before = entry.before or {}
    said, said_at = before["evidence"], before["checked_in_at"]
    try:
        service_sessions.take_back_arrival(
            uow,
            entry.subject_id,
            checked_in_at=datetime.fromisoformat(said_at) if said_at else None,
            evidence=Evidence(said) if said else None,
            is_guest=before["is_guest"],
        )
    except IllegalStepError as over:
        raise BuiltUponError(by=over.facts["status"]) from over


_UNDO: Mapping[EntryKind, Callable[[UnitOfWork, DeskEntry], None]] = {
    EntryKind.PERSON: _void_person,
    EntryKind.NEED: _withdraw_need,
    EntryKind.BOOKING: _withdraw_booking,
    EntryKind.SHEET: _void_sheet,
    EntryKind.ARRIVAL: _uncheck,
}
