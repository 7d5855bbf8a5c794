"""What one person was told, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.domain.wording import Locale
from app.models.message import Message
from app.queries.lateness import Lateness, latenesses
from app.queries.message_texts import written
from app.unit_of_work import Reader

PAGE = 30


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One message as its reader sees it."""

    id: UUID
    event: str
    title: str
    text: str
    href: str
    created_at: datetime
    read_at: datetime | None
    late: Lateness | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Some messages, and the key with which the next ones are asked for."""

    items: Sequence[InboxItem]
    next: UUID | None


def inbox(
    reader: Reader, *, after: UUID | None = None, limit: int = PAGE, locale: Locale = "zh"
) -> InboxPage:
    """Return the reader's own messages, in the language asked for.

    Args:
        reader: the look, on behalf of the person.
        after: the last message of the page before.
        limit: how many at most.
        locale: the language.
    """
    own = Message.account_id == reader.actor.account_id
    statement = select(Message).where(own).order_by(Message.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(Message.id < after)
    rows = reader.session.scalars(statement).all()
    more = rows[limit - 1].id if len(rows) > limit else None
    late = latenesses(reader, [(row.due_at, row.created_at) for row in rows[:limit]])
    return InboxPage(
        [_item(row, locale, each) for row, each in zip(rows, late, strict=False)], more
    )


def unread(reader: Reader) -> int:
    """Return how many of the reader's own messages wait to be read."""
    statement = select(func.count()).where(
        Message.account_id == reader.actor.account_id, Message.read_at.is_(None)
    )
    return reader.session.execute(statement).scalar_one()


def _item(row: Message, locale: Locale, late: Lateness | None) -> InboxItem:
    title, text = row.title, row.text
    if locale != "zh":
        title, text = written(row.facts["words"], row.facts, locale)
    return InboxItem(row.id, row.event, title, text, row.href, row.created_at, row.read_at, late)
