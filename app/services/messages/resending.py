"""A message sent once more, by somebody who answers for it: it may arrive twice."""

import logging
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update

from app.domain.actor import Permission
from app.domain.errors import ConflictError, RuleError
from app.domain.job import DELIVER, DeliveryState, JobState, ensure_resendable
from app.domain.message import Channel
from app.models.account import Account
from app.models.job import Job
from app.models.message import Delivery, Message
from app.models.person import Person
from app.queries.outbox import has_newer
from app.services.messages.dispatching import Plan, plan_delivery
from app.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500
_ADDRESSES = {Channel.EMAIL: Person.email, Channel.SMS: Person.phone}
_OPEN = (JobState.READY, JobState.LEASED)


def resend(uow: UnitOfWork, delivery_id: UUID) -> Delivery:
    """Send a message that failed, or of which nobody knows, under a new key.

    It goes to the address that the reader has by now, and says what it said.

    Raises:
        ForbiddenError: the actor does not look after letters.
        ResentAlreadyError: somebody did so already.
        NotResendableError: it is on its way, is still asked after, or has ended otherwise.
        DeliveryTooLateError: what it says is of no use any more.
    """
    uow.require(Permission.RESEND)
    # Whoever resends the same letter at the same moment waits here and finds the newer one.
    return _resend(uow, uow.load(Delivery, delivery_id, lock=True))


class Resent(NamedTuple):
    """How many were sent once more, and how many may not be."""

    sent: int
    passed_over: int


def resend_all(uow: UnitOfWork, channel: Channel, state: DeliveryState) -> Resent:
    """Send all of a channel that failed, or of which nobody knows, once more.

    At most 500 at once, the oldest first. Passed over is what is of no use any more, is asked
    after at this moment, or was sent again by somebody meanwhile.

    Raises:
        ForbiddenError: the actor does not look after letters.
        NotResendableError: what is in that state needs no help.
    """
    uow.require(Permission.RESEND)
    ensure_resendable(state, is_newest=True, not_after=None, now=uow.now)
    found = uow.all(
        select(Delivery)
        .where(Delivery.channel == channel, Delivery.state == state, ~has_newer())
        .order_by(Delivery.id)
        .limit(MOST_AT_ONCE)
        .with_for_update()
    )
    sent = 0
    for delivery in found:
        try:
            _resend(uow, delivery)
        except (ConflictError, RuleError) as refusal:
            log.info("delivery %s is not sent again: %s", delivery.id, refusal.code)
        else:
            sent += 1
    return Resent(sent, len(found) - sent)


def _resend(uow: UnitOfWork, old: Delivery) -> Delivery:
    state = DeliveryState.SENDING if _is_open(uow, old) else old.state
    is_newest = _is_newest(uow, old)
    ensure_resendable(state, is_newest=is_newest, not_after=old.not_after, now=uow.now)
    channel = Channel(old.channel)
    plan = Plan(
        channel=channel,
        address=_address(uow, old, channel),
        until=old.not_after,
        invitation=old.invitation,
        series=old.series + 1,
    )
    new = plan_delivery(uow, uow.load(Message, old.message_id), plan)
    uow.audit("delivery.resent", new, of=str(old.id), state=old.state.value)
    _close_dead(uow, old)
    return new


def _address(uow: UnitOfWork, old: Delivery, channel: Channel) -> str:
    statement = (
        select(_ADDRESSES[channel])
        .select_from(Person)
        .join(Account, Account.person_id == Person.id)
        .join(Message, Message.account_id == Account.id)
        .where(Message.id == old.message_id)
    )
    with uow.beyond_scope("the present address of who is written to"):
        return uow.one(statement) or old.address


def _is_newest(uow: UnitOfWork, delivery: Delivery) -> bool:
    newest = select(func.max(Delivery.series)).where(
        Delivery.message_id == delivery.message_id, Delivery.channel == delivery.channel
    )
    return uow.one(newest) == delivery.series


def _is_open(uow: UnitOfWork, delivery: Delivery) -> bool:
    statement = select(func.count()).where(
        Job.subject_id == delivery.id, Job.kind == DELIVER, Job.state.in_(_OPEN)
    )
    return bool(uow.one(statement))


def _close_dead(uow: UnitOfWork, old: Delivery) -> None:
    uow.session.execute(
        update(Job)
        .where(Job.subject_id == old.id, Job.kind == DELIVER, Job.state == JobState.DEAD)
        .values(state=JobState.CANCELLED)
    )
