"""An event on its way to a receiver: prepared, taken, failed, given up."""

import time
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from app.domain.job import ClaimedJob, JobState
from app.domain.task import TaskKind
from app.domain.webhook import (
    PAUSED_AFTER,
    Call,
    CallFailedError,
    CallState,
    Reply,
    WebhookKind,
    host_of,
    robot_call,
    secret_of,
    signed_call,
    text_body,
)
from app.models.webhook import Webhook, WebhookCall
from app.services import tasks
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends: the site, where it is reached, and the key from which secrets are made."""

    site: str
    base_url: str
    key: bytes = field(repr=False)


def prepare(uow: UnitOfWork, call_id: UUID, sender: Sender) -> Call | None:
    """Return the request, None when nothing is to be sent any more."""
    row = uow.load(WebhookCall, call_id, lock=True)
    if row.state is not CallState.PLANNED:
        return None
    webhook = uow.load(Webhook, row.webhook_id)
    if webhook.paused_at is not None or webhook.removed_at is not None:
        _settle(uow, row, CallState.SKIPPED)
        return None
    # Receivers compare with their own clocks, which no training moves.
    stamp = int(time.time())
    if webhook.kind is WebhookKind.SIGNED:
        secret = secret_of(sender.key, webhook.id, webhook.generation)
        return signed_call(webhook.address, row.body, row.event_id, secret, stamp)
    text, _, path = row.body.rpartition("\n")
    said = text_body(f"【{sender.site}】{text}\n{sender.base_url}{path}")
    return robot_call(webhook.address, said, webhook.secret, stamp)


def record(uow: UnitOfWork, call_id: UUID, reply: Reply) -> None:
    """Keep that the receiver took it."""
    row = uow.load(WebhookCall, call_id, lock=True)
    row.tries += 1
    row.status, row.answer = reply.status, reply.answer
    _settle(uow, row, CallState.DELIVERED)
    webhook = uow.load(Webhook, row.webhook_id, lock=True)
    if webhook.failing_since is not None:
        webhook.failing_since = None


def fail(uow: UnitOfWork, job: ClaimedJob, error: Exception) -> timedelta | None:
    """Keep what the receiver answered instead; one that takes nothing for a day is paused."""
    if job.subject_id is None:
        return None
    row = uow.load(WebhookCall, job.subject_id, lock=True)
    row.tries += 1
    if isinstance(error, CallFailedError):
        row.status, row.answer = error.status, error.answer or str(error)
    else:
        row.status, row.answer = None, type(error).__name__
    row.updated_at = uow.now
    webhook = uow.load(Webhook, row.webhook_id, lock=True)
    if webhook.failing_since is None:
        webhook.failing_since = uow.now
    elif uow.now - webhook.failing_since >= PAUSED_AFTER and webhook.paused_at is None:
        _pause(uow, webhook)
    return None


def give_up(uow: UnitOfWork, job: ClaimedJob, _state: JobState) -> None:
    """Keep that it was tried as often as it is."""
    if job.subject_id is not None:
        row = uow.load(WebhookCall, job.subject_id, lock=True)
        if row.state is CallState.PLANNED:
            _settle(uow, row, CallState.FAILED)


def _pause(uow: UnitOfWork, webhook: Webhook) -> None:
    webhook.paused_at, webhook.is_given_up = uow.now, True
    uow.audit("webhook.given_up", webhook)
    name, host = webhook.name, host_of(webhook.address)
    tasks.open_once(uow, TaskKind.WEBHOOK_PAUSED, webhook.id, name=name, host=host)


def _settle(uow: UnitOfWork, row: WebhookCall, state: CallState) -> None:
    row.state, row.updated_at = state, uow.now
