"""The decision that stands on each meeting, in columns that a report can sum."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from app.models.base import Base, Code, references

_SERVED = text("venture_id IS NOT NULL")
_LEFT_OUT = text("reason IS NOT NULL")
# From the latest service back: the first row of a venture or a person is the last of it.
_LATEST_FIRST = (text("started_at DESC"), text("service_session_id DESC"))


class StandingRecord(Base):
    """The newest decision on one meeting, taken apart; it says nothing the ledger does not.

    Written in the transaction of the decision, and made anew from the ledger at any time.
    `is_held` tells whether a service took place, counted or not, `pending` what it waits for.
    `venture_id` is the venture served, of meetings in the headline that serve one, and
    `is_enterprise` whether it was registered on that day.
    """

    __tablename__ = "standing_records"
    __table_args__ = (
        UniqueConstraint("service_session_id"),
        Index("ix_standing_records_month_status", "month", "status", "session_type"),
        Index(
            "ix_standing_records_month_reason",
            *("month", "reason", "status"),
            postgresql_where=_LEFT_OUT,
            sqlite_where=_LEFT_OUT,
        ),
        Index(
            "ix_standing_records_venture",
            *("venture_id", *_LATEST_FIRST),
            postgresql_include=["month", "is_enterprise", "area", "street", "industry"],
            postgresql_where=_SERVED,
            sqlite_where=_SERVED,
        ),
    )

    service_session_id: Mapped[UUID] = references("service_sessions", index=False)
    service_record_id: Mapped[UUID] = references("service_records", index=False)
    month: Mapped[Code]
    started_at: Mapped[datetime]
    status: Mapped[Code]
    apart: Mapped[Code | None]
    reason: Mapped[Code | None]
    pending: Mapped[Code | None]
    is_held: Mapped[bool]
    session_type: Mapped[Code]
    department: Mapped[Code | None]
    area: Mapped[Code | None]
    street: Mapped[Code | None]
    industry: Mapped[Code | None]
    expert_category: Mapped[Code | None]
    confirmation: Mapped[Code | None]
    minutes: Mapped[int]
    mentor_minutes: Mapped[int]
    persons: Mapped[int]
    anonymous_heads: Mapped[int]
    review_projects: Mapped[int]
    venture_id: Mapped[UUID | None]
    is_enterprise: Mapped[bool]


class StandingPerson(Base):
    """One person who counts at one meeting of the headline, with his verified primary group."""

    __tablename__ = "standing_persons"
    __table_args__ = (
        Index("ix_standing_persons_month_person", "month", "person_id"),
        Index(
            "ix_standing_persons_person",
            *("person_id", *_LATEST_FIRST),
            postgresql_include=["month", "group_code"],
        ),
    )

    service_session_id: Mapped[UUID] = references("service_sessions")
    month: Mapped[Code]
    started_at: Mapped[datetime]
    person_id: Mapped[UUID]
    group_code: Mapped[Code | None]


class StandingExpert(Base):
    """One expert who counts at one meeting of the headline, with his own minutes of it."""

    __tablename__ = "standing_experts"
    __table_args__ = (
        Index(
            "ix_standing_experts_expert_day",
            *("expert_id", "day"),
            postgresql_include=["minutes"],
        ),
        Index("ix_standing_experts_month_expert", "month", "expert_id"),
        Index("ix_standing_experts_day", "day"),
    )

    service_session_id: Mapped[UUID] = references("service_sessions")
    month: Mapped[Code]
    day: Mapped[date]
    expert_id: Mapped[UUID]
    minutes: Mapped[int]


STANDING = (StandingExpert, StandingPerson, StandingRecord)
