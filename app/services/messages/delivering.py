"""A message on its way outside: handed over, recorded, asked after, or given up."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.domain.calendar_entry import Invitation, invitation_of
from app.domain.job import ClaimedJob, DeliveryState, JobState
from app.domain.message import (
    ASK_AFTER,
    Attachment,
    Channel,
    Errand,
    Letter,
    NeverTakenError,
    NotHandedOverError,
    Reason,
    Receipt,
    ShortMessage,
    UnclearError,
    short_text,
)
from app.models.account import Account
from app.models.message import Delivery, Message
from app.queries.message_texts import letter
from app.services.mail_links import offer
from app.services.messages.planning import is_still_of_use
from app.unit_of_work import UnitOfWork

Draw = Callable[[Invitation], Attachment]
_OPEN = frozenset({DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.UNKNOWN})
_HALF_SENT = frozenset({DeliveryState.SENDING, DeliveryState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where messages leave the service.

    Attributes:
        base_url: where the service is reached.
        site: who signs.
        draw: writes the part for the reader's calendar.
        link_key: from which links are made that need no sign-in; without it letters have none.
        asked: channels whose carrier would deliver twice what it is given twice; it is asked
            what became of a message instead.
    """

    base_url: str
    site: str
    draw: Draw
    link_key: bytes | None = None
    asked: Collection[Channel] = ()


def hand_over(uow: UnitOfWork, delivery_id: UUID, desk: Desk) -> Errand | None:
    """Note that the message is being sent and return it, None when nothing is left to do.

    What is found half sent goes out again under the same key, by which mailboxes know it, and
    with the same calendar part; or its carrier is asked what became of it.
    """
    delivery = uow.load(Delivery, delivery_id, lock=True)
    if delivery.state not in _OPEN:
        return None
    channel = Channel(delivery.channel)
    if delivery.state in _HALF_SENT and channel in desk.asked:
        _settle(uow, delivery, DeliveryState.UNKNOWN, Reason.NO_ANSWER)
        return Errand(channel=channel, key=delivery.provider_key)
    if delivery.state is DeliveryState.UNKNOWN:
        return None
    message = uow.load(Message, delivery.message_id)
    reason = _needless(uow, delivery, message)
    if reason is not None:
        late = reason is Reason.TOO_LATE
        _settle(uow, delivery, DeliveryState.EXPIRED if late else DeliveryState.SKIPPED, reason)
        return None
    parcel = _parcel(uow, delivery, message, desk)
    _settle(uow, delivery, DeliveryState.SENDING)
    return Errand(channel=channel, key=delivery.provider_key, parcel=parcel)


def record_receipt(uow: UnitOfWork, delivery_id: UUID, receipt: Receipt) -> None:
    """Keep what the carrier answered."""
    delivery = uow.load(Delivery, delivery_id, lock=True)
    delivery.provider_ref = receipt.reference
    _settle(uow, delivery, receipt.state, receipt.reason)


def put_back(uow: UnitOfWork, job: ClaimedJob, error: Exception, desk: Desk) -> timedelta | None:
    """Note what a try that failed left behind; return how long to wait, None for the usual.

    What its carrier certainly did not take is planned as before; of the rest nobody knows.
    """
    if job.subject_id is None:
        return None
    delivery = uow.load(Delivery, job.subject_id, lock=True)
    if delivery.state not in _HALF_SENT:
        return None
    if isinstance(error, NotHandedOverError):
        _settle(uow, delivery, DeliveryState.PLANNED, str(error))
        return timedelta(0) if isinstance(error, NeverTakenError) else None
    reason = str(error) if isinstance(error, UnclearError) else Reason.NO_ANSWER.value
    if Channel(delivery.channel) not in desk.asked:
        delivery.reason = reason
        return None
    asked_already = delivery.state is DeliveryState.UNKNOWN
    _settle(uow, delivery, DeliveryState.UNKNOWN, reason)
    return None if asked_already else ASK_AFTER


def end_letter(uow: UnitOfWork, job: ClaimedJob, state: JobState) -> None:
    """Settle the delivery of a job that expired or was given up.

    What was given up half sent may have arrived: its state is unknown, not failed.
    """
    if job.subject_id is None:
        return
    delivery = uow.load(Delivery, job.subject_id, lock=True)
    if delivery.state is DeliveryState.SENDING:
        _settle(uow, delivery, DeliveryState.UNKNOWN, Reason.GIVEN_UP)
    elif delivery.state is DeliveryState.UNKNOWN:
        _settle(uow, delivery, DeliveryState.UNKNOWN, Reason.CARRIER_SILENT)
    elif delivery.state is DeliveryState.PLANNED:
        expired = state is JobState.EXPIRED
        end = DeliveryState.EXPIRED if expired else DeliveryState.FAILED
        _settle(uow, delivery, end, Reason.TOO_LATE if expired else Reason.GIVEN_UP)


def _needless(uow: UnitOfWork, delivery: Delivery, message: Message) -> Reason | None:
    if not uow.load(Account, message.account_id).is_active:
        return Reason.ACCOUNT_CLOSED
    if delivery.state is not DeliveryState.PLANNED:
        return None
    if delivery.not_after is not None and uow.now > delivery.not_after:
        return Reason.TOO_LATE
    return None if is_still_of_use(uow, message) else Reason.SUPERSEDED


def _parcel(
    uow: UnitOfWork, delivery: Delivery, message: Message, desk: Desk
) -> Letter | ShortMessage:
    link = f"{desk.base_url}{message.href}"
    if delivery.channel == Channel.SMS:
        text = short_text(message.title, link, desk.site)
        return ShortMessage(key=delivery.provider_key, address=delivery.address, text=text)
    key, url = desk.link_key, desk.base_url
    offered = offer(uow, delivery, message, key, url) if key else None
    words = (message.title, "\n\n".join(filter(None, (message.text, offered))))
    title, text = letter(words, message.facts["name"], link, desk.site)
    return Letter(
        key=delivery.provider_key,
        address=delivery.address,
        title=title,
        text=text,
        attachment=desk.draw(invitation_of(delivery.invitation)) if delivery.invitation else None,
    )


def _settle(
    uow: UnitOfWork, delivery: Delivery, state: DeliveryState, reason: str | None = None
) -> None:
    delivery.state = state
    delivery.reason = str(reason) if reason else None
    delivery.updated_at = uow.now
