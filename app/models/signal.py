"""Signals with the records behind each, the thresholds they rest on, and when was looked."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.signal import Kind, SignalState
from app.models.base import Base, Code, Json, Ledger, Prose, Versioned, enum_of, references


class SignalPolicyRow(Ledger, Base):
    """Thresholds valid from a day on; changed only by a later row."""

    __tablename__ = "signal_policies"
    __table_args__ = (UniqueConstraint("valid_from"),)

    code: Mapped[Code]
    valid_from: Mapped[date]
    rules: Mapped[Json]
    entered_at: Mapped[datetime]


class SignalLook(Base):
    """One look for signals: when, at how many meetings, by which thresholds, how many found."""

    __tablename__ = "signal_looks"

    looked_at: Mapped[datetime] = mapped_column(index=True)
    sessions: Mapped[int]
    found: Mapped[int]
    policy_from: Mapped[date]


class Signal(Versioned, Ledger, Base):
    """Something worth a look; it changes nothing of what counts.

    `session_ids` are the meetings behind it as last found. What officers said of it stands in
    `signal_notes`; it is open again when more meetings come to it.
    """

    __tablename__ = "signals"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        Index("ix_signals_state_month", "state", "month"),
    )

    kind: Mapped[Kind] = mapped_column(enum_of(Kind))
    subject: Mapped[str]
    month: Mapped[Code]
    expert_id: Mapped[UUID | None] = references("experts", index=False)
    session_ids: Mapped[Json]
    facts: Mapped[Json]
    policy_from: Mapped[date]
    found_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    state: Mapped[SignalState] = mapped_column(enum_of(SignalState))


class SignalNote(Ledger, Base):
    """What an officer said a signal is, and of which meetings he said so; never changed."""

    __tablename__ = "signal_notes"
    PRIVATE = frozenset({"note"})

    signal_id: Mapped[UUID] = references("signals")
    note: Mapped[Prose]
    session_ids: Mapped[Json]
    said_by_id: Mapped[UUID] = references("accounts", index=False)
    said_at: Mapped[datetime]
