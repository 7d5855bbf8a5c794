"""What a clerk entered at a desk, and that he may take it back for a while."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.errors import ConflictError, RuleError

UNDO_LENGTH = timedelta(minutes=10)


class EntryKind(StrEnum):
    """What is entered in one go, and taken back in one go."""

    PERSON = "person"
    NEED = "need"
    BOOKING = "booking"
    SHEET = "sheet"
    ARRIVAL = "arrival"


class UndoOverError(RuleError):
    """More than ten minutes have passed; `until_at` says until when it was possible."""

    default_code = "desk_entry.undo_over"


class AlreadyUndoneError(ConflictError):
    """It has been taken back already."""

    default_code = "desk_entry.already_undone"


class OthersEntryError(RuleError):
    """Only who entered it takes it back."""

    default_code = "desk_entry.of_another"


class BuiltUponError(ConflictError):
    """Somebody has built on it since; `by` says what."""

    default_code = "desk_entry.built_upon"


def ensure_undoable(
    entered_by: UUID,
    entered_at: datetime,
    undone_at: datetime | None,
    actor: UUID | None,
    now: datetime,
) -> None:
    """Refuse to take back what is another's, taken back already, or ten minutes old.

    Raises:
        OthersEntryError: another entered it.
        AlreadyUndoneError: it was taken back.
        UndoOverError: the ten minutes are over.
    """
    if entered_by != actor:
        raise OthersEntryError
    if undone_at is not None:
        raise AlreadyUndoneError
    until = entered_at + UNDO_LENGTH
    if now >= until:
        raise UndoOverError(until_at=until)
