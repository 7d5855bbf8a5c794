"""Ends of a written answer other than being answered."""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.written_answer import OPEN, WrittenAnswerEvent, next_status
from app.models.written_answer import WrittenAnswer
from app.services.bookings.holding import ensure_speaks_for
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork


def withdraw(uow: UnitOfWork, answer_id: UUID, *, version: int | None = None) -> WrittenAnswer:
    """Take the question back, or leave an offer alone; the official need do nothing more."""
    row = uow.load(WrittenAnswer, answer_id, lock=True)
    uow.require(Permission.ASK_IN_WRITING)
    ensure_speaks_for(uow, row.person_id)
    ensure_version(row, version)
    row.status = next_status(row.status, WrittenAnswerEvent.WITHDRAW)
    cancel_open(uow, row.id)
    uow.audit("written_answer.withdrawn", row)
    uow.tell("written_answer.withdrawn", row)
    uow.flush()
    return row


def expire(uow: UnitOfWork, answer_id: UUID) -> WrittenAnswer:
    """End a question nobody answered in time, or an offer nobody took.

    One that is no longer open, or has time left, is left alone.
    """
    row = uow.load(WrittenAnswer, answer_id, lock=True)
    if row.status not in OPEN or row.due_at > uow.now:
        return row
    was_asked = row.status
    row.status = next_status(row.status, WrittenAnswerEvent.EXPIRE)
    uow.audit("written_answer.expired", row, was=was_asked)
    uow.tell("written_answer.expired", row)
    uow.flush()
    return row
