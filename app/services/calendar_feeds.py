"""The verbs of a calendar feed: its address made anew, or made worthless."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.errors import ForbiddenError, NotFoundError
from app.models.calendar_feed import CalendarFeed
from app.models.place import Place
from app.services.accounts import new_secret, secret_sha256
from app.unit_of_work import UnitOfWork


def renew(uow: UnitOfWork, place_id: UUID | None = None) -> str:
    """Return the secret of a new feed, the actor's own or the place's; the old one is worthless.

    The secret is never shown again, so the caller must not keep it either.

    Raises:
        ForbiddenError: the account is nobody's, and nobody has no meetings.
        ConflictError: another window did the same in this moment.
    """
    _ensure_may(uow, place_id)
    standing = _standing(uow, place_id)
    if standing is not None:
        standing.revoked_at = uow.now
        uow.flush()
    secret = new_secret()
    feed = uow.add(
        CalendarFeed(
            account_id=None if place_id else uow.actor.account_id,
            place_id=place_id,
            token_sha256=secret_sha256(secret),
            made_at=uow.now,
        )
    )
    uow.audit("calendar_feed.renewed", feed, place=place_id)
    return secret


def revoke(uow: UnitOfWork, place_id: UUID | None = None) -> None:
    """Make the feed worthless, the actor's own or the place's.

    Raises:
        NotFoundError: there is none.
    """
    _ensure_may(uow, place_id)
    standing = _standing(uow, place_id)
    if standing is None:
        raise NotFoundError("calendar_feed.not_found")
    standing.revoked_at = uow.now
    uow.audit("calendar_feed.revoked", standing, place=place_id)


def _ensure_may(uow: UnitOfWork, place_id: UUID | None) -> None:
    if place_id is not None:
        uow.load(Place, place_id, lock=True)
        uow.require(Permission.MANAGE_PLACES)
        return
    uow.require(Permission.READ_BOOKING)
    if uow.actor.account_id is None or uow.actor.person_id is None:
        raise ForbiddenError(permission=Permission.READ_BOOKING.value)


def _standing(uow: UnitOfWork, place_id: UUID | None) -> CalendarFeed | None:
    whose = (
        CalendarFeed.place_id == place_id
        if place_id
        else CalendarFeed.account_id == uow.actor.account_id
    )
    return uow.one(
        select(CalendarFeed).where(whose, CalendarFeed.revoked_at.is_(None)).with_for_update()
    )
