"""Links of letters with which their readers act without signing in, and from where."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import Base, Code, references


class MailLink(Base):
    """One link of one letter: for whom, for what, until when, and what he did with it.

    The token is kept as a hash alone. `subject_id` is a booking or a service session, as the
    purpose has it. `device` and `address` are marks of where it was used, to be compared only.
    """

    __tablename__ = "mail_links"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        UniqueConstraint("delivery_id", "purpose"),
        CheckConstraint("(used_at IS NULL) = (done IS NULL)", name="used_for_something"),
    )

    account_id: Mapped[UUID] = references("accounts")
    delivery_id: Mapped[UUID] = references("deliveries", index=False)
    purpose: Mapped[Code]
    subject_id: Mapped[UUID]
    token_sha256: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    done: Mapped[Code | None]
    revoked_at: Mapped[datetime | None]
    device: Mapped[str | None]
    address: Mapped[str | None]


class RecordHand(Base):
    """From where a mentor sent a record, by his link or signed in, in marks to be compared only."""

    __tablename__ = "record_hands"

    account_id: Mapped[UUID] = references("accounts")
    service_session_id: Mapped[UUID] = references("service_sessions")
    device: Mapped[str | None]
    address: Mapped[str | None]
    sent_at: Mapped[datetime]
