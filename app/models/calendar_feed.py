"""Addresses under which calendars subscribe to the meetings of a person or of a place."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from app.db import on_violation
from app.domain.errors import ConflictError
from app.models.base import Base, references

_LIVE = text("revoked_at IS NULL")


class CalendarFeed(Base):
    """A person's feed or a place's; the secret is kept as a hash, and one at a time is good."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        CheckConstraint("(account_id IS NULL) <> (place_id IS NULL)", name="one_subject"),
        Index(
            "uq_calendar_feeds_live_account",
            "account_id",
            unique=True,
            postgresql_where=_LIVE,
            sqlite_where=_LIVE,
        ),
        Index(
            "uq_calendar_feeds_live_place",
            "place_id",
            unique=True,
            postgresql_where=_LIVE,
            sqlite_where=_LIVE,
        ),
    )

    account_id: Mapped[UUID | None] = references("accounts")
    place_id: Mapped[UUID | None] = references("places")
    token_sha256: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


on_violation(
    lambda: ConflictError("calendar_feed.made_meanwhile"),
    "uq_calendar_feeds_live_account",
    "calendar_feeds.account_id",
    "uq_calendar_feeds_live_place",
    "calendar_feeds.place_id",
)
