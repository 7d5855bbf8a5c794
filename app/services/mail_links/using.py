"""A link taken in hand, then spent, in the transaction of what its reader does with it."""

from sqlalchemy import select

from app.domain.mail_link import Hand, Purpose, UnknownLinkError, ensure_open, state_of
from app.models.mail_link import MailLink
from app.unit_of_work import UnitOfWork


def take(uow: UnitOfWork, token_sha256: str, purpose: Purpose) -> MailLink:
    """Return the actor's own link for this purpose; whoever presses at the same time waits here.

    Raises:
        UnknownLinkError: it is somebody else's, or for something else.
        LinkClosedError: it was used, has run out or was revoked.
    """
    link = uow.one(
        select(MailLink)
        .where(
            MailLink.token_sha256 == token_sha256,
            MailLink.account_id == uow.actor.account_id,
            MailLink.purpose == purpose.value,
        )
        .with_for_update()
    )
    if link is None:
        raise UnknownLinkError
    ensure_open(
        state_of(
            used_at=link.used_at,
            revoked_at=link.revoked_at,
            expires_at=link.expires_at,
            now=uow.now,
        )
    )
    return link


def spend(uow: UnitOfWork, link: MailLink, done: str, hand: Hand | None = None) -> MailLink:
    """Note what was done with the link, and from where: nothing more is done with it."""
    link.used_at, link.done = uow.now, done
    if hand is not None:
        link.device, link.address = hand.device, hand.address
    uow.audit("mail_link.used", link, purpose=link.purpose, subject=link.subject_id, done=done)
    return link
