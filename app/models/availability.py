"""Weekly rules, special days, clinics, and the calendar that says which days are worked."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.availability import ExceptionKind
from app.domain.calendar import DayKind
from app.models.base import Base, Json, Ledger, Versioned, enum_of, references


class AvailabilityRule(Base):
    """A span of local minutes on one weekday (Monday = 0), in the modes given."""

    __tablename__ = "availability_rules"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "starts_minute >= 0 AND ends_minute > starts_minute AND ends_minute <= 1440",
            name="span",
        ),
        CheckConstraint("every_weeks IN (1, 2)", name="every_weeks"),
        CheckConstraint("(every_weeks = 1) = (anchor_on IS NULL)", name="anchor"),
        CheckConstraint("valid_from <= valid_until", name="validity"),
    )

    expert_id: Mapped[UUID] = references("experts")
    weekday: Mapped[int]
    starts_minute: Mapped[int]
    ends_minute: Mapped[int]
    modes: Mapped[Json]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    every_weeks: Mapped[int] = mapped_column(default=1)
    anchor_on: Mapped[date | None]
    place_id: Mapped[UUID | None] = references("places", index=False)


class AvailabilityException(Base):
    """A special day of one expert: closed, or open in the given span."""

    __tablename__ = "availability_exceptions"
    __table_args__ = (
        CheckConstraint(
            "starts_minute >= 0 AND ends_minute > starts_minute AND ends_minute <= 1440",
            name="span",
        ),
    )

    expert_id: Mapped[UUID] = references("experts")
    day: Mapped[date]
    kind: Mapped[ExceptionKind] = mapped_column(enum_of(ExceptionKind))
    starts_minute: Mapped[int]
    ends_minute: Mapped[int]
    modes: Mapped[Json]
    reason: Mapped[str]


class Clinic(Versioned, Base):
    """A half-day of one expert in the district's time, given away slot by slot 坐诊."""

    __tablename__ = "clinics"
    __table_args__ = (
        CheckConstraint(
            "starts_minute >= 0 AND ends_minute >= starts_minute + slot_minutes"
            " AND ends_minute <= 1440",
            name="span",
        ),
        CheckConstraint("slot_minutes > 0", name="slot"),
        Index("ix_clinics_expert_day", "expert_id", "day"),
    )

    expert_id: Mapped[UUID] = references("experts", index=False)
    day: Mapped[date]
    starts_minute: Mapped[int]
    ends_minute: Mapped[int]
    slot_minutes: Mapped[int]
    place_id: Mapped[UUID | None] = references("places", index=False)
    note: Mapped[str]


class CalendarDay(Versioned, Ledger, Base):
    """A day that differs from the plain week: holiday or make-up workday 调休."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("day"),)

    day: Mapped[date]
    kind: Mapped[DayKind] = mapped_column(enum_of(DayKind))
    name: Mapped[str]
    source: Mapped[str]
    is_confirmed: Mapped[bool]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
