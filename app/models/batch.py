"""Batches: what was put in, what was favoured, and who was arranged with whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.batch import (
    BatchStatus,
    BatchStep,
    LeftReason,
    Objective,
    PairState,
    PairToldError,
)
from app.models.base import Base, Code, Json, Prose, Versioned, enum_of, references

_TOLD = text("state = 'published'")


class Batch(Versioned, Base):
    """The needs that waited at one time, shared out over the pool for a month.

    A batch made from another one shares its inputs: they are the rows of `inputs_of_id`.
    """

    __tablename__ = "batches"
    __table_args__ = (
        UniqueConstraint("month", "number"),
        CheckConstraint(
            "computed_at IS NOT NULL OR status IN ('computing', 'cancelled', 'failed')",
            name="computed",
        ),
    )

    month: Mapped[Code]
    number: Mapped[int]
    status: Mapped[BatchStatus] = mapped_column(enum_of(BatchStatus))
    objective: Mapped[Objective] = mapped_column(enum_of(Objective))
    fit: Mapped[int]
    even: Mapped[int]
    soon: Mapped[int]
    cap: Mapped[int | None]
    # Pairs of (need, expert) that an officer set, and those he put asunder.
    fixed: Mapped[Json]
    forbidden: Mapped[Json]
    inputs_of_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id"), index=True)
    needs: Mapped[int]
    experts: Mapped[int]
    step: Mapped[BatchStep] = mapped_column(enum_of(BatchStep))
    done: Mapped[int]
    total: Mapped[int]
    step_at: Mapped[datetime]
    by_job: Mapped[bool]
    matcher_version: Mapped[Code | None]
    receipt: Mapped[Json]
    failure: Mapped[Code | None]
    made_by_id: Mapped[UUID | None] = references("accounts", index=False)
    made_at: Mapped[datetime]
    computed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[UUID | None] = references("accounts", index=False)
    reviewed_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = references("accounts", index=False)
    published_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = references("accounts", index=False)
    ended_at: Mapped[datetime | None]


class BatchExpert(Base):
    """An expert of the pool as he stood when the batch was made; `position` is his column.

    `load` counts what stands in his month, arranged and not yet booked included; `room` is what
    he takes in the month at the most.
    """

    __tablename__ = "batch_experts"
    __table_args__ = (
        UniqueConstraint("batch_id", "expert_id"),
        UniqueConstraint("batch_id", "position"),
    )

    batch_id: Mapped[UUID] = references("batches", index=False)
    expert_id: Mapped[UUID] = references("experts")
    position: Mapped[int]
    load: Mapped[int]
    room: Mapped[int]


class BatchNeed(Base):
    """A need of a batch compared with everybody; `position` is its row, `waited` counts days.

    Each list has one place for each expert: scores in millionths, the days until the two could
    meet first (null: never), what bars the pairing (null, or its rule and words).
    """

    __tablename__ = "batch_needs"
    __table_args__ = (
        UniqueConstraint("batch_id", "need_id"),
        UniqueConstraint("batch_id", "position"),
    )

    batch_id: Mapped[UUID] = references("batches", index=False)
    need_id: Mapped[UUID] = references("needs")
    position: Mapped[int]
    waited: Mapped[int]
    is_first: Mapped[bool]
    scores: Mapped[Json]
    days: Mapped[Json]
    bars: Mapped[Json]


class BatchPair(Base):
    """What a batch has for one need: the expert arranged, or why nobody was found.

    `planned_expert_id` is whom the computation chose; an officer may have set another since.
    `shortlist` holds the expert and the alternates with their reasons, as `matcher_version` gave
    them and as they will be proposed.
    """

    __tablename__ = "batch_pairs"
    __table_args__ = (
        UniqueConstraint("batch_id", "need_id"),
        CheckConstraint(
            "state IN ('left', 'dropped') OR expert_id IS NOT NULL", name="with_expert"
        ),
        CheckConstraint(
            "(swapped_at IS NULL) = (swap_reason IS NULL)", name="swapped_for_a_reason"
        ),
        Index(
            "uq_batch_pairs_told",
            "need_id",
            unique=True,
            postgresql_where=_TOLD,
            sqlite_where=_TOLD,
        ),
        Index("ix_batch_pairs_expert_id", "expert_id"),
    )

    batch_id: Mapped[UUID] = references("batches", index=False)
    need_id: Mapped[UUID] = references("needs")
    expert_id: Mapped[UUID | None] = references("experts", index=False)
    planned_expert_id: Mapped[UUID | None] = references("experts", index=False)
    state: Mapped[PairState] = mapped_column(enum_of(PairState))
    score: Mapped[float | None]
    days: Mapped[int | None]
    shortlist: Mapped[Json]
    matcher_version: Mapped[Code | None]
    questions: Mapped[Json]
    left_reason: Mapped[LeftReason | None] = mapped_column(enum_of(LeftReason))
    left_facts: Mapped[Json]
    asked_at: Mapped[datetime | None]
    swap_reason: Mapped[Prose | None]
    swapped_by_id: Mapped[UUID | None] = references("accounts", index=False)
    swapped_at: Mapped[datetime | None]
    match_round_id: Mapped[UUID | None] = references("match_rounds", index=False)
    published_at: Mapped[datetime | None]


on_violation(PairToldError, "uq_batch_pairs_told", "batch_pairs.need_id")
