"""What the asker entered at a desk of late, and taking it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.domain.actor import Permission
from app.domain.desk_entry import EntryKind
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.desk_entry import DeskEntry
from app.queries.service_desk import RecentEntry, recent_entries
from app.services import desk_entries
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EntryPage:
    """What may still be taken back, or was; the newest first."""

    items: tuple[RecentEntry, ...]
    next: UUID | None = None


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One thing entered."""

    id: UUID
    kind: EntryKind
    subject_id: UUID
    entered_at: datetime
    undone_at: datetime | None
    version: int


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/desk-entries")(list_entries)
    blueprint.post("/desk-entries/<uuid:entry_id>/undo")(undo_entry)


@operation(Permission.ENTER_ON_PAPER, answer=EntryPage)
def list_entries() -> Any:
    """List what the asker entered in the last ten minutes."""
    with reading() as reader:
        return jsonable(EntryPage(recent_entries(reader)))


@operation(Permission.ENTER_ON_PAPER, answer=EntryDetail)
def undo_entry(entry_id: UUID, version: int | None) -> Any:
    """Take back what the asker entered; ten minutes long, while nobody has built on it."""
    return run(_undo, entry_id, version, answer=jsonable)


def _undo(uow: UnitOfWork, entry_id: UUID, version: int | None) -> EntryDetail:
    entry: DeskEntry = desk_entries.undo(uow, entry_id, version=version)
    return EntryDetail(
        id=entry.id,
        kind=entry.kind,
        subject_id=entry.subject_id,
        entered_at=entry.entered_at,
        undone_at=entry.undone_at,
        version=entry.version,
    )
