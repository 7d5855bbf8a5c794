"""Samples drawn for an audit, frozen, and the calls made about what was drawn."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import JSONOrNull, on_violation
from app.domain.sample import AlreadyAnsweredError, Basis, SampleResult
from app.models.base import Base, Code, Json, Ledger, Prose, enum_of, references

_REACHED = text("result <> 'not_reached'")


class Sample(Ledger, Base):
    """One draw; never changed.

    `session_ids` are the meetings drawn, in order; `quotas` how many of each kind of service
    where the draw was by kind. `list_sha256` covers the keys of the whole list drawn from.
    """

    __tablename__ = "samples"
    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint("size BETWEEN 1 AND population", name="size"),
        CheckConstraint("first_month <= last_month", name="months"),
    )

    reference: Mapped[Code]
    first_month: Mapped[Code]
    last_month: Mapped[Code]
    basis: Mapped[Basis] = mapped_column(enum_of(Basis))
    head_number: Mapped[int]
    head_digest: Mapped[str]
    number: Mapped[Code]
    seed: Mapped[str]
    size: Mapped[int]
    quotas: Mapped[Json | None] = mapped_column(JSONOrNull)
    population: Mapped[int]
    list_sha256: Mapped[str]
    session_ids: Mapped[Json]
    drawn_by_id: Mapped[UUID | None] = references("accounts", index=False)
    drawn_at: Mapped[datetime]


class SampleCall(Ledger, Base):
    """One call about a record drawn; never changed. `called` is the name and number, masked."""

    __tablename__ = "sample_calls"
    __table_args__ = (
        CheckConstraint("(result = 'differs') = (differs <> '')", name="differs"),
        CheckConstraint("result <> 'differs' OR said IS NOT NULL", name="said"),
        Index(
            "uq_sample_calls_answered",
            "sample_id",
            "service_session_id",
            unique=True,
            postgresql_where=_REACHED,
            sqlite_where=_REACHED,
        ),
    )
    PRIVATE = frozenset({"called", "said"})

    sample_id: Mapped[UUID] = references("samples")
    service_session_id: Mapped[UUID] = references("service_sessions")
    person_id: Mapped[UUID | None] = references("persons", index=False)
    called: Mapped[str]
    called_at: Mapped[datetime]
    result: Mapped[SampleResult] = mapped_column(enum_of(SampleResult))
    differs: Mapped[str]
    said: Mapped[Prose | None]
    officer_id: Mapped[UUID] = references("accounts", index=False)
    created_at: Mapped[datetime]


on_violation(
    AlreadyAnsweredError,
    "uq_sample_calls_answered",
    "sample_calls.sample_id, sample_calls.service_session_id",
)
