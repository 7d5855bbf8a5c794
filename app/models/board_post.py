"""Needs put up on the open board, and the experts who claimed them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.board_post import ClaimStatus, PostGoneError, PostStatus
from app.models.base import Base, Code, Json, Prose, Versioned, enum_of, references

_ACTIVE = text("status IN ('awaiting_consent', 'open')")


class BoardPost(Versioned, Base):
    """A need as it is, or was, shown to all experts: in an officer's words, naming nobody.

    `consented_at` is when the founder agreed to this very text.
    """

    __tablename__ = "board_posts"
    __table_args__ = (
        CheckConstraint(
            "status <> 'open' OR (consented_at IS NOT NULL AND expires_at IS NOT NULL)",
            name="open_by_consent",
        ),
        Index(
            "uq_board_posts_active",
            "need_id",
            unique=True,
            postgresql_where=_ACTIVE,
            sqlite_where=_ACTIVE,
        ),
        Index("ix_board_posts_status_expires", "status", "expires_at"),
    )

    need_id: Mapped[UUID] = references("needs")
    text: Mapped[Prose]
    topics: Mapped[Json]
    session_type: Mapped[Code]
    modes: Mapped[Json]
    stage: Mapped[Code | None]
    industry: Mapped[Code | None]
    status: Mapped[PostStatus] = mapped_column(enum_of(PostStatus))
    written_by_id: Mapped[UUID | None] = references("accounts", index=False)
    written_at: Mapped[datetime]
    consented_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class BoardClaim(Versioned, Base):
    """An expert's offer to serve the founder of a post, with the matcher's reasons for him.

    `number` is its place among the claims of the post, the first one first.
    """

    __tablename__ = "board_claims"
    __table_args__ = (
        UniqueConstraint("board_post_id", "expert_id"),
        UniqueConstraint("board_post_id", "number"),
    )

    board_post_id: Mapped[UUID] = references("board_posts")
    expert_id: Mapped[UUID] = references("experts")
    number: Mapped[int]
    offer: Mapped[Prose]
    status: Mapped[ClaimStatus] = mapped_column(enum_of(ClaimStatus))
    matcher_version: Mapped[Code]
    score: Mapped[float]
    parts: Mapped[Json]
    reasons: Mapped[Json]
    cautions: Mapped[Json]
    claimed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


on_violation(PostGoneError, "uq_board_posts_active", "board_posts.need_id")
