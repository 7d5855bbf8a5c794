"""Dated numbers of policy beside the counting rules."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import Base, Code, Label, Ledger


class PolicyNumberRow(Ledger, Base):
    """One number valid from a day on; changed only by a later row."""

    __tablename__ = "policy_numbers"
    __table_args__ = (
        UniqueConstraint("name", "valid_from"),
        CheckConstraint("value > 0", name="positive"),
    )

    name: Mapped[Code]
    valid_from: Mapped[date]
    value: Mapped[int]
    source: Mapped[Label]
    entered_at: Mapped[datetime]
