"""Honours of experts: what was given, by whom, in which document, and until when it holds."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.errors import ConflictError
from app.domain.honour import HonourStatus, SameOfficerError
from app.models.base import Base, Code, Label, Ledger, Prose, Versioned, enum_of, references

_STANDING = text("status IN ('entered', 'confirmed')")


class Honour(Versioned, Ledger, Base):
    """An honour of one expert; a wrong one is refused or withdrawn, and its row stays.

    `kind` is a term of the vocabulary `honour`.
    """

    __tablename__ = "honours"
    __table_args__ = (
        CheckConstraint("checked_by_id IS NULL OR checked_by_id <> made_by_id", name="two_people"),
        CheckConstraint("(status = 'entered') = (checked_by_id IS NULL)", name="checked"),
        CheckConstraint("(checked_by_id IS NULL) = (checked_at IS NULL)", name="checked_once"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name="withdrawn_by_somebody",
        ),
        CheckConstraint("valid_until IS NULL OR valid_until >= given_on", name="span"),
        Index(
            "uq_honours_standing",
            "expert_id",
            "kind",
            "document",
            unique=True,
            postgresql_where=_STANDING,
            sqlite_where=_STANDING,
        ),
    )
    PRIVATE = frozenset({"note", "withdrawn_reason"})

    expert_id: Mapped[UUID] = references("experts")
    kind: Mapped[Code]
    document: Mapped[Label]
    given_by: Mapped[Label]
    given_on: Mapped[date]
    valid_until: Mapped[date | None]
    note: Mapped[Prose]
    status: Mapped[HonourStatus] = mapped_column(enum_of(HonourStatus))
    made_by_id: Mapped[UUID] = references("accounts", index=False)
    made_at: Mapped[datetime]
    checked_by_id: Mapped[UUID | None] = references("accounts", index=False)
    checked_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = references("accounts", index=False)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[Prose | None]


on_violation(SameOfficerError, "ck_honours_two_people")
on_violation(
    lambda: ConflictError("honour.exists"),
    "uq_honours_standing",
    "honours.expert_id, honours.kind, honours.document",
)
