"""Tasks of the bureau; at most one of a kind is open about one thing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.errors import ConflictError
from app.domain.task import TaskEnd
from app.models.base import Base, Code, Json, Ledger, Prose, Versioned, enum_of, references

_OPEN = text("closed_at IS NULL")


class Task(Versioned, Ledger, Base):
    """Something to do about a row; `kind` is a code of `domain.task`, which may grow."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="ending"),
        Index(
            "uq_tasks_open",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_tasks_closed_at", "closed_at"),
    )
    PRIVATE = frozenset({"note"})

    kind: Mapped[Code]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    facts: Mapped[Json]
    opened_at: Mapped[datetime]
    due_by: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = references("accounts", index=False)
    ending: Mapped[TaskEnd | None] = mapped_column(enum_of(TaskEnd))
    note: Mapped[Prose | None]


on_violation(
    lambda: ConflictError("task.already_open"), "uq_tasks_open", "tasks.kind, tasks.subject_id"
)
