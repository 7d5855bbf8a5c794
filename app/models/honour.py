"""Honours of experts: what was given, by whom, in which document, and until when it holds."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.checking import TwoHands
from app.domain.errors import ConflictError
from app.domain.honour import HonourCheckedError, HonourStatus, SameOfficerError
from app.models.base import Code, Label, Prose, enum_of, references
from app.models.checked import Checked

_STANDING = text("status IN ('entered', 'confirmed')")


class Honour(Checked):
    """An honour of one expert; a wrong one is refused or withdrawn, and its row stays.

    `kind` is a term of the vocabulary `honour`.
    """

    __tablename__ = "honours"
    __table_args__ = (
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
    HANDS = TwoHands(HonourStatus.ENTERED, SameOfficerError, HonourCheckedError)
    PRIVATE = frozenset({"note", "withdrawn_reason"})

    expert_id: Mapped[UUID] = references("experts")
    kind: Mapped[Code]
    document: Mapped[Label]
    given_by: Mapped[Label]
    given_on: Mapped[date]
    valid_until: Mapped[date | None]
    note: Mapped[Prose]
    status: Mapped[HonourStatus] = mapped_column(enum_of(HonourStatus))
    withdrawn_by_id: Mapped[UUID | None] = references("accounts", index=False)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[Prose | None]


on_violation(
    lambda: ConflictError("honour.exists"),
    "uq_honours_standing",
    "honours.expert_id, honours.kind, honours.document",
)
