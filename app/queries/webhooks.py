"""Receivers of events outside the service, and the log of what each of them was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.domain.errors import NotFoundError
from app.domain.webhook import CallState, WebhookKind, host_of
from app.models.webhook import Webhook, WebhookCall
from app.unit_of_work import Reader

PAGE = 50


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One receiver; of its address only the host, since the rest may be a key.

    Attributes:
        waiting: how many events are on their way to it.
        generation: how often our secret was made, where it has one.
    """

    id: UUID
    version: int
    name: str
    kind: WebhookKind
    host: str
    events: Sequence[str]
    generation: int
    added_at: datetime
    failing_since: datetime | None
    paused_at: datetime | None
    is_given_up: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class CallRow:
    """One event for one receiver, and what it answered."""

    id: UUID
    event_id: UUID
    event: str
    series: int
    state: CallState
    tries: int
    status: int | None
    answer: str | None
    planned_at: datetime
    updated_at: datetime
    may_replay: bool


@dataclass(frozen=True, slots=True)
class CallPage:
    """Some of the log, and the key with which the next ones are asked for."""

    items: Sequence[CallRow]
    next: UUID | None


def webhook_list(reader: Reader) -> list[WebhookRow]:
    """Return the receivers in the order they were added."""
    rows = reader.session.scalars(
        select(Webhook).where(Webhook.removed_at.is_(None)).order_by(Webhook.id)
    ).all()
    waiting = _waiting(reader)
    return [_row(row, waiting.get(row.id, 0)) for row in rows]


def webhook(reader: Reader, webhook_id: UUID) -> WebhookRow:
    """Return one receiver.

    Raises:
        NotFoundError: there is none, or it was removed.
    """
    row = reader.session.get(Webhook, webhook_id)
    if row is None or row.removed_at is not None:
        raise NotFoundError("webhook.not_found")
    return _row(row, _waiting(reader).get(row.id, 0))


def call_page(
    reader: Reader, webhook_id: UUID, *, after: UUID | None = None, limit: int = PAGE
) -> CallPage:
    """Return what the receiver was sent, the newest first."""
    statement = (
        select(WebhookCall)
        .where(WebhookCall.webhook_id == webhook_id)
        .order_by(WebhookCall.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(WebhookCall.id < after)
    rows = reader.session.scalars(statement).all()
    newest = _newest(reader, {row.event_id for row in rows}, webhook_id)
    items = [_call(row, newest[row.event_id]) for row in rows[:limit]]
    return CallPage(items, items[-1].id if len(rows) > limit else None)


def _waiting(reader: Reader) -> dict[UUID, int]:
    statement = (
        select(WebhookCall.webhook_id, func.count())
        .where(WebhookCall.state == CallState.PLANNED)
        .group_by(WebhookCall.webhook_id)
    )
    return {key: count for key, count in reader.session.execute(statement)}


def _newest(reader: Reader, events: set[UUID], webhook_id: UUID) -> dict[UUID, int]:
    statement = (
        select(WebhookCall.event_id, func.max(WebhookCall.series))
        .where(WebhookCall.webhook_id == webhook_id, WebhookCall.event_id.in_(events))
        .group_by(WebhookCall.event_id)
    )
    return {key: series for key, series in reader.session.execute(statement)}


def _row(row: Webhook, waiting: int) -> WebhookRow:
    return WebhookRow(
        id=row.id,
        version=row.version,
        name=row.name,
        kind=row.kind,
        host=host_of(row.address),
        events=row.events,
        generation=row.generation,
        added_at=row.added_at,
        failing_since=row.failing_since,
        paused_at=row.paused_at,
        is_given_up=row.is_given_up,
        waiting=waiting,
    )


def _call(row: WebhookCall, newest: int) -> CallRow:
    return CallRow(
        id=row.id,
        event_id=row.event_id,
        event=row.event,
        series=row.series,
        state=row.state,
        tries=row.tries,
        status=row.status,
        answer=row.answer,
        planned_at=row.planned_at,
        updated_at=row.updated_at,
        may_replay=row.state is not CallState.PLANNED and row.series == newest,
    )
