"""Every letter the service wrote, with what became of it; for staff who look after mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, select
from sqlalchemy.orm import aliased

from app.domain.errors import NotFoundError
from app.domain.job import RESENDABLE, DeliveryState
from app.models.message import Delivery, Message
from app.queries.lateness import Lateness, latenesses
from app.queries.message_texts import letter
from app.unit_of_work import Reader

PAGE = 50
_Row = Row[Delivery, Message, bool]
_SENT = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)


@dataclass(frozen=True, slots=True)
class OutboxLetter:
    """One letter as it was or will be sent.

    Attributes:
        may_resend: it failed or nobody knows, and it was not sent once more yet.
        late: how late it was sent, where it was.
    """

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
    may_resend: bool
    late: Lateness | None


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
    statement = _letters().order_by(Delivery.id.desc()).limit(limit + 1)
    if state is not None:
        statement = statement.where(Delivery.state == state)
    if after is not None:
        statement = statement.where(Delivery.id < after)
    rows = reader.session.execute(statement).all()
    items = _read(reader, rows[:limit], (base_url, site_name))
    return OutboxPage(items, items[-1].id if len(rows) > limit else None)


def outbox_letter(reader: Reader, base_url: str, site_name: str, delivery_id: UUID) -> OutboxLetter:
    """Return one letter.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    rows = reader.session.execute(_letters().where(Delivery.id == delivery_id)).all()
    if not rows:
        raise NotFoundError("delivery.not_found")
    (item,) = _read(reader, rows, (base_url, site_name))
    return item


def _letters() -> Select[Delivery, Message, bool]:
    return select(Delivery, Message, _has_newer()).join(Message, Message.id == Delivery.message_id)


def _has_newer() -> ColumnElement[bool]:
    newer = aliased(Delivery)
    return exists().where(
        newer.message_id == Delivery.message_id,
        newer.channel == Delivery.channel,
        newer.series > Delivery.series,
    )


def _read(reader: Reader, rows: Sequence[_Row], site: tuple[str, str]) -> list[OutboxLetter]:
    sent = [
        (message.due_at, delivery.updated_at if delivery.state in _SENT else None)
        for delivery, message, _ in rows
    ]
    late = latenesses(reader, sent)
    return [_letter(row, site, each) for row, each in zip(rows, late, strict=True)]


def _letter(row: _Row, site: tuple[str, str], late: Lateness | None) -> OutboxLetter:
    (delivery, message, has_newer), (base_url, site_name) = row, site
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
        may_resend=delivery.state in RESENDABLE and not has_newer,
        late=late,
    )
