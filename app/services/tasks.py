"""Tasks 待办: opened by what happens, closed by a person or with their matter."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db import StaleVersionError
from app.domain import prose
from app.domain.task import (
    LONGEST_NOTE,
    RULES,
    TaskClosedError,
    TaskEnd,
    TaskKind,
    ensure_closes_by_hand,
)
from app.models.base import Base
from app.models.task import Task
from app.unit_of_work import UnitOfWork


def open_once(
    uow: UnitOfWork,
    kind: TaskKind,
    subject: Base | UUID,
    *,
    due_by: datetime | None = None,
    **facts: str | int,
) -> Task:
    """Return the open task of the kind about the subject, a new one when there is none.

    Of transactions that open it together one does, and the others find it: the database refuses
    a second one and the store runs them again. Whoever causes a task
    need not be allowed to see it.

    Args:
        uow: the transaction.
        kind: what is to be done.
        subject: the row it is about, or its key.
        due_by: when it should be done; a task that is open already keeps its own.
        facts: codes and keys that its page shows; names are looked up when it is read.
    """
    subject_id = _key(subject)
    with uow.beyond_scope("the open task of this kind and subject"):
        task = _open(uow, kind, subject_id)
        if task is not None:
            return task
    task = uow.add(
        Task(
            kind=kind.value,
            subject_id=subject_id,
            facts=facts,
            opened_at=uow.now,
            due_by=due_by,
        )
    )
    uow.audit("task.opened", task)
    return task


def close(uow: UnitOfWork, task_id: UUID, note: str, *, version: int | None = None) -> Task:
    """Close a task as done, with what was decided.

    Raises:
        ForbiddenError: another role does tasks of this kind.
        ClosesItselfError: it ends with its matter.
        TaskClosedError: it has ended already.
        InvalidInputError: at field `note`.
    """
    task = uow.load(Task, task_id, lock=True)
    kind = TaskKind(task.kind)
    uow.require(RULES[kind].acts)
    if version not in (None, task.version):
        raise StaleVersionError(version=task.version)
    ensure_closes_by_hand(kind)
    if task.closed_at is not None:
        raise TaskClosedError
    task.note = prose.ensure("note", note, LONGEST_NOTE)
    return _end(uow, task, TaskEnd.DONE)


def settle(uow: UnitOfWork, kind: TaskKind, subject: Base | UUID) -> Task | None:
    """Close the open task of the kind about the subject because its matter has ended.

    Returns:
        The task, None when none was open.
    """
    with uow.beyond_scope("the open task of this kind and subject"):
        task = _open(uow, kind, _key(subject))
    return None if task is None else _end(uow, task, TaskEnd.SETTLED)


def _end(uow: UnitOfWork, task: Task, ending: TaskEnd) -> Task:
    task.closed_at, task.closed_by_id = uow.now, uow.actor.account_id
    task.ending = ending
    uow.audit(f"task.{ending}", task)
    return task


def _open(uow: UnitOfWork, kind: TaskKind, subject_id: UUID) -> Task | None:
    return uow.one(
        select(Task)
        .where(Task.kind == kind, Task.subject_id == subject_id, Task.closed_at.is_(None))
        .with_for_update()
    )


def _key(subject: Base | UUID) -> UUID:
    return subject if isinstance(subject, UUID) else subject.id
