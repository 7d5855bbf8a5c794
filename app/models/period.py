"""Closed months, their figures as first published, and what was posted afterwards."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.errors import ConflictError
from app.models.base import Base, Code, Json, Ledger, Prose, references


class Period(Ledger, Base):
    """A closed month; there is no reopening."""

    __tablename__ = "periods"
    __table_args__ = (UniqueConstraint("month"),)

    month: Mapped[Code]
    cut_at: Mapped[datetime]
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[UUID | None] = references("accounts", index=False)
    policy_code: Mapped[Code]


class PublishedFigure(Ledger, Base):
    """One measure of a closed month with the rows that sum to it; never changed."""

    __tablename__ = "published_figures"
    __table_args__ = (UniqueConstraint("period_id", "measure"),)

    period_id: Mapped[UUID] = references("periods")
    measure: Mapped[Code]
    value: Mapped[int] = mapped_column()
    rows: Mapped[Json]
    sha256: Mapped[str]


class PublishedGroups(Ledger, Base):
    """Persons by primary group as a month was closed with; names nobody and is never changed.

    `figures` holds person-times and persons by group. A consent withdrawn later takes the group
    from every person, and leaves this sum.
    """

    __tablename__ = "published_groups"
    __table_args__ = (UniqueConstraint("period_id"),)

    period_id: Mapped[UUID] = references("periods", index=False)
    figures: Mapped[Json]


class PublishedReport(Ledger, Base):
    """The file of a closed month as it was published, with its hash; never changed or made anew."""

    __tablename__ = "published_reports"
    __table_args__ = (UniqueConstraint("period_id"),)
    PRIVATE = frozenset({"content"})

    period_id: Mapped[UUID] = references("periods", index=False)
    content: Mapped[Prose]
    size: Mapped[int]
    sha256: Mapped[str]


class Adjustment(Ledger, Base):
    """What a late confirmation, ruling or correction changed in a closed month."""

    __tablename__ = "adjustments"

    period_id: Mapped[UUID] = references("periods")
    posted_month: Mapped[Code]
    service_session_id: Mapped[UUID] = references("service_sessions")
    service_record_id: Mapped[UUID] = references("service_records", index=False)
    correction_id: Mapped[UUID | None] = references("corrections", index=False)
    cause: Mapped[Code]
    deltas: Mapped[Json]
    created_at: Mapped[datetime]


on_violation(lambda: ConflictError("period.already_closed"), "uq_periods_month", "periods.month")
