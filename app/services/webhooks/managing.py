"""The verbs of a receiver: added, paused, let go on, given another secret, removed."""

from collections.abc import Collection
from uuid import UUID

from app.db import StaleVersionError
from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.domain.task import TaskKind
from app.domain.webhook import Draft, NoSecretError, WebhookKind, ensure_sound
from app.models.webhook import Webhook
from app.services import tasks
from app.unit_of_work import UnitOfWork


def add(uow: UnitOfWork, draft: Draft, hosts: Collection[str] = ()) -> Webhook:
    """Add a receiver; from now on it is told what it asks for.

    Args:
        uow: the transaction.
        draft: the receiver.
        hosts: where the operator limits them, the only hosts.

    Raises:
        ForbiddenError: the actor does not look after receivers.
        InvalidInputError: naming each field.
    """
    uow.require(Permission.MANAGE_WEBHOOKS)
    ensure_sound(draft, hosts)
    webhook = uow.add(
        Webhook(
            name=draft.name.strip(),
            kind=draft.kind,
            address=draft.address,
            secret=draft.secret if draft.kind is WebhookKind.DINGTALK else None,
            generation=1,
            events=sorted(set(draft.events)),
            added_by_id=uow.actor.account_id,
            added_at=uow.now,
        )
    )
    uow.audit("webhook.added", webhook, name=webhook.name, kind=webhook.kind.value)
    return webhook


def pause(uow: UnitOfWork, webhook_id: UUID, *, version: int) -> Webhook:
    """Send nothing for a while; what happens meanwhile is not sent later."""
    webhook = own(uow, webhook_id, version)
    webhook.paused_at = webhook.paused_at or uow.now
    uow.audit("webhook.paused", webhook)
    return webhook


def resume(uow: UnitOfWork, webhook_id: UUID, *, version: int) -> Webhook:
    """Send again from now on."""
    webhook = own(uow, webhook_id, version)
    webhook.paused_at, webhook.is_given_up, webhook.failing_since = None, False, None
    uow.audit("webhook.resumed", webhook)
    tasks.settle(uow, TaskKind.WEBHOOK_PAUSED, webhook.id)
    return webhook


def rotate(uow: UnitOfWork, webhook_id: UUID, *, version: int) -> Webhook:
    """Make another secret; the one before is worthless from now on.

    Raises:
        NoSecretError: the receiver's secret is not ours.
    """
    webhook = own(uow, webhook_id, version)
    if webhook.kind is not WebhookKind.SIGNED:
        raise NoSecretError
    webhook.generation += 1
    uow.audit("webhook.rotated", webhook, generation=webhook.generation)
    return webhook


def remove(uow: UnitOfWork, webhook_id: UUID, *, version: int) -> Webhook:
    """Send nothing any more; what was sent stays in the trail."""
    webhook = own(uow, webhook_id, version)
    webhook.removed_at = uow.now
    # What could still be used by somebody who reads the database goes.
    webhook.address = f"https://{webhook.id.hex}.removed.invalid/"
    uow.audit("webhook.removed", webhook)
    tasks.settle(uow, TaskKind.WEBHOOK_PAUSED, webhook.id)
    return webhook


def own(uow: UnitOfWork, webhook_id: UUID, version: int | None = None) -> Webhook:
    """Return the receiver, locked, to somebody who looks after receivers.

    Raises:
        ForbiddenError: the actor does not.
        NotFoundError: there is none, or it was removed.
        StaleVersionError: somebody changed it since the actor looked.
    """
    uow.require(Permission.MANAGE_WEBHOOKS)
    webhook = uow.load(Webhook, webhook_id, lock=True)
    if webhook.removed_at is not None:
        raise NotFoundError("webhook.not_found")
    if version not in (None, webhook.version):
        raise StaleVersionError(version=webhook.version)
    return webhook
