"""Why bookings are suspended; several causes may hold one booking back together."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.suspension import SuspensionCause
from app.models.base import Base, Ledger, Versioned, enum_of, references

_OPEN = text("ended_at IS NULL")


class Suspension(Versioned, Ledger, Base):
    """One cause that holds a booking back, while `ended_at` is empty; `ref_id` names the leave."""

    __tablename__ = "suspensions"
    __table_args__ = (
        Index(
            "uq_suspensions_open",
            "booking_id",
            "cause",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
    )

    booking_id: Mapped[UUID] = references("bookings")
    cause: Mapped[SuspensionCause] = mapped_column(enum_of(SuspensionCause))
    ref_id: Mapped[UUID | None] = mapped_column(index=True)
    since: Mapped[datetime]
    decide_by: Mapped[datetime]
    ended_at: Mapped[datetime | None]
