"""The official's side: he answers, or says that he cannot."""

from uuid import UUID

from app.domain import prose
from app.domain.actor import Permission
from app.domain.message import steps
from app.domain.written_answer import (
    LONGEST_REMARK,
    OverError,
    WrittenAnswerEvent,
    ensure_answer,
    next_status,
)
from app.models.written_answer import WrittenAnswer
from app.services import service_records
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.services.written_answers.recording import record
from app.unit_of_work import UnitOfWork

REMIND = "remind_reading"


def answer(
    uow: UnitOfWork, answer_id: UUID, text: str, *, version: int | None = None
) -> WrittenAnswer:
    """Send the answer; it is kept as the record of a service of its own kind.

    Raises:
        OverError: the two working days are over.
        InvalidInputError: at field `answer`.
    """
    row = _asked(uow, answer_id, version)
    status = next_status(row.status, WrittenAnswerEvent.ANSWER)
    if row.due_at <= uow.now:
        raise OverError(due_at=row.due_at)
    written = ensure_answer(text)
    session = record(uow, row, written)
    row.status, row.answer, row.answered_at = status, written, uow.now
    row.service_session_id = session.id
    cancel_open(uow, row.id)
    for days in steps("written_answer.read_due"):
        unread_at = uow.calendar.answer_deadline(uow.now, days)
        uow.later(REMIND, f"{REMIND}:{row.id}:{days}", unread_at, subject_id=row.id)
    uow.audit("written_answer.answered", row)
    uow.tell("written_answer.answered", row)
    uow.flush()
    service_records.count(uow, session.id, cause="written_answer.answered")
    return row


def decline(
    uow: UnitOfWork, answer_id: UUID, note: str, *, version: int | None = None
) -> WrittenAnswer:
    """Say why a meeting, or somebody else, would serve better; the founder reads it."""
    row = _asked(uow, answer_id, version)
    row.status = next_status(row.status, WrittenAnswerEvent.DECLINE)
    row.end_note = prose.ensure("note", note, LONGEST_REMARK)
    cancel_open(uow, row.id)
    uow.audit("written_answer.declined", row)
    uow.tell("written_answer.declined", row)
    uow.flush()
    return row


def _asked(uow: UnitOfWork, answer_id: UUID, version: int | None) -> WrittenAnswer:
    row = uow.load(WrittenAnswer, answer_id, lock=True)
    uow.require(Permission.ANSWER_IN_WRITING, experts=frozenset({row.expert_id}))
    ensure_version(row, version)
    return row
