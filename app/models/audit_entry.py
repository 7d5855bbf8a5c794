"""The trail: entries appended with every change, seals over them, and who looked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StaleVersionError, on_violation
from app.domain.audit_entry import ALGORITHM
from app.domain.errors import ConflictError
from app.models.base import Base, Code, Json, Ledger, Prose, references

_UNSEALED = text("seq IS NULL")


class AuditEntry(Base):
    """One change of one thing as canonical JSON, with its leaf hash and the key holder's mark."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        UniqueConstraint("entity", "entity_id", "entity_version"),
        UniqueConstraint("seq"),
        Index(
            "ix_audit_entries_unsealed", "id", postgresql_where=_UNSEALED, sqlite_where=_UNSEALED
        ),
        Index("ix_audit_entries_action_at", "action", "at"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    action: Mapped[Code]
    entity: Mapped[Code]
    entity_id: Mapped[UUID]
    entity_version: Mapped[int]
    body: Mapped[Prose]
    algorithm: Mapped[Code]
    leaf: Mapped[str]
    mac: Mapped[str]
    seq: Mapped[int | None] = mapped_column(BigInteger)


class AuditSeal(Base):
    """A batch of entries under one Merkle root, chained to the seal before it. Machine time.

    Seals from before there was a key carry no signature; those after them cover them.
    """

    __tablename__ = "audit_seals"
    __table_args__ = (UniqueConstraint("number"), UniqueConstraint("first_seq"))

    number: Mapped[int] = mapped_column(BigInteger)
    first_seq: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]
    mac: Mapped[str]
    algorithm: Mapped[Code] = mapped_column(default=ALGORITHM)
    key_id: Mapped[str | None]
    signature: Mapped[str | None]
    sealed_at: Mapped[datetime]


class AccessEntry(Ledger, Base):
    """A look at evidence, or any look of somebody who audits: who, what, from where, when."""

    __tablename__ = "access_entries"
    # What was searched for may name somebody, and bodies of the trail are kept for good.
    PRIVATE = frozenset({"facts", "address"})

    account_id: Mapped[UUID] = references("accounts")
    at: Mapped[datetime]
    subject: Mapped[str]
    facts: Mapped[Json]
    address: Mapped[str]
    request_id: Mapped[str]


on_violation(
    lambda: ConflictError("audit_entry.already_sealed"),
    "uq_audit_seals_number",
    "uq_audit_seals_first_seq",
    "audit_seals.number",
    "audit_seals.first_seq",
)
# Two transactions told of the same thing at once: the later one looks again.
on_violation(
    StaleVersionError,
    "uq_audit_entries_entity_entity_id_entity_version",
    "audit_entries.entity, audit_entries.entity_id, audit_entries.entity_version",
)
