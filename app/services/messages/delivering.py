"""A letter on its way: handed over, recorded, or given up."""

from collections.abc import Callable
from uuid import UUID

from app.domain.calendar_entry import Invitation, invitation_of
from app.domain.job import ClaimedJob, DeliveryState, JobState
from app.domain.message import Attachment, Letter, Receipt
from app.models.account import Account
from app.models.message import Delivery, Message
from app.queries.message_texts import letter
from app.services.mail_links import offer
from app.services.messages.planning import SUPERSEDED, is_still_of_use
from app.unit_of_work import UnitOfWork

Draw = Callable[[Invitation], Attachment]
_OPEN = frozenset({DeliveryState.PLANNED, DeliveryState.SENDING})


def hand_over(
    uow: UnitOfWork,
    delivery_id: UUID,
    base_url: str,
    site: str,
    draw: Draw,
    link_key: bytes | None = None,
) -> Letter | None:
    """Note that the letter is being sent and return it, None when nothing is left to send.

    A letter found half sent goes out again under the same key, by which mailboxes know it, and
    with the same calendar part.

    Args:
        uow: the transaction.
        delivery_id: which letter.
        base_url: where the service is reached.
        site: who signs.
        draw: writes the part for the reader's calendar.
        link_key: from which links are made that need no sign-in; without it letters have none.
    """
    delivery = uow.load(Delivery, delivery_id, lock=True)
    if delivery.state not in _OPEN:
        return None
    message = uow.load(Message, delivery.message_id)
    account = uow.load(Account, message.account_id)
    if not account.is_active:
        _settle(uow, delivery, DeliveryState.SKIPPED, "account_closed")
        return None
    if delivery.state is DeliveryState.PLANNED and not is_still_of_use(uow, message):
        _settle(uow, delivery, DeliveryState.SKIPPED, SUPERSEDED)
        return None
    offered = offer(uow, delivery, message, link_key, base_url) if link_key else None
    _settle(uow, delivery, DeliveryState.SENDING)
    words = (message.title, "\n\n".join(filter(None, (message.text, offered))))
    title, text = letter(words, message.facts["name"], f"{base_url}{message.href}", site)
    return Letter(
        key=delivery.provider_key,
        address=delivery.address,
        title=title,
        text=text,
        attachment=draw(invitation_of(delivery.invitation)) if delivery.invitation else None,
    )


def record_receipt(uow: UnitOfWork, delivery_id: UUID, receipt: Receipt) -> None:
    """Keep what the carrier answered."""
    delivery = uow.load(Delivery, delivery_id, lock=True)
    delivery.provider_ref = receipt.reference
    _settle(uow, delivery, receipt.state, receipt.reason)


def end_letter(uow: UnitOfWork, job: ClaimedJob, state: JobState) -> None:
    """Settle the delivery of a job that expired or was given up.

    A letter given up half sent may have arrived: its state is unknown, not failed.
    """
    if job.subject_id is None:
        return
    delivery = uow.load(Delivery, job.subject_id, lock=True)
    if delivery.state is DeliveryState.SENDING:
        _settle(uow, delivery, DeliveryState.UNKNOWN, "given_up")
    elif delivery.state is DeliveryState.PLANNED:
        expired = state is JobState.EXPIRED
        end = DeliveryState.EXPIRED if expired else DeliveryState.FAILED
        _settle(uow, delivery, end, "too_late" if expired else "given_up")


def _settle(
    uow: UnitOfWork, delivery: Delivery, state: DeliveryState, reason: str | None = None
) -> None:
    delivery.state = state
    delivery.reason = reason
    delivery.updated_at = uow.now
