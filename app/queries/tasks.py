"""The bureau's tasks: what is open by due date, what was closed, and what each is about."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.domain.actor import PERMISSIONS, STAFF_ROLES, Role, may
from app.domain.errors import NotFoundError
from app.domain.task import RULES, Subject, TaskEnd, TaskKind
from app.models.account import Account
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.models.task import Task
from app.unit_of_work import Reader

PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a task is about, in the words by which people know it."""

    name: str
    need_id: UUID | None = None
    expert_id: UUID | None = None
    founder: str | None = None
    expert: str | None = None
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task; `by` is who may act, `may_close` whether the reader may end it with a note."""

    id: UUID
    version: int
    kind: TaskKind
    subject: Subject
    subject_id: UUID
    about: About | None
    facts: Mapping[str, str | int]
    opened_at: datetime
    due_by: datetime | None
    is_overdue: bool
    by: tuple[Role, ...]
    is_by_hand: bool
    may_close: bool
    closed_at: datetime | None
    closed_by: str | None
    ending: TaskEnd | None
    note: str | None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Tasks of one state; `open` counts the open ones, `next` asks for the following page."""

    items: tuple[TaskRow, ...]
    open: int
    next: UUID | None


def task_page(
    reader: Reader, *, is_open: bool = True, after: UUID | None = None, limit: int = PAGE
) -> TaskPage:
    """Return a page of tasks: open ones by due date, closed ones the newest first.

    At most eight statements.

    Raises:
        NotFoundError: no task is known by the key `after`.
    """
    rows = _tasks(reader, is_open, after, limit + 1)
    count = select(func.count(Task.id)).where(Task.closed_at.is_(None))
    shown = _described(reader, rows[:limit])
    left = rows[limit - 1].id if len(rows) > limit else None
    return TaskPage(shown, reader.session.scalar(count) or 0, left)


def task(reader: Reader, task_id: UUID) -> TaskRow:
    """Return one task.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    row = reader.session.get(Task, task_id)
    if row is None:
        raise NotFoundError("task.not_found")
    return _described(reader, [row])[0]


def _tasks(reader: Reader, is_open: bool, after: UUID | None, limit: int) -> Sequence[Task]:
    # What has no date stands where it was opened.
    key = func.coalesce(Task.due_by, Task.opened_at) if is_open else Task.closed_at
    which: list[ColumnElement[bool]] = [
        Task.closed_at.is_(None) if is_open else Task.closed_at.is_not(None)
    ]
    if after is not None:
        last = reader.session.scalar(select(key).where(Task.id == after))
        if last is None:
            raise NotFoundError("task.not_found")
        beyond = key > last if is_open else key < last
        which.append(or_(beyond, and_(key == last, Task.id > after)))
    order = key if is_open else key.desc()
    statement = select(Task).where(*which).order_by(order, Task.id).limit(limit)
    return reader.session.scalars(statement).all()


def _described(reader: Reader, rows: Sequence[Task]) -> tuple[TaskRow, ...]:
    wanted: dict[Subject, set[UUID]] = defaultdict(set)
    for row in rows:
        wanted[RULES[TaskKind(row.kind)].about].add(row.subject_id)
    about = {
        key: found
        for subject, keys in wanted.items()
        if subject in _ABOUT
        for key, found in _ABOUT[subject](reader, keys).items()
    }
    closers = {row.closed_by_id for row in rows if row.closed_by_id}
    names = _names(reader, closers) if closers else {}
    return tuple(_row(reader, row, about.get(row.subject_id), names) for row in rows)


def _row(reader: Reader, row: Task, about: About | None, names: Mapping[UUID, str]) -> TaskRow:
    kind = TaskKind(row.kind)
    rule = RULES[kind]
    if rule.about is Subject.YEAR:
        about = About(name=str(row.facts["year"]))
    elif rule.about is Subject.WEBHOOK:
        about = About(name=str(row.facts["name"]))
    return TaskRow(
        id=row.id,
        version=row.version,
        kind=kind,
        subject=rule.about,
        subject_id=row.subject_id,
        about=about,
        facts=row.facts,
        opened_at=row.opened_at,
        due_by=row.due_by,
        is_overdue=row.closed_at is None and row.due_by is not None and row.due_by < reader.now,
        by=_actors(kind),
        is_by_hand=rule.by_hand,
        may_close=rule.by_hand and row.closed_at is None and may(reader.actor, rule.acts),
        closed_at=row.closed_at,
        closed_by=names.get(row.closed_by_id) if row.closed_by_id else None,
        ending=row.ending,
        note=row.note,
    )


def _actors(kind: TaskKind) -> tuple[Role, ...]:
    acts = RULES[kind].acts
    return tuple(role for role in Role if role in STAFF_ROLES and acts in PERMISSIONS[role])


def _names(reader: Reader, keys: Collection[UUID]) -> Mapping[UUID, str]:
    with reader.beyond_scope("colleagues who closed a task, by name"):
        rows = reader.session.execute(select(Account.id, Account.name).where(Account.id.in_(keys)))
        return {key: name for key, name in rows}


def _bookings(reader: Reader, keys: Collection[UUID]) -> Mapping[UUID, About]:
    rows = reader.session.execute(
        select(Booking, Expert.name, Person.name)
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .join(Person, Person.id == Booking.founder_person_id)
        .where(Booking.id.in_(keys))
    )
    return {
        row.id: About(
            name=row.reference,
            need_id=row.need_id,
            expert_id=row.lead_expert_id,
            founder=founder,
            expert=expert,
            starts_at=row.starts_at,
        )
        for row, expert, founder in rows
    }


def _sessions(reader: Reader, keys: Collection[UUID]) -> Mapping[UUID, About]:
    rows = reader.session.execute(
        select(ServiceSession, Expert.name, Person.name)
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
        .where(ServiceSession.id.in_(keys))
    )
    return {
        row.id: About(
            name=row.reference,
            need_id=row.need_id,
            expert_id=row.lead_expert_id,
            founder=founder,
            expert=expert,
            starts_at=row.actual_start or row.planned_starts_at,
        )
        for row, expert, founder in rows
    }


def _experts(reader: Reader, keys: Collection[UUID]) -> Mapping[UUID, About]:
    rows = reader.session.execute(select(Expert.id, Expert.name).where(Expert.id.in_(keys)))
    return {key: About(name=name, expert_id=key) for key, name in rows}


def _needs(reader: Reader, keys: Collection[UUID]) -> Mapping[UUID, About]:
    rows = reader.session.execute(
        select(Need.id, Need.reference, Person.name)
        .join(Person, Person.id == Need.person_id)
        .where(Need.id.in_(keys))
    )
    return {key: About(name=name, need_id=key, founder=founder) for key, name, founder in rows}


_ABOUT: Mapping[Subject, Callable[[Reader, Collection[UUID]], Mapping[UUID, About]]] = {
    Subject.BOOKING: _bookings,
    Subject.EXPERT: _experts,
    Subject.NEED: _needs,
    Subject.SERVICE_SESSION: _sessions,
}
