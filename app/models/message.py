"""What people are told, and what became of each attempt to tell them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.job import DeliveryState
from app.domain.message import Channel, Topic
from app.models.base import Base, Code, Json, Prose, enum_of, references


class Message(Base):
    """One thing said to one account; what a person sees in the inbox.

    `due_at` is when it should have been said, so that it shows when it was late.
    """

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("event", "subject_id", "revision", "account_id"),)

    account_id: Mapped[UUID] = references("accounts")
    event: Mapped[Code]
    subject_id: Mapped[UUID]
    revision: Mapped[int]
    title: Mapped[Prose]
    text: Mapped[Prose]
    href: Mapped[str]
    facts: Mapped[Json]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class Preference(Base):
    """Whether an account wants a topic on a channel, where its holder has chosen."""

    __tablename__ = "preferences"
    __table_args__ = (UniqueConstraint("account_id", "topic", "channel"),)

    account_id: Mapped[UUID] = references("accounts", index=False)
    topic: Mapped[Topic] = mapped_column(enum_of(Topic))
    channel: Mapped[Channel] = mapped_column(enum_of(Channel))
    is_on: Mapped[bool]
    updated_at: Mapped[datetime]


class Delivery(Base):
    """A message on one channel outside the service, with the key the provider knows it by.

    What its calendar part says is fixed when the delivery is planned, so that a letter tried
    again carries the same bytes although the booking may have moved on. After `not_after` what
    it says is of no use.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("provider_key"),
        UniqueConstraint("message_id", "channel", "series"),
    )

    message_id: Mapped[UUID] = references("messages")
    channel: Mapped[Code]
    series: Mapped[int] = mapped_column(default=1)
    address: Mapped[str]
    provider_key: Mapped[str]
    provider_ref: Mapped[str | None]
    state: Mapped[DeliveryState] = mapped_column(enum_of(DeliveryState))
    reason: Mapped[str | None]
    invitation: Mapped[Json | None]
    not_after: Mapped[datetime | None]
    updated_at: Mapped[datetime]
