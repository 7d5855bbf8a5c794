"""Takes back what was entered, by the verbs that end it; nothing is deleted."""

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.booking import BookingStatus
from app.domain.desk_entry import BuiltUponError, EntryKind, ensure_undoable
from app.domain.need import EDITABLE
from app.domain.service_session import ServiceSessionStatus
from app.models.board_post import BoardPost
from app.models.booking import Booking
from app.models.desk_entry import DeskEntry
from app.models.need import Need
from app.models.panel import Panel
from app.models.service_session import ServiceSession
from app.services import bookings, needs, paper_entries, persons
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
    _UNDO[entry.kind](uow, entry.subject_id)
    entry.undone_at = uow.now
    uow.audit("desk_entry.undone", entry)
    uow.flush()
    return entry


def _void_person(uow: UnitOfWork, person_id: UUID) -> None:
    persons.void(uow, person_id)


def _withdraw_need(uow: UnitOfWork, need_id: UUID) -> None:
    need = uow.load(Need, need_id, lock=True)
    if need.status not in EDITABLE:
        raise BuiltUponError(by=need.status.value)
    with uow.beyond_scope("whether somebody has worked on the need"):
        for what, model in (("panel", Panel), ("board_post", BoardPost)):
            if uow.all(select(model.id).where(model.need_id == need_id).limit(1)):
                raise BuiltUponError(by=what)
    needs.withdraw(uow, need_id)


def _withdraw_booking(uow: UnitOfWork, booking_id: UUID) -> None:
    booking = uow.load(Booking, booking_id, lock=True)
    if booking.status is BookingStatus.ACCEPTED and booking.answer_by is None:
        _take_back_slot(uow, booking)
        return
    if booking.status is not BookingStatus.REQUESTED:
        raise BuiltUponError(by=booking.status.value)
    bookings.withdraw(uow, booking_id, ENTRY_ERROR)


def _take_back_slot(uow: UnitOfWork, booking: Booking) -> None:
    """Call off a meeting that was given at the counter: nobody was asked, so nobody answered."""
    session = uow.one(
        select(ServiceSession).where(ServiceSession.booking_id == booking.id).with_for_update()
    )
    if session is not None and session.status is not ServiceSessionStatus.PLANNED:
        raise BuiltUponError(by=session.status.value)
    bookings.cancel(uow, booking.id, ENTRY_ERROR)


def _void_sheet(uow: UnitOfWork, sheet_id: UUID) -> None:
    paper_entries.void_sheet(uow, sheet_id, ENTRY_ERROR)


_UNDO: Mapping[EntryKind, Callable[[UnitOfWork, UUID], None]] = {
    EntryKind.PERSON: _void_person,
    EntryKind.NEED: _withdraw_need,
    EntryKind.BOOKING: _withdraw_booking,
    EntryKind.SHEET: _void_sheet,
}
