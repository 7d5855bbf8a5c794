"""Weekly rules, special days, and the calendar that says which days are worked."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
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
    )

    expert_id: Mapped[UUID] = references("experts")
    weekday: Mapped[int]
    starts_minute: Mapped[int]
    ends_minute: Mapped[int]
    modes: Mapped[Json]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


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


class CalendarDay(Versioned, Ledger, Base):
    """A day that differs from the plain week: holiday or make-up workday 调休."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("day"),)

    day: Mapped[date]
    kind: Mapped[DayKind] = mapped_column(enum_of(DayKind))
    name: Mapped[str]
    source: Mapped[str]
    is_confirmed: Mapped[bool]
