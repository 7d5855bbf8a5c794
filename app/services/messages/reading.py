"""What a reader does with messages."""

from uuid import UUID

from sqlalchemy import select

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
