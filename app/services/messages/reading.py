"""What a reader does with messages."""

from uuid import UUID

from sqlalchemy import select, update

from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.models.message import Message
from app.unit_of_work import UnitOfWork


def mark_read(uow: UnitOfWork, message_id: UUID) -> Message:
    """Note that the recipient has read the message; the first time stays.

    Raises:
        NotFoundError: when it is not the reader's own.
    """
    uow.require(Permission.USE_OWN_ACCOUNT)
    own = select(Message).where(
        Message.id == message_id, Message.account_id == uow.actor.account_id
    )
    message = uow.one(own)
    if message is None:
        raise NotFoundError("message.not_found")
    if message.read_at is None:
        message.read_at = uow.now
    return message


def mark_all_read(uow: UnitOfWork, newest: UUID | None = None) -> int:
    """Note that the reader has seen all messages up to the newest he was shown.

    Args:
        uow: the transaction.
        newest: the newest message on the page; what came after it stays unread.

    Returns:
        How many were unread.
    """
    uow.require(Permission.USE_OWN_ACCOUNT)
    unread = update(Message).where(
        Message.account_id == uow.actor.account_id, Message.read_at.is_(None)
    )
    if newest is not None:
        unread = unread.where(Message.id <= newest)
    return len(uow.session.scalars(unread.values(read_at=uow.now).returning(Message.id)).all())
