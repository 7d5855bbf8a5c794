"""Every letter the service wrote, with what became of it; for staff who look after mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.errors import NotFoundError
from app.domain.job import DELIVER, RESENDABLE, DeliveryState, JobState
from app.domain.message import HELD_UP, Channel, short_text
from app.models.job import Job
from app.models.message import Delivery, Message
from app.queries.lateness import Lateness, latenesses
from app.queries.message_texts import letter
from app.unit_of_work import Reader

PAGE = 50
_Row = Row[Delivery, Message, bool, bool]
_SENT = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)


@dataclass(frozen=True, slots=True)
class OutboxLetter:
    """One letter as it was or will be sent.

    Attributes:
        channel: by what it was or will be sent.
        may_resend: it failed or nobody knows, and it was not sent once more yet.
        late: how late it was sent, where it was.
    """

    id: UUID
    message_id: UUID
    event: str
    channel: Channel
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


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a carrier that does not take it, and since when the first of it does."""

    channel: Channel
    count: int
    since: datetime


def backlogs(reader: Reader) -> list[Backlog]:
    """Return by channel what its carrier should have taken by now and did not."""
    held_up = or_(*(Delivery.reason.startswith(reason.value) for reason in HELD_UP))
    statement = (
        select(Delivery.channel, func.count(), func.min(func.coalesce(Job.due_at, Job.run_at)))
        .join(Job, Job.subject_id == Delivery.id)
        .where(Job.kind == DELIVER, Job.state.in_((JobState.READY, JobState.LEASED)), held_up)
        .where(Delivery.state.in_((DeliveryState.PLANNED, DeliveryState.SENDING)))
        .group_by(Delivery.channel)
        .order_by(Delivery.channel)
    )
    rows = reader.session.execute(statement)
    return [Backlog(Channel(channel), count, since) for channel, count, since in rows]


def resendable(reader: Reader) -> Mapping[tuple[Channel, DeliveryState], int]:
    """Return by channel and state how many may be sent once more, those of none left out."""
    statement = (
        select(Delivery.channel, Delivery.state, func.count())
        .where(Delivery.state.in_(RESENDABLE), ~has_newer(), ~_is_asked())
        .group_by(Delivery.channel, Delivery.state)
        .order_by(Delivery.channel, Delivery.state)
    )
    rows = reader.session.execute(statement)
    return {(Channel(channel), state): count for channel, state, count in rows}


def _letters() -> Select[Delivery, Message, bool, bool]:
    return select(Delivery, Message, has_newer(), _is_asked()).join(
        Message, Message.id == Delivery.message_id
    )


def _is_asked() -> ColumnElement[bool]:
    return exists().where(
        Job.subject_id == Delivery.id,
        Job.kind == DELIVER,
        Job.state.in_((JobState.READY, JobState.LEASED)),
    )


def has_newer() -> ColumnElement[bool]:
    """Return the criterion that a delivery was sent once more already."""
    newer = aliased(Delivery)
    return exists().where(
        newer.message_id == Delivery.message_id,
        newer.channel == Delivery.channel,
        newer.series > Delivery.series,
    )


def _read(reader: Reader, rows: Sequence[_Row], site: tuple[str, str]) -> list[OutboxLetter]:
    sent = [
        (message.due_at, delivery.updated_at if delivery.state in _SENT else None)
        for delivery, message, *_ in rows
    ]
    late = latenesses(reader, sent)
    return [_letter(row, site, each) for row, each in zip(rows, late, strict=True)]


def _letter(row: _Row, site: tuple[str, str], late: Lateness | None) -> OutboxLetter:
    (delivery, message, resent, is_asked), (base_url, site_name) = row, site
    channel, link = Channel(delivery.channel), f"{base_url}{message.href}"
    words = (message.title, message.text)
    subject, text = letter(words, message.facts["name"], link, site_name)
    if channel is Channel.SMS:
        subject, text = message.title, short_text(message.title, link, site_name)
    return OutboxLetter(
        id=delivery.id,
        message_id=message.id,
        event=message.event,
        channel=channel,
        to=delivery.address,
        subject=subject,
        text=text,
        href=message.href,
        state=delivery.state,
        reason=delivery.reason,
        provider=delivery.provider_ref,
        at=delivery.updated_at,
        may_resend=delivery.state in RESENDABLE and not (resent or is_asked),
        late=late,
    )
