"""Certificates issued to experts, with what they said frozen."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.certificate import CertificateKind
from app.models.base import Base, Json, Ledger, Prose, Versioned, enum_of, references


class Certificate(Versioned, Ledger, Base):
    """What was certified of an expert, as of when, by whom; it may be withdrawn, never changed.

    `content` is what was printed and `content_hash` covers it. Of the code only a hash is kept.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("code_sha256"),
        CheckConstraint("last_on >= first_on", name="span"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name="withdrawn_by_somebody",
        ),
    )
    PRIVATE = frozenset({"content", "withdrawn_reason"})

    kind: Mapped[CertificateKind] = mapped_column(enum_of(CertificateKind))
    expert_id: Mapped[UUID] = references("experts")
    first_on: Mapped[date]
    last_on: Mapped[date]
    content: Mapped[Json]
    content_hash: Mapped[str]
    code_sha256: Mapped[str]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[UUID | None] = references("accounts", index=False)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = references("accounts", index=False)
    withdrawn_reason: Mapped[Prose | None]
