"""What the nightly self-audits found."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import Base, Json


class SelfAudit(Base):
    """One look over the books: when, how many findings, and what each is about.

    Kept apart from what it looks at: it repairs nothing and changes no other row.

    Attributes:
        entries: how many entries of the trail were proved; None where the trail was left out.
    """

    __tablename__ = "self_audits"
    __table_args__ = (UniqueConstraint("looked_at"),)

    looked_at: Mapped[datetime]
    found: Mapped[int]
    entries: Mapped[int | None]
    findings: Mapped[Json]
