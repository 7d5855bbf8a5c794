"""Every letter the service wrote, with what became of it; for staff who look after mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.job import DeliveryState
from app.models.message import Delivery, Message
from app.queries.message_texts import letter
from app.unit_of_work import Reader

PAGE = 50


@dataclass(frozen=True, slots=True)
class OutboxLetter:
    """One letter as it was or will be sent."""

    id: UUID
    message_id: UUID
    event: str
    to: str
    subject: str
    text: str
    href: str
    state: DeliveryState
    reason: str | None
    provider: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """Some letters, and the key with which the next ones are asked for."""

    items: Sequence[OutboxLetter]
    next: UUID | None


def outbox(
    reader: Reader,
    base_url: str,
    site_name: str,
    *,
    state: DeliveryState | None = None,
    after: UUID | None = None,
    limit: int = PAGE,
) -> OutboxPage:
    """Return letters, newest first; the actor sees those in his scope.

    Args:
        reader: the look.
        base_url: where the service is reached, for the links.
        site_name: who signs.
        state: only letters in this state.
        after: the last letter of the page before.
        limit: how many at most.
    """
    statement = (
        select(Delivery, Message)
        .join(Message, Message.id == Delivery.message_id)
        .order_by(Delivery.id.desc())
        .limit(limit + 1)
    )
    if state is not None:
        statement = statement.where(Delivery.state == state)
    if after is not None:
        statement = statement.where(Delivery.id < after)
    rows = reader.session.execute(statement).all()
    items = [
        _letter(delivery, message, (base_url, site_name)) for delivery, message in rows[:limit]
    ]
    return OutboxPage(items, items[-1].id if len(rows) > limit else None)


def _letter(delivery: Delivery, message: Message, site: tuple[str, str]) -> OutboxLetter:
    base_url, site_name = site
    words = (message.title, message.text)
    subject, text = letter(words, message.facts["name"], f"{base_url}{message.href}", site_name)
    return OutboxLetter(
        id=delivery.id,
        message_id=message.id,
        event=message.event,
        to=delivery.address,
        subject=subject,
        text=text,
        href=message.href,
        state=delivery.state,
        reason=delivery.reason,
        provider=delivery.provider_ref,
        at=delivery.updated_at,
    )
