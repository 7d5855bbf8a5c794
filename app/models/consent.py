"""Consents given on paper, and taken back; never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.consent import ConsentKind, Purpose, WithdrawalKind
from app.models.base import Base, Ledger, enum_of, references


class Consent(Ledger, Base):
    """Somebody's consent to one purpose; it says nothing of what it reveals."""

    __tablename__ = "consents"
    PRIVATE = frozenset({"filed_at"})

    person_id: Mapped[UUID] = references("persons")
    purpose: Mapped[Purpose] = mapped_column(enum_of(Purpose))
    kind: Mapped[ConsentKind] = mapped_column(enum_of(ConsentKind))
    given_on: Mapped[date]
    filed_at: Mapped[str]
    taken_by_id: Mapped[UUID] = references("accounts", index=False)
    created_at: Mapped[datetime]


class ConsentWithdrawal(Ledger, Base):
    """A consent taken back; what it revealed is gone, and this row does not say it either.

    `consent_id` is the sheet taken back; None where a group was told without one.
    """

    __tablename__ = "consent_withdrawals"
    __table_args__ = (
        UniqueConstraint("consent_id"),
        CheckConstraint("(kind = 'online') = (filed_at IS NULL)", name="paper_is_filed"),
    )
    PRIVATE = frozenset({"filed_at"})

    person_id: Mapped[UUID] = references("persons")
    consent_id: Mapped[UUID | None] = references("consents", index=False)
    purpose: Mapped[Purpose] = mapped_column(enum_of(Purpose))
    kind: Mapped[WithdrawalKind] = mapped_column(enum_of(WithdrawalKind))
    asked_on: Mapped[date]
    filed_at: Mapped[str | None]
    made_by_id: Mapped[UUID] = references("accounts", index=False)
    created_at: Mapped[datetime]
