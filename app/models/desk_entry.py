"""What was entered at a desk, by whom and when, and whether it was taken back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.desk_entry import EntryKind
from app.models.base import Base, Json, Ledger, Versioned, enum_of, references


class DeskEntry(Versioned, Ledger, Base):
    """One thing entered in one go; `subject_id` is the row of that kind.

    `before` is what taking it back restores, where ending the row is not enough.
    """

    __tablename__ = "desk_entries"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        CheckConstraint("undone_at IS NULL OR undone_at >= entered_at", name="undone_later"),
        Index("ix_desk_entries_account_entered", "entered_by_id", "entered_at"),
    )

    kind: Mapped[EntryKind] = mapped_column(enum_of(EntryKind))
    subject_id: Mapped[UUID]
    entered_by_id: Mapped[UUID] = references("accounts", index=False)
    entered_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    before: Mapped[Json | None]
