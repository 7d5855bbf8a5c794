"""Needs as founders wrote them, and the topics understood in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.need import Channel, NeedStatus, TopicState
from app.models.base import Base, Code, Json, Prose, Versioned, enum_of, references


class Need(Versioned, Base):
    """A founder's request for help; he may leave the search for an expert to the bureau."""

    __tablename__ = "needs"
    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("source_ref"),
        CheckConstraint("(status = 'draft') = (submitted_at IS NULL)", name="submitted_once"),
        CheckConstraint(
            "(bureau_asked_at IS NULL) = (bureau_due_at IS NULL)", name="bureau_asked_until"
        ),
    )

    reference: Mapped[Code]
    source_ref: Mapped[Code | None]
    person_id: Mapped[UUID] = references("persons")
    venture_id: Mapped[UUID | None] = references("ventures")
    text: Mapped[Prose]
    session_type: Mapped[Code]
    industry: Mapped[Code | None]
    stage: Mapped[Code | None]
    area: Mapped[Code | None]
    street: Mapped[Code | None]
    modes: Mapped[Json]
    status: Mapped[NeedStatus] = mapped_column(enum_of(NeedStatus))
    channel: Mapped[Channel] = mapped_column(enum_of(Channel))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    bureau_asked_at: Mapped[datetime | None]
    bureau_due_at: Mapped[datetime | None]
    bureau_reason: Mapped[Prose | None]
    language: Mapped[Code | None]


class NeedTopic(Base):
    """A topic of a need, with the founder's words that led to it."""

    __tablename__ = "need_topics"
    __table_args__ = (UniqueConstraint("need_id", "code"),)

    need_id: Mapped[UUID] = references("needs")
    code: Mapped[Code]
    certainty: Mapped[Code]
    evidence: Mapped[Prose]
    state: Mapped[TopicState] = mapped_column(enum_of(TopicState))
    position: Mapped[int]
