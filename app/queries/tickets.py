"""Tickets as the bureau reads them: what is open by due date, what was closed, and each in full."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from app.domain.actor import Permission, may
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.ticket import CallResult, TicketStatus
from app.models.account import Account
from app.models.expert import Expert
from app.models.outcome import Confirmation, Outcome, Rating
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.models.ticket import Ticket, TicketTry
from app.unit_of_work import Reader

PAGE = 30
_Row = Row[Ticket, Rating, ServiceSession, str, str, str | None]


class TicketFilter(StrEnum):
    """Which tickets a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket with what it is about; `owner` is who looks after it, `founder` who rated."""

    id: UUID
    version: int
    status: TicketStatus
    score: int
    opened_at: datetime
    due_at: datetime
    is_overdue: bool
    owner: str | None
    tries: int
    result: CallResult | None
    closed_at: datetime | None
    session_id: UUID
    reference: str
    held_on: date
    mentor: str
    founder: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class TicketList:
    """Tickets of one kind; `open` and `overdue` count all, `next` asks for the next page."""

    items: tuple[TicketRow, ...]
    open: int
    overdue: int
    next: UUID | None


@dataclass(frozen=True, slots=True)
class Try:
    """A call that reached nobody."""

    called: str
    called_at: datetime
    note: str | None
    officer: str | None


@dataclass(frozen=True, slots=True)
class TicketPage:
    """One ticket in full.

    Attributes:
        remark: what the rater said of the record, where he said anything.
        tries: calls that reached nobody, in order of time.
        said: what was said in the call that closed it; `done` is what was done about it.
        may_work: whether the reader may take it or note a call.
        is_own: whether it is the reader who looks after it.
    """

    row: TicketRow
    remark: str | None
    tries: Sequence[Try]
    called: str | None
    called_at: datetime | None
    said: str | None
    done: str | None
    closed_by: str | None
    may_work: bool
    is_own: bool


def ticket_list(
    reader: Reader, which: TicketFilter, *, after: UUID | None = None, limit: int = PAGE
) -> TicketList:
    """Return a page of tickets: open ones by due date, closed ones the newest first.

    At most four statements.

    Raises:
        NotFoundError: no such ticket is known by the key `after`.
    """
    is_closed = which is TicketFilter.CLOSED
    key = Ticket.closed_at if is_closed else Ticket.due_at
    criteria = [_which(reader, which)]
    if after is not None:
        last = reader.session.scalar(select(key).where(Ticket.id == after))
        if last is None:
            raise NotFoundError("ticket.not_found")
        beyond = key < last if is_closed else key > last
        criteria.append(or_(beyond, and_(key == last, Ticket.id > after)))
    order = key.desc() if is_closed else key
    statement = _rows(*criteria).order_by(order, Ticket.id).limit(limit + 1)
    found = reader.session.execute(statement).all()
    names = _names(reader, [row[0].owner_id for row in found])
    items = tuple(_row(reader, row, names) for row in found[:limit])
    counts = reader.session.execute(
        select(
            func.count().filter(_which(reader, TicketFilter.OPEN)),
            func.count().filter(_which(reader, TicketFilter.OVERDUE)),
        ).select_from(Ticket)
    ).one()
    return TicketList(items, counts[0], counts[1], items[-1].id if len(found) > limit else None)


def ticket(reader: Reader, ticket_id: UUID) -> TicketPage:
    """Return one ticket in full.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    found = reader.session.execute(_rows(Ticket.id == ticket_id)).first()
    if found is None:
        raise NotFoundError("ticket.not_found")
    row, rating = found[0], found[1]
    tries = reader.session.scalars(
        select(TicketTry)
        .where(TicketTry.ticket_id == row.id)
        .order_by(TicketTry.called_at, TicketTry.id)
    ).all()
    makers = [row.owner_id, row.closed_by_id, *(each.officer_id for each in tries)]
    names = _names(reader, makers)
    may_work = row.closed_at is None and may(reader.actor, Permission.WORK_TICKET)
    return TicketPage(
        row=_row(reader, found, names),
        remark=_remark(reader, rating),
        tries=[
            Try(each.called, each.called_at, each.note, names.get(each.officer_id))
            for each in tries
        ],
        called=row.called,
        called_at=row.called_at,
        said=row.said,
        done=row.done,
        closed_by=names.get(row.closed_by_id) if row.closed_by_id else None,
        may_work=may_work,
        is_own=row.owner_id is not None and row.owner_id == reader.actor.account_id,
    )


def _which(reader: Reader, which: TicketFilter) -> ColumnElement[bool]:
    if which is TicketFilter.CLOSED:
        return Ticket.closed_at.is_not(None)
    is_open = Ticket.closed_at.is_(None)
    return is_open & (Ticket.due_at <= reader.now) if which is TicketFilter.OVERDUE else is_open


def _rows(
    *which: ColumnElement[bool],
) -> Select[Ticket, Rating, ServiceSession, str, str, str | None]:
    return (
        select(Ticket, Rating, ServiceSession, Expert.name, Person.name, Person.phone)
        .join(Rating, Rating.id == Ticket.rating_id)
        .join(Outcome, Outcome.id == Rating.outcome_id)
        .join(ServiceSession, ServiceSession.id == Outcome.service_session_id)
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .join(Person, Person.id == Rating.person_id)
        .where(*which)
    )


def _row(reader: Reader, found: _Row, names: Mapping[UUID, str]) -> TicketRow:
    row, rating, session, mentor, founder, phone = found
    return TicketRow(
        id=row.id,
        version=row.version,
        status=row.status,
        score=rating.score,
        opened_at=row.opened_at,
        due_at=row.due_at,
        is_overdue=row.closed_at is None and row.due_at <= reader.now,
        owner=names.get(row.owner_id) if row.owner_id else None,
        tries=row.tries,
        result=row.result,
        closed_at=row.closed_at,
        session_id=session.id,
        reference=session.reference,
        held_on=local_day(session.actual_start or session.planned_starts_at),
        mentor=mentor,
        founder=founder,
        phone=phone,
    )


def _remark(reader: Reader, rating: Rating) -> str | None:
    return reader.session.scalars(
        select(Confirmation.remark)
        .where(
            Confirmation.outcome_id == rating.outcome_id,
            Confirmation.person_id == rating.person_id,
            Confirmation.remark.is_not(None),
        )
        .order_by(Confirmation.created_at.desc())
        .limit(1)
    ).first()


def _names(reader: Reader, keys: Collection[UUID | None]) -> Mapping[UUID, str]:
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    with reader.beyond_scope("colleagues who looked after a ticket, by name"):
        rows = reader.session.execute(
            select(Account.id, Account.name).where(Account.id.in_(wanted))
        )
        return {key: name for key, name in rows}
