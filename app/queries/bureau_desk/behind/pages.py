"""One page of the records behind a figure, newest first, and what all of them come to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select

from app.domain.actor import Reach
from app.domain.errors import NotFoundError
from app.domain.service_record import Status
from app.domain.service_record.slices import Addend
from app.models.standing_record import StandingRecord
from app.queries.bureau_desk.behind.addends import addends_of, chosen
from app.queries.bureau_desk.figures import Asked, addends_asked
from app.queries.bureau_desk.waits import FIRST_MEETINGS, first_meetings
from app.queries.service_counts.decisions import of_sessions
from app.queries.service_counts.summed import make_room
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of the records behind a figure.

    Attributes:
        value: the figure, the sum over all records.
        count: how many records there are behind it.
        not_counted: how many records of the same period and labels do not count.
        apart: how many are counted in a column of their own.
        rows: the records of this page.
        first: the number of the page's first record, counted from 1.
        next: the key of the next page, None after the last.
        before: the key of the page before, None when that is the first.
        waits: for first meetings, the days from the need to the meeting.
    """

    value: int
    count: int
    not_counted: int
    apart: int
    rows: tuple[Addend, ...]
    first: int
    next: UUID | None
    before: UUID | None
    waits: dict[UUID, int]

    @property
    def has_before(self) -> bool:
        """Whether there is a page before this one."""
        return self.first > 1


def is_in_columns(reader: Reader, asked: Asked) -> bool:
    """Tell whether the columns made of the ledger answer the question for this reader.

    They hold what stands now, by the labels of a split; who holds which group is looked up past
    the reach of whoever sees only some of the records.
    """
    labels = asked.labels
    one_person = any((labels.expert, labels.person, labels.venture))
    sees_all = Reach.ALL in reader.actor.reaches
    of_group = asked.label is not None or asked.group is not None
    return not asked.as_reported and not one_person and (sees_all or not of_group)


def slice_of(reader: Reader, asked: Asked, after: UUID | None, limit: int) -> Slice:
    """Return a page of the records behind a figure that the columns answer.

    Raises:
        UnknownMeasureError: when there is no such figure.
        NotFoundError: there is no record `after` behind it.
    """
    if asked.measure != FIRST_MEETINGS or asked.is_cut:
        addends_asked(reader, (), asked)
    make_room(reader)
    addends = addends_of(asked)
    begun = _start(reader, after)
    count, value, passed, is_there = reader.session.execute(_totals(addends, after, begun)).one()
    if after is not None and not is_there:
        raise NotFoundError("service_session.not_found")
    rows = reader.session.execute(_page(addends, after, begun).limit(limit + 1)).all()
    shown = rows[:limit]
    decisions = of_sessions(reader, [row.key for row in shown])
    left_out = _left_out(reader, asked)
    is_waited = asked.measure == FIRST_MEETINGS
    return Slice(
        value=int(value or 0),
        count=count,
        not_counted=left_out.get(Status.NOT_COUNTED.value, 0),
        apart=left_out.get(Status.COUNTED_APART.value, 0),
        rows=tuple(Addend(decisions[row.key].decision, int(row.amount)) for row in shown),
        first=(passed or 0) + 1,
        next=shown[-1].key if len(rows) > limit else None,
        before=_before(reader, addends, after, begun, limit),
        waits=(
            first_meetings(reader, asked.months, [row.key for row in shown]) if is_waited else {}
        ),
    )


def _start(reader: Reader, after: UUID | None) -> datetime | None:
    if after is None:
        return None
    begun = reader.session.scalar(
        select(StandingRecord.started_at).where(StandingRecord.service_session_id == after)
    )
    if begun is None:
        raise NotFoundError("service_session.not_found")
    return begun


def _is_older(addends: Subquery, after: UUID, begun: datetime) -> ColumnElement[bool]:
    at, key = addends.c.at, addends.c.key
    return or_(at < begun, and_(at == begun, key < after))


def _is_newer(addends: Subquery, after: UUID, begun: datetime) -> ColumnElement[bool]:
    at, key = addends.c.at, addends.c.key
    return or_(at > begun, and_(at == begun, key > after))


def _totals(addends: Subquery, after: UUID | None, begun: datetime | None) -> Select[Any]:
    """Return how many records there are, their sum, and how many stand before the page."""
    passed: ColumnElement[Any] = literal(0)
    is_there: ColumnElement[Any] = literal(1)
    if after is not None and begun is not None:
        passed = func.sum(case((_is_older(addends, after, begun), 0), else_=1))
        is_there = func.sum(case((addends.c.key == after, 1), else_=0))
    return select(func.count(), func.sum(addends.c.amount), passed, is_there).select_from(addends)


def _page(addends: Subquery, after: UUID | None, begun: datetime | None) -> Select[Any]:
    found = select(addends).order_by(addends.c.at.desc(), addends.c.key.desc())
    if after is None or begun is None:
        return found
    return found.where(_is_older(addends, after, begun))


def _before(
    reader: Reader, addends: Subquery, after: UUID | None, begun: datetime | None, limit: int
) -> UUID | None:
    """Return the last record before the page before, None when there is none."""
    if after is None or begun is None:
        return None
    newer = (
        select(addends.c.key)
        .where(_is_newer(addends, after, begun))
        .order_by(addends.c.at, addends.c.key)
    )
    return reader.session.scalar(newer.offset(limit - 1).limit(1))


def _left_out(reader: Reader, asked: Asked) -> dict[str, int]:
    """Return how many of the chosen records are not in the headline, by status."""
    row = StandingRecord
    found = reader.session.execute(
        select(row.status, func.count())
        .where(*chosen(asked), row.status != Status.COUNTED.value)
        .group_by(row.status)
    )
    return {status: count for status, count in found}
