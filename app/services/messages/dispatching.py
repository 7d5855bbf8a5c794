"""A message planned for one channel outside the service."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.ids import new_id
from app.domain.job import DELIVER, DeliveryState, tries_within
from app.domain.message import Channel, Reason, mobile_number
from app.models.message import Delivery, Message
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where a message goes besides the inbox.

    Attributes:
        channel: by what.
        address: a mail address, or a telephone number as people write it.
        of_use: whether it is worth sending as things stand; otherwise it is kept as skipped.
        until: after this it is of no use.
        invitation: what the letter asks the reader's calendar to do.
        series: which attempt at the same message it is.
        run_at: when it is sent, by default now.
    """

    channel: Channel
    address: str
    of_use: bool = True
    until: datetime | None = None
    invitation: dict[str, object] | None = None
    series: int = 1
    run_at: datetime | None = None


def plan_delivery(uow: UnitOfWork, message: Message, plan: Plan) -> Delivery:
    """Have the message sent on the channel, in the transaction that tells it.

    Where it is of no use, or the number is not one that short messages reach, the delivery is
    kept as skipped, with the reason, and nothing is sent.
    """
    key = new_id()
    address, reason = _reachable(plan)
    delivery = Delivery(
        id=key,
        message_id=message.id,
        channel=plan.channel.value,
        series=plan.series,
        address=address,
        provider_key=key.hex,
        state=DeliveryState.SKIPPED if reason else DeliveryState.PLANNED,
        reason=reason,
        invitation=plan.invitation,
        not_after=plan.until,
        updated_at=uow.now,
    )
    uow.flush()
    uow.add(delivery)
    if reason is None:
        _send(uow, delivery, plan)
    return delivery


def _reachable(plan: Plan) -> tuple[str, Reason | None]:
    if not plan.of_use:
        return plan.address, Reason.SUPERSEDED
    if plan.channel is not Channel.SMS:
        return plan.address, None
    number = mobile_number(plan.address)
    return (number, None) if number else (plan.address, Reason.NO_MOBILE)


def _send(uow: UnitOfWork, delivery: Delivery, plan: Plan) -> None:
    # Of a short message half sent somebody has to learn what became of it even when it is too
    # late to send it, so the delivery alone knows until when it is of use.
    ends = plan.until if plan.channel is Channel.EMAIL else None
    run_at = plan.run_at or uow.now
    job = uow.later(
        DELIVER, f"{DELIVER}:{delivery.id}", run_at, subject_id=delivery.id, not_after=ends
    )
    job.max_attempts = tries_within(plan.until - run_at if plan.until else timedelta(0))
