"""Meetings as they were planned and as they were, and who was there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.availability import Mode
from app.domain.need import Channel
from app.domain.service_session import Evidence, NoShow, Party, ServiceSessionStatus
from app.models.base import Base, Code, Ledger, Prose, Versioned, enum_of, references
from app.models.person import IdentityLevel


class ServiceSession(Versioned, Ledger, Base):
    """A meeting; made when a booking is accepted, a served one is entered, an activity is closed.

    A meeting of an activity has no need behind it and nobody who asked for it. `voided_at` is
    when an entry from paper was taken back. What `is_written` was answered in writing: it has no
    booking, and no length.
    """

    __tablename__ = "service_sessions"
    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("booking_id"),
        UniqueConstraint("activity_id"),
        CheckConstraint(
            "(booking_id IS NOT NULL) = (activity_id IS NULL AND NOT is_written)"
            " AND (activity_id IS NULL) = (need_id IS NOT NULL)"
            " AND (activity_id IS NULL) = (founder_person_id IS NOT NULL)",
            name="origin",
        ),
        CheckConstraint(
            "actual_end IS NULL OR actual_end > actual_start"
            " OR (is_written AND actual_end = actual_start)",
            name="actual_span",
        ),
        CheckConstraint("break_minutes >= 0", name="breaks"),
        CheckConstraint("(status = 'finished') <= (actual_end IS NOT NULL)", name="finished"),
        Index("ix_service_sessions_expert_start", "lead_expert_id", "planned_starts_at"),
        Index("ix_service_sessions_actual_start", "actual_start"),
    )
    PRIVATE = frozenset({"no_show_note"})

    reference: Mapped[Code]
    booking_id: Mapped[UUID | None] = references("bookings", index=False)
    activity_id: Mapped[UUID | None] = references("activities", index=False)
    need_id: Mapped[UUID | None] = references("needs")
    founder_person_id: Mapped[UUID | None] = references("persons")
    lead_expert_id: Mapped[UUID] = references("experts", index=False)
    venture_id: Mapped[UUID | None] = references("ventures")
    session_type: Mapped[Code]
    topic: Mapped[Code | None]
    mode: Mapped[Mode] = mapped_column(enum_of(Mode))
    place: Mapped[str]
    channel: Mapped[Channel] = mapped_column(enum_of(Channel))
    department: Mapped[Code]
    area: Mapped[Code | None]
    street: Mapped[Code | None]
    industry: Mapped[Code | None]
    planned_starts_at: Mapped[datetime]
    planned_ends_at: Mapped[datetime]
    actual_start: Mapped[datetime | None]
    actual_end: Mapped[datetime | None]
    break_minutes: Mapped[int] = mapped_column(default=0)
    anonymous_heads: Mapped[int] = mapped_column(default=0)
    review_projects: Mapped[int | None]
    status: Mapped[ServiceSessionStatus] = mapped_column(enum_of(ServiceSessionStatus))
    no_show: Mapped[NoShow | None] = mapped_column(enum_of(NoShow))
    no_show_note: Mapped[Prose | None]
    contest_by: Mapped[datetime | None]
    entered_by_id: Mapped[UUID | None] = references("accounts", index=False)
    is_test: Mapped[bool] = mapped_column(default=False)
    voided_at: Mapped[datetime | None]
    is_written: Mapped[bool] = mapped_column(default=False)


class Attendance(Versioned, Ledger, Base):
    """One person of either side at one meeting, with his own times and how they are known.

    An expert of a panel who does not lead signs his times under the record at `signed_at`, and may
    put his `dissent` beside it. Who was reported absent at `missed_at` may contest that until
    `contest_by`, where the others held the meeting without him. Who was let in at the counter by
    mistake is on no list any more since `voided_at`. Who declared a tie during the meeting left it
    at `stood_aside_at`.
    """

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("service_session_id", "person_id"),
        CheckConstraint("(side = 'expert') = (expert_id IS NOT NULL)", name="expert_side"),
        CheckConstraint("out_at IS NULL OR out_at > in_at", name="span"),
    )
    PRIVATE = PRIVATE_SINCE = frozenset({"dissent"})

    service_session_id: Mapped[UUID] = references("service_sessions")
    side: Mapped[Party] = mapped_column(enum_of(Party))
    person_id: Mapped[UUID] = references("persons")
    expert_id: Mapped[UUID | None] = references("experts")
    is_lead: Mapped[bool]
    checked_in_at: Mapped[datetime | None]
    in_at: Mapped[datetime | None]
    out_at: Mapped[datetime | None]
    evidence: Mapped[Evidence | None] = mapped_column(enum_of(Evidence))
    identity_level: Mapped[IdentityLevel] = mapped_column(enum_of(IdentityLevel))
    is_present: Mapped[bool] = mapped_column(default=False)
    recused_minutes: Mapped[int | None]
    signed_at: Mapped[datetime | None]
    dissent: Mapped[Prose | None]
    voided_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    contest_by: Mapped[datetime | None]
    stood_aside_at: Mapped[datetime | None]
