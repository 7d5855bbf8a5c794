"""Messages to somebody, and messages to others about him, without what tells who he is."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update

from app.domain.erasure import GONE, without_name
from app.models.account import Account
from app.models.message import Delivery, Message
from app.unit_of_work import UnitOfWork


def forget_messages(
    uow: UnitOfWork, persons: Collection[UUID], subjects: Collection[UUID], names: frozenset[str]
) -> None:
    """Forget what he was told and where to; to others he is somebody without a name.

    Args:
        uow: the transaction.
        persons: who he is.
        subjects: needs, bookings and meetings of his that messages are about.
        names: under which he was known.
    """
    own = uow.all(select(Account.id).where(Account.person_id.in_(persons)))
    for message in uow.all(select(Message).where(Message.account_id.in_(own))):
        message.title, message.text, message.facts = GONE, GONE, {}
    his = select(Message.id).where(Message.account_id.in_(own))
    uow.session.execute(
        update(Delivery)
        .where(Delivery.message_id.in_(his))
        .values(address="", invitation=None)
        .execution_options(synchronize_session=False)
    )
    others = select(Message).where(Message.subject_id.in_(subjects), Message.account_id.not_in(own))
    for message in uow.all(others):
        message.title = str(without_name(message.title, names))
        message.text = str(without_name(message.text, names))
        message.facts = without_name(message.facts, names)
        _invitations(uow, message.id, names)


def _invitations(uow: UnitOfWork, message_id: UUID, names: frozenset[str]) -> None:
    for sent in uow.all(select(Delivery).where(Delivery.message_id == message_id)):
        if sent.invitation is not None:
            sent.invitation = without_name(sent.invitation, names)
