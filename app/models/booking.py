"""Bookings and the claims on time that no two of them can share."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.availability import Mode
from app.domain.booking import BookingStatus, IllegalTransitionError, Side, TimeTakenError
from app.domain.need import Channel
from app.models.base import Base, Code, Json, Ledger, Prose, Versioned, enum_of, references


class ResourceKind(StrEnum):
    """What can be claimed for a time."""

    EXPERT = "expert"
    FOUNDER = "founder"
    ROOM = "room"


class Resource(Base):
    """Something or somebody that can be at one place at a time.

    `revision` rises when days are closed on which bookings may stand: what was looked at before
    no longer holds.
    """

    __tablename__ = "resources"
    __table_args__ = (UniqueConstraint("kind", "ref_id"),)

    kind: Mapped[ResourceKind] = mapped_column(enum_of(ResourceKind))
    ref_id: Mapped[UUID]
    revision: Mapped[int] = mapped_column(default=0, server_default="0")


class Booking(Versioned, Ledger, Base):
    """A founder's claim on an expert's time."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("(status = 'on_hold') = (hold_until IS NOT NULL)", name="hold"),
        Index("ix_bookings_expert_start", "lead_expert_id", "starts_at"),
        Index("ix_bookings_answer_by", "answer_by", postgresql_where=text("status = 'requested'")),
    )
    PRIVATE = frozenset({"note", "end_note"})

    reference: Mapped[Code]
    need_id: Mapped[UUID] = references("needs")
    founder_person_id: Mapped[UUID] = references("persons")
    venture_id: Mapped[UUID | None] = references("ventures")
    lead_expert_id: Mapped[UUID] = references("experts", index=False)
    proposal_id: Mapped[UUID | None] = references("proposals", index=False)
    replaces_id: Mapped[UUID | None] = references("bookings", index=False)
    session_type: Mapped[Code]
    topic: Mapped[Code | None]
    mode: Mapped[Mode] = mapped_column(enum_of(Mode))
    place: Mapped[str]
    place_id: Mapped[UUID | None] = references("places")
    street: Mapped[Code | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[BookingStatus] = mapped_column(enum_of(BookingStatus))
    channel: Mapped[Channel] = mapped_column(enum_of(Channel))
    hold_until: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    booked_at: Mapped[datetime | None]
    may_pass_on: Mapped[bool] = mapped_column(default=True)
    end_reason: Mapped[Code | None]
    end_side: Mapped[Side | None] = mapped_column(enum_of(Side))
    end_note: Mapped[Prose | None]
    is_late: Mapped[bool | None]
    is_excused: Mapped[bool | None]
    ics_sequence: Mapped[int] = mapped_column(default=0)
    quorum: Mapped[int] = mapped_column(default=1)
    alternates: Mapped[Json] = mapped_column(default=list)
    note: Mapped[Prose | None]


class PanelAnswer(StrEnum):
    """What an expert of a booking said."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"


class BookingExpert(Base):
    """An expert of a booking and his own answer.

    `reason`, `is_late` and `is_excused` tell of an expert of a panel who left it by himself; the
    same columns of the booking tell of its end.
    """

    __tablename__ = "booking_experts"
    __table_args__ = (UniqueConstraint("booking_id", "expert_id"),)

    booking_id: Mapped[UUID] = references("bookings")
    expert_id: Mapped[UUID] = references("experts")
    answer: Mapped[PanelAnswer] = mapped_column(enum_of(PanelAnswer))
    is_lead: Mapped[bool]
    answered_at: Mapped[datetime | None]
    reason: Mapped[Code | None]
    is_late: Mapped[bool | None]
    is_excused: Mapped[bool | None]


class BookingFounder(Base):
    """Somebody who comes with the founder of a booking."""

    __tablename__ = "booking_founders"
    __table_args__ = (UniqueConstraint("booking_id", "person_id"),)

    booking_id: Mapped[UUID] = references("bookings")
    person_id: Mapped[UUID] = references("persons")


class ResourceClaim(Base):
    """A span in which a resource is taken; active ones never overlap, by the database's law.

    `serves_at` is when the service begins, where a pause before it is claimed too.
    A booking or an activity owns it: one law keeps both apart.
    """

    __tablename__ = "resource_claims"
    __table_args__ = (
        UniqueConstraint("booking_id", "resource_id"),
        UniqueConstraint("activity_id", "resource_id"),
        CheckConstraint("(booking_id IS NULL) <> (activity_id IS NULL)", name="one_owner"),
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("serves_at >= starts_at AND serves_at < ends_at", name="serves"),
        Index("ix_resource_claims_resource_start", "resource_id", "starts_at"),
    )

    booking_id: Mapped[UUID | None] = references("bookings", index=False)
    activity_id: Mapped[UUID | None] = references("activities", index=False)
    resource_id: Mapped[UUID] = references("resources", index=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_active: Mapped[bool]
    serves_at: Mapped[datetime | None]


class BookingTransition(Base):
    """A pair of states the database lets a booking pass."""

    __tablename__ = "booking_transitions"
    __table_args__ = (UniqueConstraint("from_status", "to_status"),)

    from_status: Mapped[Code]
    to_status: Mapped[Code]


on_violation(TimeTakenError, "ex_resource_claims_no_overlap")
on_violation(IllegalTransitionError, "tr_bookings_status")
