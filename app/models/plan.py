"""Targets of the action plan, the dated rows of their bases, and what departments report."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.checking import TwoHands
from app.domain.errors import ConflictError
from app.domain.plan import CheckedError, CheckStatus, KnownError, SameHandsError
from app.models.base import Base, Code, Ledger, Prose, enum_of, references
from app.models.checked import Checked


class Indicator(Base):
    """A target of 济历城政办字〔2025〕3号, with its own logic of time.

    `baseline_on` and `due_on` are those of the seed; a later row of `indicator_bases` wins.
    """

    __tablename__ = "indicators"
    __table_args__ = (UniqueConstraint("code"),)

    code: Mapped[Code]
    zh: Mapped[str]
    en: Mapped[str]
    comparison: Mapped[Code]
    target: Mapped[str]
    unit: Mapped[Code]
    kind: Mapped[Code]
    clause: Mapped[str]
    owner: Mapped[Code]
    baseline_on: Mapped[date]
    due_on: Mapped[date | None]


class IndicatorBase(Ledger, Base):
    """From when an indicator is counted 基期, as decided on a day; changed by a later row only."""

    __tablename__ = "indicator_bases"
    __table_args__ = (UniqueConstraint("indicator_id", "valid_from"),)
    PRIVATE = frozenset({"document"})

    indicator_id: Mapped[UUID] = references("indicators", index=False)
    valid_from: Mapped[date]
    baseline_on: Mapped[date]
    due_on: Mapped[date | None]
    document: Mapped[str]
    entered_by_id: Mapped[UUID] = references("accounts", index=False)
    entered_at: Mapped[datetime]


class ReportedFigure(Checked):
    """What a department reports of an indicator for a period, with the paper that shows it.

    `amount` is in the smallest unit. A wrong one is put right by a row that names it in
    `replaces_id`; `is_void` says that there was nothing at all.
    """

    __tablename__ = "reported_figures"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("last_on >= first_on", name="period"),
        CheckConstraint("NOT is_void OR replaces_id IS NOT NULL", name="void"),
        CheckConstraint("(status = 'proposed') = (checked_at IS NULL)", name="checked"),
        Index(
            "uq_reported_figures_period",
            "indicator_id",
            "department",
            "first_on",
            unique=True,
            sqlite_where=text("status <> 'refused' AND replaces_id IS NULL"),
            postgresql_where=text("status <> 'refused' AND replaces_id IS NULL"),
        ),
        Index(
            "uq_reported_figures_replaces",
            "replaces_id",
            unique=True,
            sqlite_where=text("status <> 'refused'"),
            postgresql_where=text("status <> 'refused'"),
        ),
    )
    HANDS = TwoHands(CheckStatus.PROPOSED, SameHandsError, CheckedError)
    PRIVATE = frozenset({"document", "note", "answer"})

    indicator_id: Mapped[UUID] = references("indicators", index=False)
    department: Mapped[Code]
    period: Mapped[Code]
    first_on: Mapped[date]
    last_on: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)
    document: Mapped[str]
    note: Mapped[Prose | None]
    replaces_id: Mapped[UUID | None] = references("reported_figures", index=False)
    is_void: Mapped[bool] = mapped_column(default=False)
    status: Mapped[CheckStatus] = mapped_column(enum_of(CheckStatus))
    answer: Mapped[Prose | None]


on_violation(
    lambda: ConflictError("plan.base_known"),
    "uq_indicator_bases_indicator_id_valid_from",
    "indicator_bases.indicator_id, indicator_bases.valid_from",
)
on_violation(
    KnownError,
    "uq_reported_figures_period",
    "reported_figures.indicator_id, reported_figures.department, reported_figures.first_on",
)
on_violation(KnownError, "uq_reported_figures_replaces", "reported_figures.replaces_id")
