"""Events planned for those who asked for them, in the transaction that tells people of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.ids import new_id
from app.domain.job import tries_within
from app.domain.webhook import (
    SEND,
    TEST_EVENT,
    CallState,
    StillTryingError,
    WebhookKind,
    WebhookPausedError,
    body_of,
)
from app.models.webhook import Webhook, WebhookCall
from app.services.webhooks.managing import own
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happened, in codes and keys alone.

    `text` gives what robots say, the path of the page in its last line; None where nothing.
    """

    event: str
    subject_id: UUID
    revision: int
    data: Mapping[str, object]
    at: datetime
    text: Callable[[], str | None]


def announce(uow: UnitOfWork, happening: Happening) -> list[WebhookCall]:
    """Plan the event for every receiver that asked for it, once for each revision."""
    receivers = uow.all(
        select(Webhook)
        .where(Webhook.paused_at.is_(None), Webhook.removed_at.is_(None))
        .order_by(Webhook.id)
    )
    wanted = [each for each in receivers if happening.event in each.events]
    planned = _planned(uow, happening) if wanted else frozenset()
    event_id = new_id()
    calls = []
    for webhook in wanted:
        body = None if webhook.id in planned else _body(webhook, happening, event_id)
        if body is not None:
            calls.append(_plan(uow, webhook, happening, event_id, body))
    return calls


def test(uow: UnitOfWork, webhook_id: UUID, text: str) -> WebhookCall:
    """Plan a trial, in which nothing happened.

    Raises:
        WebhookPausedError: nothing is sent to it.
    """
    webhook = _open(uow, webhook_id)
    key = new_id()
    trial = Happening(
        event=TEST_EVENT, subject_id=key, revision=1, data={}, at=uow.now, text=lambda: text
    )
    uow.audit("webhook.tested", webhook)
    return _plan(uow, webhook, trial, key, _body(webhook, trial, key) or text)


def replay(uow: UnitOfWork, call_id: UUID) -> WebhookCall:
    """Send an event once more as it was, under the same event id.

    Raises:
        StillTryingError: it is on its way, or was sent once more already.
        WebhookPausedError: nothing is sent to its receiver.
    """
    uow.require(Permission.MANAGE_WEBHOOKS)
    old = uow.load(WebhookCall, call_id, lock=True)
    webhook = _open(uow, old.webhook_id)
    newer = select(WebhookCall.id).where(
        WebhookCall.webhook_id == old.webhook_id,
        WebhookCall.event_id == old.event_id,
        WebhookCall.series > old.series,
    )
    if old.state is CallState.PLANNED or uow.all(newer):
        raise StillTryingError
    again = WebhookCall(
        webhook_id=old.webhook_id,
        event_id=old.event_id,
        event=old.event,
        subject_id=old.subject_id,
        revision=old.revision,
        series=old.series + 1,
        body=old.body,
        planned_at=uow.now,
        state=CallState.PLANNED,
        updated_at=uow.now,
    )
    uow.audit("webhook.replayed", webhook, event_id=str(old.event_id))
    return _send(uow, again)


def _planned(uow: UnitOfWork, happening: Happening) -> frozenset[UUID]:
    statement = select(WebhookCall.webhook_id).where(
        WebhookCall.event == happening.event,
        WebhookCall.subject_id == happening.subject_id,
        WebhookCall.revision == happening.revision,
    )
    return frozenset(uow.all(statement))


def _body(webhook: Webhook, happening: Happening, event_id: UUID) -> str | None:
    if webhook.kind is not WebhookKind.SIGNED:
        return happening.text()
    return body_of(event_id, happening.event, happening.at, happening.data)


def _plan(
    uow: UnitOfWork, webhook: Webhook, happening: Happening, event_id: UUID, body: str
) -> WebhookCall:
    call = WebhookCall(
        webhook_id=webhook.id,
        event_id=event_id,
        event=happening.event,
        subject_id=happening.subject_id,
        revision=happening.revision,
        series=1,
        body=body,
        planned_at=uow.now,
        state=CallState.PLANNED,
        updated_at=uow.now,
    )
    return _send(uow, call)


def _send(uow: UnitOfWork, call: WebhookCall) -> WebhookCall:
    uow.add(call)
    job = uow.later(SEND, f"{SEND}:{call.id}", uow.now, subject_id=call.id)
    job.max_attempts = tries_within(timedelta(0))
    return call


def _open(uow: UnitOfWork, webhook_id: UUID) -> Webhook:
    webhook = own(uow, webhook_id)
    if webhook.paused_at is not None:
        raise WebhookPausedError
    return webhook
