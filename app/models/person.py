"""Natural persons, their ventures and the groups they belong to."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.checking import TwoHands
from app.domain.errors import InvalidInputError
from app.domain.founder_group import new_seal
from app.domain.person import DoubleCheckedError, DoubleCheckerError
from app.models.base import Base, Code, Ledger, Prose, Versioned, enum_of, references
from app.models.checked import Checked


class IdentityLevel(StrEnum):
    """How surely the bureau knows who somebody is."""

    NONE = "none"
    PHONE = "phone"
    DOCUMENT = "document"


class Person(Versioned, Base):
    """Somebody served or serving; needs no account.

    `voided_at` is when a registration was taken back, and with it what it said.
    """

    __tablename__ = "persons"
    __table_args__ = (
        UniqueConstraint("source_ref"),
        Index("ix_persons_name", "name"),
    )

    source_ref: Mapped[Code | None]
    name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None]
    identity_level: Mapped[IdentityLevel] = mapped_column(
        enum_of(IdentityLevel), default=IdentityLevel.NONE
    )
    street: Mapped[Code | None]
    birth_year: Mapped[int | None]
    created_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]


class PersonAlias(Ledger, Base):
    """Two persons found to be one; made by one officer, checked by another."""

    __tablename__ = "person_aliases"
    __table_args__ = (
        UniqueConstraint("alias_id"),
        CheckConstraint("alias_id <> person_id", name="two_persons"),
        CheckConstraint("made_by_id <> checked_by_id", name="two_officers"),
    )

    alias_id: Mapped[UUID] = references("persons")
    person_id: Mapped[UUID] = references("persons")
    made_by_id: Mapped[UUID] = references("accounts", index=False)
    checked_by_id: Mapped[UUID] = references("accounts", index=False)
    created_at: Mapped[datetime]


class DoubleStatus(StrEnum):
    """A suspicion waits for its checker."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class PersonDouble(Checked):
    """Two records one officer takes for one person; another makes it an alias, or not."""

    __tablename__ = "person_doubles"
    __table_args__ = (CheckConstraint("alias_id <> person_id", name="two_persons"),)
    HANDS = TwoHands(DoubleStatus.PROPOSED, DoubleCheckerError, DoubleCheckedError)
    PRIVATE = frozenset({"grounds"})

    alias_id: Mapped[UUID] = references("persons")
    person_id: Mapped[UUID] = references("persons")
    grounds: Mapped[Prose]
    status: Mapped[DoubleStatus] = mapped_column(enum_of(DoubleStatus))


class FounderGroup(Base):
    """A group a founder declared; enters the group statistics once verified.

    Of a sensitive group decisions and the trail hold the `seal` alone; rows from before there
    were seals have none.
    """

    __tablename__ = "founder_groups"
    __table_args__ = (
        UniqueConstraint("person_id", "code"),
        Index("uq_founder_groups_seal", "seal", unique=True),
    )

    person_id: Mapped[UUID] = references("persons")
    code: Mapped[Code]
    seal: Mapped[Code | None] = mapped_column(default=new_seal)
    verified_by_id: Mapped[UUID | None] = references("accounts", index=False)
    verified_at: Mapped[datetime | None]


class Venture(Versioned, Base):
    """A project, with a 统一社会信用代码 once it is registered."""

    __tablename__ = "ventures"
    __table_args__ = (
        UniqueConstraint("credit_code"),
        CheckConstraint("registered_on IS NULL OR entity_type <> 'team'", name="team_unregistered"),
    )

    name: Mapped[str]
    credit_code: Mapped[str | None] = mapped_column(String(18))
    registered_on: Mapped[date | None]
    entity_type: Mapped[Code]
    industry: Mapped[Code | None]
    area: Mapped[Code | None]
    street: Mapped[Code | None]
    created_at: Mapped[datetime]


class VentureMember(Base):
    """A person of a venture; the contact speaks for it."""

    __tablename__ = "venture_members"
    __table_args__ = (UniqueConstraint("venture_id", "person_id"),)

    venture_id: Mapped[UUID] = references("ventures")
    person_id: Mapped[UUID] = references("persons")
    is_contact: Mapped[bool] = mapped_column(default=False)


on_violation(
    lambda: InvalidInputError.at("venture_credit_code", "venture.credit_code_taken"),
    "uq_ventures_credit_code",
    "ventures.credit_code",
)
