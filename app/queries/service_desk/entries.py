"""What the actor entered in the last ten minutes and may still take back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.desk_entry import UNDO_LENGTH, EntryKind
from app.domain.privacy import mask_name
from app.models.booking import Booking
from app.models.desk_entry import DeskEntry
from app.models.need import Need
from app.models.paper_sheet import PaperSheet
from app.models.person import Person
from app.models.service_session import Attendance
from app.unit_of_work import Reader

_OF_PEOPLE = (EntryKind.PERSON, EntryKind.ARRIVAL)


@dataclass(frozen=True, slots=True)
class RecentEntry:
    """One thing entered; `name` is its number, of a person the masked name."""

    id: UUID
    kind: EntryKind
    subject_id: UUID
    name: str
    entered_at: datetime
    until: datetime
    undone_at: datetime | None


def recent_entries(reader: Reader) -> tuple[RecentEntry, ...]:
    """Return what the actor entered of late, the newest first."""
    entries = reader.session.scalars(
        select(DeskEntry)
        .where(
            DeskEntry.entered_by_id == reader.actor.account_id,
            DeskEntry.entered_at > reader.now - UNDO_LENGTH,
        )
        .order_by(DeskEntry.entered_at.desc(), DeskEntry.id.desc())
    ).all()
    names = _names(reader, entries)
    return tuple(
        RecentEntry(
            id=entry.id,
            kind=entry.kind,
            subject_id=entry.subject_id,
            name=names.get(entry.subject_id, ""),
            entered_at=entry.entered_at,
            until=entry.entered_at + UNDO_LENGTH,
            undone_at=entry.undone_at,
        )
        for entry in entries
    )


def _names(reader: Reader, entries: Sequence[DeskEntry]) -> dict[UUID, str]:
    keys: dict[EntryKind, list[UUID]] = {kind: [] for kind in EntryKind}
    for entry in entries:
        keys[entry.kind].append(entry.subject_id)
    statements = {
        EntryKind.BOOKING: select(Booking.id, Booking.reference).where(
            Booking.id.in_(keys[EntryKind.BOOKING])
        ),
        EntryKind.NEED: select(Need.id, Need.reference).where(Need.id.in_(keys[EntryKind.NEED])),
        EntryKind.PERSON: select(Person.id, Person.name).where(
            Person.id.in_(keys[EntryKind.PERSON])
        ),
        EntryKind.SHEET: select(PaperSheet.id, PaperSheet.number).where(
            PaperSheet.id.in_(keys[EntryKind.SHEET])
        ),
        EntryKind.ARRIVAL: select(Attendance.id, Person.name)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.id.in_(keys[EntryKind.ARRIVAL])),
    }
    found: dict[UUID, str] = {}
    for kind, statement in statements.items():
        rows = reader.session.execute(statement).all() if keys[kind] else ()
        for key, name in rows:
            found[key] = mask_name(name) if kind in _OF_PEOPLE else name
    return found
