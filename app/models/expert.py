"""The pool of experts, their appointments and declared interests."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.availability import DISTRICT, HORIZON_DAYS
from app.domain.expert import AppointmentKind, ExpertCategory
from app.models.base import Base, Code, Json, Ledger, Prose, Versioned, enum_of, references


class Expert(Versioned, Base):
    """Somebody of the pool, appointed or not.

    `minutes` holds how long he takes for a kind of service, where that is not the usual length.
    """

    __tablename__ = "experts"
    __table_args__ = (
        UniqueConstraint("source_ref"),
        UniqueConstraint("person_id"),
        CheckConstraint("monthly_limit >= 0", name="limit_not_negative"),
        CheckConstraint("weekly_limit >= 0", name="weekly_limit_not_negative"),
        CheckConstraint("yearly_limit >= 0", name="yearly_limit_not_negative"),
        CheckConstraint("buffer_before_minutes >= 0", name="buffer_before_not_negative"),
        CheckConstraint("horizon_days BETWEEN 1 AND 60", name="horizon"),
    )

    source_ref: Mapped[Code | None]
    person_id: Mapped[UUID] = references("persons", index=False)
    name: Mapped[str]
    category: Mapped[ExpertCategory] = mapped_column(enum_of(ExpertCategory))
    organisation: Mapped[str]
    title: Mapped[str]
    bio: Mapped[Prose]
    expertise: Mapped[Json]
    topics: Mapped[Json]
    industries: Mapped[Json]
    stages: Mapped[Json]
    areas: Mapped[Json]
    modes: Mapped[Json]
    languages: Mapped[Json]
    is_paused: Mapped[bool] = mapped_column(default=False)
    monthly_limit: Mapped[int] = mapped_column(default=8)
    notice_hours: Mapped[int] = mapped_column(default=24)
    buffer_minutes: Mapped[int] = mapped_column(default=15)
    created_at: Mapped[datetime]
    weekly_limit: Mapped[int | None]
    yearly_limit: Mapped[int | None]
    buffer_before_minutes: Mapped[int] = mapped_column(default=0)
    horizon_days: Mapped[int] = mapped_column(default=HORIZON_DAYS)
    time_zone: Mapped[str] = mapped_column(default=DISTRICT)
    minutes: Mapped[Json] = mapped_column(default=dict)


class Appointment(Versioned, Ledger, Base):
    """A term of appointment 聘期, or its provisional extension."""

    __tablename__ = "appointments"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="span"),)

    expert_id: Mapped[UUID] = references("experts")
    kind: Mapped[AppointmentKind] = mapped_column(enum_of(AppointmentKind))
    document: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    approved_on: Mapped[date]
    approved_by_id: Mapped[UUID | None] = references("accounts", index=False)


class DeclaredInterest(Versioned, Ledger, Base):
    """A company or person the expert must not advise, from vocabulary conflict_type."""

    __tablename__ = "declared_interests"

    expert_id: Mapped[UUID] = references("experts")
    conflict_type: Mapped[Code]
    organisation: Mapped[str]
    credit_code: Mapped[Code | None]
    person_id: Mapped[UUID | None] = references("persons")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
