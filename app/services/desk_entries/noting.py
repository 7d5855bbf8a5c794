"""The verbs of other nouns as staff use them at a desk: done, and noted as theirs."""

from datetime import datetime
from uuid import UUID

from app.domain.desk_entry import EntryKind
from app.models.booking import Booking
from app.models.desk_entry import DeskEntry
from app.models.need import Need
from app.models.paper_sheet import PaperSheet
from app.models.person import Person
from app.services import bookings, needs, paper_entries, persons
from app.services.bookings import Choice
from app.services.needs import NeedInput
from app.services.paper_entries import Sheet
from app.services.persons import Registration
from app.unit_of_work import UnitOfWork


def register_person(uow: UnitOfWork, given: Registration) -> Person:
    """Register a walk-in with his consents."""
    person = persons.register_with_consent(uow, given)
    note(uow, EntryKind.PERSON, person.id)
    return person


def take_need(uow: UnitOfWork, given: NeedInput, person_id: UUID) -> Need:
    """Submit a need in the words of somebody who has come, or called."""
    need = needs.submit(uow, given, person_id=person_id)
    note(uow, EntryKind.NEED, need.id)
    return need


def book(uow: UnitOfWork, choice: Choice, *, note_to_expert: str | None = None) -> Booking:
    """Ask an expert on behalf of the founder, who has agreed to it."""
    booking = bookings.request_now(uow, choice, note=note_to_expert)
    note(uow, EntryKind.BOOKING, booking.id)
    return booking


def give_slot(uow: UnitOfWork, need_id: UUID, clinic_id: UUID, starts_at: datetime) -> Booking:
    """Give a free slot of today's clinic to somebody at its counter."""
    booking = bookings.give_slot(uow, need_id, clinic_id, starts_at)
    note(uow, EntryKind.BOOKING, booking.id)
    return booking


def enter_sheet(uow: UnitOfWork, sheet: Sheet) -> PaperSheet:
    """Enter a whole sheet of paper."""
    kept = paper_entries.enter_sheet(uow, sheet)
    note(uow, EntryKind.SHEET, kept.id)
    return kept


def note(uow: UnitOfWork, kind: EntryKind, subject_id: UUID) -> None:
    """Note what staff entered for somebody; what people do for themselves is not noted."""
    if not uow.actor.is_staff:
        return
    entry = uow.add(
        DeskEntry(
            kind=kind,
            subject_id=subject_id,
            entered_by_id=uow.actor.account_id,
            entered_at=uow.now,
        )
    )
    uow.audit("desk_entry.noted", entry)
    uow.flush()
