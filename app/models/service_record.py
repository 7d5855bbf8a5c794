"""Decisions on what counts, the dated policies behind them, and corrections."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import JSONOrNull
from app.domain.checking import TwoHands
from app.domain.correction import AlreadyCheckedError, SamePersonError
from app.models.base import Base, Code, Json, Ledger, Prose, enum_of, references
from app.models.checked import Checked


class CountingPolicyRow(Ledger, Base):
    """The numbers of 口径 valid from the first of a month on; changed only by a later row.

    Of two rows with one first day at most one stands: the change that brought the other was
    withdrawn before that day (`policy_changes`).
    """

    __tablename__ = "counting_policies"

    code: Mapped[Code]
    valid_from: Mapped[date]
    rules: Mapped[Json]
    entered_at: Mapped[datetime]


class ServiceRecord(Ledger, Base):
    """One decision on one meeting; a later decision is a new version, nothing is changed.

    `inputs` are the facts of this meeting on which it was decided; `inputs_hash` covers them, those
    of the parts it carries, and the policy. Decisions from before they were kept have none.
    """

    __tablename__ = "service_records"
    __table_args__ = (
        UniqueConstraint("service_session_id", "number"),
        Index("ix_service_records_month_status", "month", "status"),
    )

    service_session_id: Mapped[UUID] = references("service_sessions", index=False)
    number: Mapped[int]
    month: Mapped[Code]
    day: Mapped[date]
    status: Mapped[Code]
    apart: Mapped[Code | None]
    rule: Mapped[Code]
    reason: Mapped[Code | None]
    detail: Mapped[Json]
    session_type: Mapped[Code]
    minutes: Mapped[int]
    mentor_minutes: Mapped[int]
    merged_into_id: Mapped[UUID | None]
    policy_code: Mapped[Code]
    policy_from: Mapped[date]
    inputs_hash: Mapped[str]
    cause: Mapped[Code]
    decided_at: Mapped[datetime]
    inputs: Mapped[Json | None] = mapped_column(JSONOrNull)


class CorrectionStatus(StrEnum):
    """A correction waits for its checker."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class Correction(Checked):
    """A change of a counted fact, made by one officer and checked by another.

    `sample_call_id` is the call of an audit sample that showed it.
    """

    __tablename__ = "corrections"
    HANDS = TwoHands(CorrectionStatus.PROPOSED, SamePersonError, AlreadyCheckedError)
    PRIVATE = frozenset({"reason"})

    service_session_id: Mapped[UUID] = references("service_sessions")
    operation: Mapped[Code]
    value: Mapped[Json]
    reason: Mapped[Prose]
    status: Mapped[CorrectionStatus] = mapped_column(enum_of(CorrectionStatus))
    sample_call_id: Mapped[UUID | None]
