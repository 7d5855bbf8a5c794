"""Activities: what is announced, who stands in front, who comes, and what judges hand in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import JSONOrNull, on_violation
from app.domain.activity import (
    ActivityKind,
    ActivityStatus,
    AlreadyJoinedError,
    MeanKind,
    ProjectTwiceError,
    RegistrationStatus,
    SeatsTakenError,
    SheetFrozenError,
)
from app.domain.availability import Mode
from app.domain.service_session import Evidence
from app.models.base import Base, Code, Json, Ledger, Prose, Versioned, enum_of, references
from app.models.person import IdentityLevel


class Activity(Versioned, Base):
    """A lecture, a roundtable or a review.

    `seat_taken` is changed by one conditional statement alone, so that joining never makes the
    page of the officer who edits the rest stale.
    """

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("seat_taken >= 0 AND seat_taken <= seat_total", name="seats"),
        CheckConstraint("anonymous_heads >= 0", name="heads"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_activities_status_start", "status", "starts_at"),
    )

    kind: Mapped[ActivityKind] = mapped_column(enum_of(ActivityKind))
    status: Mapped[ActivityStatus] = mapped_column(enum_of(ActivityStatus))
    title: Mapped[str]
    summary: Mapped[Prose]
    topic: Mapped[Code | None]
    department: Mapped[Code]
    co_departments: Mapped[Json]
    is_promotion: Mapped[bool]
    mode: Mapped[Mode] = mapped_column(enum_of(Mode))
    place: Mapped[str]
    place_id: Mapped[UUID | None] = references("places", index=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seat_total: Mapped[int]
    seat_taken: Mapped[int] = mapped_column(default=0)
    anonymous_heads: Mapped[int] = mapped_column(default=0)
    door_code: Mapped[Code]
    criteria: Mapped[Json | None] = mapped_column(JSONOrNull)
    mean: Mapped[MeanKind] = mapped_column(enum_of(MeanKind))
    ranked_at: Mapped[datetime | None]
    announced_by_id: Mapped[UUID] = references("accounts", index=False)
    announced_at: Mapped[datetime]
    ended_note: Mapped[Prose | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = references("accounts", index=False)


class ActivityExpert(Base):
    """Who speaks at an activity or judges in it; the first leads."""

    __tablename__ = "activity_experts"
    __table_args__ = (UniqueConstraint("activity_id", "expert_id"),)

    activity_id: Mapped[UUID] = references("activities", index=False)
    expert_id: Mapped[UUID] = references("experts")
    position: Mapped[int]
    is_absent: Mapped[bool] = mapped_column(default=False)


class Registration(Versioned, Base):
    """One person's seat in an activity, and his sign-in at the door."""

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("activity_id", "person_id"),
        CheckConstraint("(checked_in_at IS NULL) = (evidence IS NULL)", name="signed_in"),
    )

    activity_id: Mapped[UUID] = references("activities", index=False)
    person_id: Mapped[UUID] = references("persons")
    status: Mapped[RegistrationStatus] = mapped_column(enum_of(RegistrationStatus))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]
    evidence: Mapped[Evidence | None] = mapped_column(enum_of(Evidence))
    identity_level: Mapped[IdentityLevel] = mapped_column(enum_of(IdentityLevel))


class ReviewProject(Base):
    """A venture heard in a review; its slot follows from its position."""

    __tablename__ = "review_projects"
    __table_args__ = (
        UniqueConstraint("activity_id", "venture_id"),
        CheckConstraint("(score IS NULL) = (place IS NULL)", name="placed"),
    )

    activity_id: Mapped[UUID] = references("activities", index=False)
    venture_id: Mapped[UUID] = references("ventures")
    person_id: Mapped[UUID] = references("persons")
    name: Mapped[str]
    position: Mapped[int]
    score: Mapped[int | None]
    place: Mapped[int | None]


class ReviewRecusal(Base):
    """A judge who stands aside from one project, by his own word or as a rule found it."""

    __tablename__ = "review_recusals"
    __table_args__ = (UniqueConstraint("review_project_id", "expert_id"),)

    review_project_id: Mapped[UUID] = references("review_projects", index=False)
    expert_id: Mapped[UUID] = references("experts")
    kind: Mapped[Code]
    declared_at: Mapped[datetime]


class ScoreSheet(Ledger, Base):
    """What one judge gave one project; handed in once and never changed."""

    __tablename__ = "score_sheets"
    __table_args__ = (UniqueConstraint("review_project_id", "expert_id"),)
    PRIVATE = frozenset({"remark"})

    review_project_id: Mapped[UUID] = references("review_projects", index=False)
    expert_id: Mapped[UUID] = references("experts")
    marks: Mapped[Json]
    total: Mapped[int]
    remark: Mapped[Prose | None]
    submitted_at: Mapped[datetime]


on_violation(SeatsTakenError, "ck_activities_seats")
on_violation(
    AlreadyJoinedError,
    "uq_registrations_activity_id_person_id",
    "registrations.activity_id, registrations.person_id",
)
on_violation(
    ProjectTwiceError,
    "uq_review_projects_activity_id_venture_id",
    "review_projects.activity_id, review_projects.venture_id",
)
on_violation(
    SheetFrozenError,
    "uq_score_sheets_review_project_id_expert_id",
    "score_sheets.review_project_id, score_sheets.expert_id",
)
