"""A letter sent once more, by somebody who answers for it: it may arrive twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from app.domain.actor import Permission
from app.domain.ids import new_id
from app.domain.job import DELIVER, DeliveryState, JobState, ensure_resendable
from app.models.account import Account
from app.models.job import Job
from app.models.message import Delivery, Message
from app.models.person import Person
from app.unit_of_work import UnitOfWork

EMAIL = "email"


def resend(uow: UnitOfWork, delivery_id: UUID) -> Delivery:
    """Send a letter that failed, or of which nobody knows, under a new key.

    It goes to the address that the reader has by now, and says what it said.

    Raises:
        ForbiddenError: the actor does not look after letters.
        ResentAlreadyError: somebody did so already.
        NotResendableError: it is on its way or has ended otherwise.
        DeliveryTooLateError: what it says is of no use any more.
    """
    uow.require(Permission.RESEND)
    # Whoever resends the same letter at the same moment waits here and finds the newer one.
    old = uow.load(Delivery, delivery_id, lock=True)
    job = uow.one(select(Job).where(Job.subject_id == old.id, Job.kind == DELIVER))
    not_after = job.not_after if job else None
    ensure_resendable(old.state, is_newest=_is_newest(uow, old), not_after=not_after, now=uow.now)
    new = uow.add(_again(uow, old))
    uow.audit("delivery.resent", new, of=str(old.id), state=old.state.value)
    _close_dead(uow, old)
    uow.flush()
    _plan(uow, new, not_after)
    return new


def _again(uow: UnitOfWork, old: Delivery) -> Delivery:
    key = new_id()
    return Delivery(
        id=key,
        message_id=old.message_id,
        channel=old.channel,
        series=old.series + 1,
        address=_address(uow, old),
        provider_key=key.hex,
        state=DeliveryState.PLANNED,
        invitation=old.invitation,
        updated_at=uow.now,
    )


def _address(uow: UnitOfWork, old: Delivery) -> str:
    if old.channel != EMAIL:
        return old.address
    statement = (
        select(Person.email)
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


def _close_dead(uow: UnitOfWork, old: Delivery) -> None:
    uow.session.execute(
        update(Job)
        .where(Job.subject_id == old.id, Job.kind == DELIVER, Job.state == JobState.DEAD)
        .values(state=JobState.CANCELLED)
    )


def _plan(uow: UnitOfWork, new: Delivery, not_after: datetime | None) -> None:
    uow.later(DELIVER, f"{DELIVER}:{new.id}", uow.now, subject_id=new.id, not_after=not_after)
