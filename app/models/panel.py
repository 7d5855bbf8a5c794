"""Panels that officers chose for needs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from app.db import on_violation
from app.domain.panel import ChosenMeanwhileError
from app.models.base import Base, Code, Json, references

_STANDS = text("ended_at IS NULL")


class Panel(Base):
    """A panel as it was chosen; it ends when another takes its place or it is withdrawn.

    `facets` tells who covers which of the founder's sentences, `need_version` as of when.
    """

    __tablename__ = "panels"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index(
            "uq_panels_standing",
            "need_id",
            unique=True,
            postgresql_where=_STANDS,
            sqlite_where=_STANDS,
        ),
    )

    need_id: Mapped[UUID] = references("needs")
    need_version: Mapped[int]
    matcher_version: Mapped[Code]
    wish: Mapped[Json]
    facets: Mapped[Json]
    coverage: Mapped[float]
    chosen_by_id: Mapped[UUID] = references("accounts", index=False)
    chosen_at: Mapped[datetime]
    ended_by_id: Mapped[UUID | None] = references("accounts", index=False)
    ended_at: Mapped[datetime | None]


class PanelExpert(Base):
    """A member of a panel, with score and reasons as in a shortlist; the lead stands first."""

    __tablename__ = "panel_experts"
    __table_args__ = (
        UniqueConstraint("panel_id", "expert_id"),
        UniqueConstraint("panel_id", "position"),
    )

    panel_id: Mapped[UUID] = references("panels", index=False)
    expert_id: Mapped[UUID] = references("experts")
    position: Mapped[int]
    score: Mapped[float]
    parts: Mapped[Json]
    reasons: Mapped[Json]
    cautions: Mapped[Json]


on_violation(ChosenMeanwhileError, "uq_panels_standing", "panels.need_id")
