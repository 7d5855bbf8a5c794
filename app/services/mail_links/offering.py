"""A link made for a letter that asks its reader to do something."""

from uuid import UUID

from sqlalchemy import select

from app.domain.job import DeliveryState
from app.domain.mail_link import PURPOSES, Purpose, fingerprint, purpose_of, token_of
from app.domain.message import Channel
from app.domain.wording import fill, shown
from app.models.mail_link import MailLink
from app.models.message import Delivery, Message
from app.queries.message_texts import message_texts
from app.services.mail_links.errands import ERRANDS
from app.unit_of_work import UnitOfWork

PATH = "/links/"


def offer(
    uow: UnitOfWork, delivery: Delivery, message: Message, key: bytes, base_url: str
) -> str | None:
    """Return the paragraph of a letter that offers its link, None when it carries none.

    A letter tried again carries the same link; the link is made with its first try.

    Args:
        uow: the transaction that hands the letter over.
        delivery: the letter.
        message: what it carries.
        key: from which tokens are made.
        base_url: where the service is reached.
    """
    purpose = purpose_of(str(message.facts.get("words")))
    if purpose is None or delivery.channel != Channel.EMAIL:
        return None
    link = _made(uow, delivery.id, purpose)
    token = token_of(key, delivery.id, purpose)
    if link is None:
        link = _make(uow, delivery, message, purpose, fingerprint(token))
    if link is None:
        return None
    # Another key means other tokens: what letters of before carry opens nothing any more.
    link.token_sha256 = fingerprint(token)
    # The message itself names the zone of its times.
    facts = {"act": f"{base_url}{PATH}{token}", "deadline": link.expires_at.isoformat()}
    return fill(message_texts()[PURPOSES[purpose].words]["zh"]["text"], shown(facts, "zh"))


def _made(uow: UnitOfWork, delivery_id: UUID, purpose: Purpose) -> MailLink | None:
    return uow.one(
        select(MailLink).where(MailLink.delivery_id == delivery_id, MailLink.purpose == purpose)
    )


def _make(
    uow: UnitOfWork, delivery: Delivery, message: Message, purpose: Purpose, token_sha256: str
) -> MailLink | None:
    if delivery.state is not DeliveryState.PLANNED:
        return None
    errand = ERRANDS[purpose](uow, message.account_id, message.subject_id)
    if errand is None or errand.until <= uow.now:
        return None
    return uow.add(
        MailLink(
            account_id=message.account_id,
            delivery_id=delivery.id,
            purpose=purpose.value,
            subject_id=errand.subject_id,
            token_sha256=token_sha256,
            made_at=uow.now,
            expires_at=errand.until,
        )
    )
