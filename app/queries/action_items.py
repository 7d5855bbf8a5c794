"""Action items: those of a meeting, and all that are open, overdue or closed."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from app.domain.action_item import ActionSide, ActionStatus
from app.domain.actor import Permission, Role, may
from app.domain.errors import NotFoundError
from app.models.action_item import ActionItem
from app.models.expert import Expert
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.unit_of_work import Reader

PAGE = 30
_OWN = frozenset({ActionSide.FOUNDER, ActionSide.BOTH})
_Row = Row[ActionItem, ServiceSession, str, str | None]


class ItemFilter(StrEnum):
    """Which items a list shows."""

    OVERDUE = "overdue"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ItemView:
    """Something to be done, with the meeting it comes from.

    `owner` is how a record names who is to do it, empty where the side says it all.
    """

    id: UUID
    version: int
    text: str
    owner: str
    side: ActionSide
    due_on: date
    status: ActionStatus
    closed_at: datetime | None
    note: str | None
    is_overdue: bool
    is_of_diagnosis: bool
    may_close: bool
    session_id: UUID
    reference: str
    mentor: str
    founder: str | None


@dataclass(frozen=True, slots=True)
class ItemList:
    """Items of one kind; `open` and `overdue` count all, `next` asks for the next page."""

    items: tuple[ItemView, ...]
    open: int
    overdue: int
    next: UUID | None


def items_of(reader: Reader, session_id: UUID) -> tuple[ItemView, ...]:
    """Return what is to be done after one meeting, by due day; one statement."""
    rows = _rows(ActionItem.service_session_id == session_id)
    found = reader.session.execute(rows.order_by(ActionItem.due_on, ActionItem.id)).all()
    return tuple(_view(reader, row) for row in found)


def meeting_items(reader: Reader, session_id: UUID) -> tuple[str, tuple[ItemView, ...]]:
    """Return the number of a meeting and what is to be done after it.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    reference = reader.session.scalar(
        select(ServiceSession.reference).where(ServiceSession.id == session_id)
    )
    if reference is None:
        raise NotFoundError("service_session.not_found")
    return reference, items_of(reader, session_id)


def item(reader: Reader, item_id: UUID) -> ItemView:
    """Return one item.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    row = reader.session.execute(_rows(ActionItem.id == item_id)).first()
    if row is None:
        raise NotFoundError("action_item.not_found")
    return _view(reader, row)


def item_list(
    reader: Reader,
    which: ItemFilter,
    *,
    side: ActionSide | None = None,
    after: UUID | None = None,
    limit: int = PAGE,
) -> ItemList:
    """Return a page of items: open ones by due day, closed ones the newest first.

    At most three statements.

    Args:
        reader: the look.
        which: open ones, those past their day, or closed ones.
        side: only those that this side is to do.
        after: the last item of the page before.
        limit: how many at most.

    Raises:
        NotFoundError: no such item is known by the key `after`.
    """
    is_closed = which is ItemFilter.CLOSED
    key = ActionItem.closed_at if is_closed else ActionItem.due_on
    criteria = [_which(reader, which)]
    if side is not None:
        criteria.append(ActionItem.side == side)
    if after is not None:
        criteria.append(_beyond(reader, key, after, descending=is_closed))
    statement = _rows(*criteria).order_by(key.desc() if is_closed else key, ActionItem.id)
    found = reader.session.execute(statement.limit(limit + 1)).all()
    items = tuple(_view(reader, row) for row in found[:limit])
    counts = reader.session.execute(
        select(
            func.count().filter(_which(reader, ItemFilter.OPEN)),
            func.count().filter(_which(reader, ItemFilter.OVERDUE)),
        ).select_from(ActionItem)
    ).one()
    return ItemList(items, counts[0], counts[1], items[-1].id if len(found) > limit else None)


def _beyond(
    reader: Reader,
    key: Any,
    after: UUID,
    *,
    descending: bool,
) -> ColumnElement[bool]:
    last = reader.session.scalar(select(key).where(ActionItem.id == after))
    if last is None:
        raise NotFoundError("action_item.not_found")
    beyond = key < last if descending else key > last
    return or_(beyond, and_(key == last, ActionItem.id > after))


def _which(reader: Reader, which: ItemFilter) -> ColumnElement[bool]:
    is_open = ActionItem.status == ActionStatus.OPEN
    if which is ItemFilter.CLOSED:
        return ~is_open
    return is_open & (ActionItem.due_on < reader.today) if which is ItemFilter.OVERDUE else is_open


def _rows(
    *which: ColumnElement[bool],
) -> Select[ActionItem, ServiceSession, str, str | None]:
    return (
        select(ActionItem, ServiceSession, Expert.name, Person.name)
        .join(ServiceSession, ServiceSession.id == ActionItem.service_session_id)
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
        .where(*which)
    )


def _view(reader: Reader, row: _Row) -> ItemView:
    found, session, mentor, founder = row
    is_own = reader.actor.roles != {Role.FOUNDER} or found.side in _OWN
    return ItemView(
        id=found.id,
        version=found.version,
        text=found.text,
        owner=found.owner,
        side=found.side,
        due_on=found.due_on,
        status=found.status,
        closed_at=found.closed_at,
        note=found.note,
        is_overdue=found.status is ActionStatus.OPEN and found.due_on < reader.today,
        is_of_diagnosis=found.finding_id is not None,
        may_close=is_own and may(reader.actor, Permission.CLOSE_ACTION),
        session_id=session.id,
        reference=session.reference,
        mentor=mentor,
        founder=founder,
    )
