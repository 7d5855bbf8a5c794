"""Feeds as settings show them, and the place behind a feed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.models.calendar_feed import CalendarFeed
from app.models.place import Place
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class FeedPlace:
    """The place whose meetings a feed tells."""

    id: UUID
    name: str


def feed_made_at(reader: Reader, place_id: UUID | None = None) -> datetime | None:
    """Return since when the feed, the actor's own or the place's, has had its address."""
    whose = (
        CalendarFeed.place_id == place_id
        if place_id
        else CalendarFeed.account_id == reader.actor.account_id
    )
    made_at: datetime | None = reader.session.scalars(
        select(CalendarFeed.made_at).where(whose, CalendarFeed.revoked_at.is_(None))
    ).one_or_none()
    return made_at


def feed_place(reader: Reader, token_sha256: str) -> FeedPlace | None:
    """Return the place whose feed has this hash, None when it is none's, or revoked."""
    row = reader.session.execute(
        select(Place.id, Place.name)
        .join(CalendarFeed, CalendarFeed.place_id == Place.id)
        .where(CalendarFeed.token_sha256 == token_sha256, CalendarFeed.revoked_at.is_(None))
    ).one_or_none()
    return FeedPlace(*row) if row else None
