"""Experts' own calendars: how they stand, where they come from, when they say busy."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.busy_calendar import CalendarSource, Fault, SameCalendarError
from app.models.base import Base, Prose, enum_of, references


class BusyCalendar(Base):
    """How one calendar of an expert stands.

    Attributes:
        read_at: when it was last read whole; what was read then holds until `known_until`.
        tried_at: when it was last tried, and `fault` what was wrong then.
        tries: how often; each try plans the next.
    """

    __tablename__ = "busy_calendars"
    __table_args__ = (
        CheckConstraint("(read_at IS NULL) = (known_until IS NULL)", name="known_since_read"),
    )

    expert_id: Mapped[UUID] = references("experts")
    source: Mapped[CalendarSource] = mapped_column(enum_of(CalendarSource))
    added_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    known_until: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    fault: Mapped[Fault | None] = mapped_column(enum_of(Fault))
    tries: Mapped[int] = mapped_column(default=0)


class BusySource(Base):
    """Where a calendar comes from: an address as good as a password, or a file until it is read."""

    __tablename__ = "busy_sources"
    __table_args__ = (
        UniqueConstraint("busy_calendar_id"),
        UniqueConstraint("expert_id", "address"),
    )

    busy_calendar_id: Mapped[UUID] = references("busy_calendars", index=False)
    expert_id: Mapped[UUID] = references("experts", index=False)
    address: Mapped[Prose | None]
    file_name: Mapped[str | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)


class BusySpan(Base):
    """A time in which the expert is busy elsewhere; with what is never kept."""

    __tablename__ = "busy_spans"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        Index("ix_busy_spans_expert_start", "expert_id", "starts_at"),
    )

    busy_calendar_id: Mapped[UUID] = references("busy_calendars")
    expert_id: Mapped[UUID] = references("experts", index=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


on_violation(
    SameCalendarError,
    "uq_busy_sources_expert_id_address",
    "busy_sources.expert_id, busy_sources.address",
)
