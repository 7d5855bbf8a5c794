"""Notes of visits and interviews, by the experts, for themselves and the bureau."""

from uuid import UUID

from app.domain.diagnosis import NoteText, ensure_note
from app.models.diagnosis import DiagnosisNote
from app.services.bookings.versions import ensure_version
from app.services.diagnoses.workspace import ensure_member, locked, opened
from app.unit_of_work import UnitOfWork


def note(uow: UnitOfWork, session_id: UUID, written: NoteText) -> DiagnosisNote:
    """Keep what was seen or said.

    Raises:
        ForbiddenError: the actor does not work on the diagnosis.
        InvalidInputError: naming each field at fault.
    """
    session, diagnosis = opened(uow, session_id)
    author = ensure_member(uow, session, diagnosis)
    kept = ensure_note(written, uow.today)
    row = uow.add(
        DiagnosisNote(
            diagnosis_id=diagnosis.id,
            kind=kept.kind,
            held_on=kept.held_on,
            people=kept.people,
            text=kept.text,
            author_id=author,
            created_at=uow.now,
        )
    )
    uow.audit("diagnosis_note.written", row)
    return row


def strike(uow: UnitOfWork, note_id: UUID, *, version: int | None = None) -> DiagnosisNote:
    """Strike out a note that was wrong; it stays, marked so. Done twice it stays struck out.

    Raises:
        ForbiddenError: the actor does not work on the diagnosis.
        StaleVersionError: somebody else has changed it since.
    """
    row = uow.load(DiagnosisNote, note_id)
    session, diagnosis = locked(uow, row.diagnosis_id)
    ensure_member(uow, session, diagnosis)
    row = uow.load(DiagnosisNote, note_id, lock=True)
    if row.struck_at is not None:
        return row
    ensure_version(row, version)
    row.struck_at = uow.now
    uow.audit("diagnosis_note.struck", row)
    return row
