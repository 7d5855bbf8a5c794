"""The dated policy of what a mentor owes."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import Base, Code, Json, Ledger


class DutyPolicyRow(Ledger, Base):
    """The thresholds of duties from a day on; changed only by a later row."""

    __tablename__ = "duty_policies"
    __table_args__ = (UniqueConstraint("valid_from"),)

    code: Mapped[Code]
    valid_from: Mapped[date]
    rules: Mapped[Json]
    entered_at: Mapped[datetime]
