"""Places in line for an expert's time or a seat."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.waiting_list import AlreadyWaitingError, WaitingKind, WaitingStatus
from app.models.base import Base, Json, Versioned, enum_of, references

_IN_LINE = text("status IN ('waiting', 'offered')")


class WaitingEntry(Versioned, Base):
    """A person's place in one line; the line is in order of `joined_at`, then of the key.

    `ref_id` is the expert or the activity waited for, `reservation_id` the hold or the seat kept
    for him while an offer stands. `passed` are starts he has let go by: they are not offered again.
    """

    __tablename__ = "waiting_entries"
    __table_args__ = (
        CheckConstraint("latest_on >= earliest_on", name="days"),
        CheckConstraint("(status = 'offered') = (offer_until IS NOT NULL)", name="offered"),
        CheckConstraint("(status IN ('waiting', 'offered')) = (ended_at IS NULL)", name="in_line"),
        Index(
            "uq_waiting_entries_person",
            "kind",
            "ref_id",
            "person_id",
            unique=True,
            postgresql_where=_IN_LINE,
            sqlite_where=_IN_LINE,
        ),
        Index("ix_waiting_entries_line", "kind", "ref_id", "joined_at"),
        Index("ix_waiting_entries_reservation", "reservation_id"),
    )

    kind: Mapped[WaitingKind] = mapped_column(enum_of(WaitingKind))
    ref_id: Mapped[UUID]
    person_id: Mapped[UUID] = references("persons")
    need_id: Mapped[UUID | None] = references("needs")
    modes: Mapped[Json]
    earliest_on: Mapped[date]
    latest_on: Mapped[date]
    status: Mapped[WaitingStatus] = mapped_column(enum_of(WaitingStatus))
    joined_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    offer_until: Mapped[datetime | None]
    reservation_id: Mapped[UUID | None]
    passed: Mapped[Json]
    ended_at: Mapped[datetime | None]


on_violation(
    AlreadyWaitingError,
    "uq_waiting_entries_person",
    "waiting_entries.kind, waiting_entries.ref_id, waiting_entries.person_id",
)
