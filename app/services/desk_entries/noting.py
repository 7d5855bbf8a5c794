"""The verbs of other nouns as staff use them at a desk: done, and noted as theirs."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.desk_entry import EntryKind
from app.domain.service_session import Evidence
from app.models.booking import Booking
from app.models.desk_entry import DeskEntry
from app.models.need import Need
from app.models.paper_sheet import PaperSheet
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.services import bookings, needs, paper_entries, persons, service_sessions
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


def check_in(
    uow: UnitOfWork,
    session_id: UUID,
    person_id: UUID,
    evidence: Evidence,
    *,
    version: int | None = None,
) -> ServiceSession:
    """Check in somebody who has come to a meeting, expected or along with its founder.

    Who was checked in by a desk already stays as he is, and nothing is noted.
    """
    uow.require(Permission.ENTER_ON_PAPER)
    arrival = service_sessions.arrive(
        uow, session_id, person_id=person_id, evidence=evidence, version=version
    )
    if arrival.is_news:
        uow.flush()
        said_at, said = arrival.checked_in_at, arrival.evidence
        before = {
            "is_guest": arrival.is_guest,
            "checked_in_at": said_at.isoformat() if said_at else None,
            "evidence": said.value if said else None,
        }
        note(uow, EntryKind.ARRIVAL, arrival.row.id, before)
    return arrival.session


def enter_sheet(uow: UnitOfWork, sheet: Sheet) -> PaperSheet:
    """Enter a whole sheet of paper."""
    kept = paper_entries.enter_sheet(uow, sheet)
    note(uow, EntryKind.SHEET, kept.id)
    return kept


def note(
    uow: UnitOfWork, kind: EntryKind, subject_id: UUID, before: Mapping[str, object] | None = None
) -> None:
    """Note what staff entered for somebody; what people do for themselves is not noted.

    What was taken back and is entered once more is the same entry anew.
    """
    account_id = uow.actor.account_id
    if account_id is None or not uow.actor.is_staff:
        return
    with uow.beyond_scope("whether the same was entered and taken back before"):
        entry = uow.one(
            select(DeskEntry).where(DeskEntry.kind == kind, DeskEntry.subject_id == subject_id)
        )
    if entry is None:
        entry = uow.add(DeskEntry(kind=kind, subject_id=subject_id))
    entry.entered_by_id, entry.entered_at = account_id, uow.now
    entry.undone_at, entry.before = None, dict(before) if before else None
    uow.audit("desk_entry.noted", entry)
    uow.flush()
