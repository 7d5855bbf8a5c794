"""Receivers of events outside the service, and what became of each event for each of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.webhook import CallState, WebhookKind
from app.models.base import Base, Code, Json, Prose, Versioned, enum_of, references


class Webhook(Versioned, Base):
    """A receiver of events.

    Attributes:
        address: as good as a password where it holds a robot's key.
        secret: the one DingTalk gave; ours are made anew from the generation each time.
        failing_since: since when it has taken nothing.
        paused_at: since when nothing is sent, and `is_given_up` whether for its failures.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        CheckConstraint("(kind = 'dingtalk') = (secret IS NOT NULL)", name="secret"),
        CheckConstraint("paused_at IS NOT NULL OR NOT is_given_up", name="given_up"),
    )
    name: Mapped[str]
    kind: Mapped[WebhookKind] = mapped_column(enum_of(WebhookKind))
    address: Mapped[Prose]
    secret: Mapped[str | None]
    generation: Mapped[int] = mapped_column(default=1)
    events: Mapped[Json]
    added_by_id: Mapped[UUID] = references("accounts", index=False)
    added_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    is_given_up: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]


class WebhookCall(Base):
    """One event for one receiver; sent once more it has the same `event_id` and a new series."""

    __tablename__ = "webhook_calls"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event", "subject_id", "revision", "series"),
        Index("ix_webhook_calls_log", "webhook_id", "id"),
    )

    webhook_id: Mapped[UUID] = references("webhooks", index=False)
    event_id: Mapped[UUID]
    event: Mapped[Code]
    subject_id: Mapped[UUID]
    revision: Mapped[int]
    series: Mapped[int] = mapped_column(default=1)
    body: Mapped[Prose]
    planned_at: Mapped[datetime]
    state: Mapped[CallState] = mapped_column(enum_of(CallState))
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    answer: Mapped[Prose | None]
    updated_at: Mapped[datetime]
