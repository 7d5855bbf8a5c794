"""Calls and joinings of online meetings, as their logs tell them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.log_line import LogKind
from app.domain.service_session import Party
from app.models.base import Base, Ledger, Prose, Versioned, enum_of, references


class LogLine(Versioned, Ledger, Base):
    """One line of a log; struck, never deleted. `contact` is kept masked."""

    __tablename__ = "log_lines"
    __table_args__ = (
        CheckConstraint("ended_at > started_at", name="span"),
        CheckConstraint(
            "(struck_at IS NULL) = (struck_by_id IS NULL)"
            " AND (struck_at IS NULL) = (struck_reason IS NULL)",
            name="struck_with_reason",
        ),
    )
    PRIVATE = frozenset({"contact", "struck_reason"})

    service_session_id: Mapped[UUID] = references("service_sessions")
    kind: Mapped[LogKind] = mapped_column(enum_of(LogKind))
    party: Mapped[Party] = mapped_column(enum_of(Party))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    contact: Mapped[str]
    entered_by_id: Mapped[UUID] = references("accounts", index=False)
    entered_at: Mapped[datetime]
    struck_by_id: Mapped[UUID | None] = references("accounts", index=False)
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[Prose | None]
