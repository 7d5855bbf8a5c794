"""Consents given on paper; never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.domain.consent import ConsentKind, Purpose
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
