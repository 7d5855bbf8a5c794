"""Erasures, and the meetings whose records are under lock until their term; never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.consent import WithdrawalKind
from app.domain.erasure import ErasedError
from app.models.base import Base, Ledger, enum_of, references


class Erasure(Ledger, Base):
    """That somebody had his data deleted: when, and how he asked for it."""

    __tablename__ = "erasures"
    __table_args__ = (
        UniqueConstraint("person_id"),
        CheckConstraint("(kind = 'online') = (filed_at IS NULL)", name="paper_is_filed"),
    )
    PRIVATE = frozenset({"filed_at"})

    person_id: Mapped[UUID] = references("persons", index=False)
    kind: Mapped[WithdrawalKind] = mapped_column(enum_of(WithdrawalKind))
    asked_on: Mapped[date]
    filed_at: Mapped[str | None]
    made_by_id: Mapped[UUID] = references("accounts", index=False)
    created_at: Mapped[datetime]


class ArchivedSession(Ledger, Base):
    """A meeting whose record, papers and words nobody reads any more; kept until its term."""

    __tablename__ = "archived_sessions"
    __table_args__ = (UniqueConstraint("service_session_id"),)

    service_session_id: Mapped[UUID] = references("service_sessions", index=False)
    erasure_id: Mapped[UUID] = references("erasures")
    kept_until: Mapped[date]


on_violation(ErasedError, "uq_erasures_person_id", "erasures.person_id")
