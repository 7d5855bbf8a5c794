"""Points: dated rules, and a ledger whose wrong entries are taken back by later ones."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.point import PointEvent, PointPart
from app.models.base import Base, Code, Ledger, enum_of, references


class PointRuleRow(Ledger, Base):
    """What an event is worth from a day on; changed only by a later row."""

    __tablename__ = "point_rules"
    __table_args__ = (
        UniqueConstraint("event", "valid_from"),
        CheckConstraint("points >= 1 AND points <= cap", name="points"),
    )

    event: Mapped[PointEvent] = mapped_column(enum_of(PointEvent))
    part: Mapped[PointPart] = mapped_column(enum_of(PointPart))
    points: Mapped[int]
    cap: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    entered_at: Mapped[datetime]


class PointEntry(Ledger, Base):
    """Points given to an expert by a rule, or taken back; never changed.

    `subject_id` is the meeting, for ratings the expert himself; `number` counts the entries of one
    rule and subject in a year. `service_record_id` is the decision behind it.
    """

    __tablename__ = "point_entries"
    __table_args__ = (
        UniqueConstraint("expert_id", "rule_id", "year", "subject_id", "number"),
        UniqueConstraint("reverses_id"),
        CheckConstraint(
            "(reverses_id IS NULL AND points > 0) OR (reverses_id IS NOT NULL AND points < 0)",
            name="sign",
        ),
        Index("ix_point_entries_expert_year", "expert_id", "year"),
    )

    expert_id: Mapped[UUID] = references("experts", index=False)
    rule_id: Mapped[UUID] = references("point_rules", index=False)
    year: Mapped[int]
    subject_id: Mapped[UUID]
    number: Mapped[int]
    points: Mapped[int]
    reverses_id: Mapped[UUID | None] = references("point_entries", index=False)
    service_record_id: Mapped[UUID | None] = references("service_records", index=False)
    cause: Mapped[Code]
    created_at: Mapped[datetime]
