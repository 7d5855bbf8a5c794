"""The needs that wait at the desk for a mentor."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from app.domain.board_post import ACTIVE, PostStatus
from app.domain.bureau_desk import UNMATCHED_WORKING_DAYS, waiting_since
from app.domain.calendar import WorkingCalendar, local_day
from app.domain.need import NeedStatus
from app.models.availability import CalendarDay
from app.models.board_post import BoardPost
from app.models.need import Need
from app.models.person import Person, Venture
from app.models.proposal import MatchRound
from app.queries.lacks import Lacking, is_newest_round, lacking
from app.unit_of_work import Reader

PAGE = 20
_POST = (
    select(BoardPost.status)
    .where(BoardPost.need_id == Need.id, BoardPost.status.in_(ACTIVE))
    .correlate(Need)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class QueuedNeed:
    """A need for which nothing is booked.

    Attributes:
        days: how many days it has waited.
        asked_at: when the search was left to the bureau, who answers by `due_at`.
        lack: why nobody of the pool fits, None when somebody does or nobody has looked.
        post: where the need stands on the open board, None when it is not on it.
    """

    id: UUID
    reference: str
    text: str
    session_type: str
    founder: str | None
    venture: str | None
    street: str | None
    submitted_at: datetime
    days: int
    asked_at: datetime | None
    due_at: datetime | None
    lack: Lacking | None
    post: PostStatus | None


class QueuePart(StrEnum):
    """The parts of the queue; `ALL` is the whole of it."""

    ALL = ""
    LONG = "long"
    ASKED = "asked"
    UNMATCHED = "unmatched"
    BOARD = "board"


@dataclass(frozen=True, slots=True)
class NeedQueue:
    """A page of the queue, the oldest first; `next` asks for the following page."""

    count: int
    items: tuple[QueuedNeed, ...]
    next: UUID | None


def need_queue(
    reader: Reader, part: QueuePart = QueuePart.ALL, *, after: UUID | None = None
) -> NeedQueue:
    """Return a page of the needs without a booking; at most three statements.

    Args:
        reader: the look.
        part: all of them, or those that have waited too long, that were left to the bureau, that
            nobody fits, or that stand on the open board.
        after: the last need of the page before.
    """
    which = [Need.status == NeedStatus.SUBMITTED, *_part(reader, part)]
    count = reader.session.scalar(
        select(func.count(Need.id))
        .select_from(Need)
        .outerjoin(MatchRound, is_newest_round())
        .where(*which)
    )
    rows = reader.session.execute(
        select(
            Need,
            Person.name.label("founder"),
            Venture.name.label("venture"),
            MatchRound.lack.label("lack"),
            _POST.label("post"),
        )
        .select_from(Need)
        .outerjoin(MatchRound, is_newest_round())
        .outerjoin(Person, Person.id == Need.person_id)
        .outerjoin(Venture, Venture.id == Need.venture_id)
        .where(*which, *_later_than(after))
        .order_by(Need.submitted_at, Need.id)
        .limit(PAGE + 1)
    ).all()
    items = tuple(_queued(reader, row) for row in rows[:PAGE])
    return NeedQueue(count or 0, items, items[-1].id if len(rows) > PAGE else None)


def _part(reader: Reader, part: QueuePart) -> list[ColumnElement[bool]]:
    if part is QueuePart.LONG:
        since = waiting_since(reader.now, _calendar(reader), UNMATCHED_WORKING_DAYS)
        return [Need.submitted_at < since]
    parts = {
        QueuePart.ASKED: Need.bureau_asked_at.is_not(None),
        QueuePart.UNMATCHED: MatchRound.lack.is_not(None),
        QueuePart.BOARD: _POST.is_not(None),
    }
    return [parts[part]] if part in parts else []


def _calendar(reader: Reader) -> WorkingCalendar:
    rows = reader.session.execute(
        select(CalendarDay.day, CalendarDay.kind).where(~CalendarDay.is_withdrawn)
    )
    return WorkingCalendar({day: kind for day, kind in rows})


def _later_than(after: UUID | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    before = aliased(Need)
    last = select(before.submitted_at).where(before.id == after).scalar_subquery()
    is_later = Need.submitted_at > last
    return [is_later | ((Need.submitted_at == last) & (Need.id > after))]


def _queued(reader: Reader, row: Any) -> QueuedNeed:
    need: Need = row.Need
    submitted_at = need.submitted_at or need.created_at
    return QueuedNeed(
        id=need.id,
        reference=need.reference,
        text=need.text,
        session_type=need.session_type,
        founder=row.founder,
        venture=row.venture,
        street=need.street,
        submitted_at=submitted_at,
        days=(local_day(reader.now) - local_day(submitted_at)).days,
        asked_at=need.bureau_asked_at,
        due_at=need.bureau_due_at,
        lack=lacking(row.lack),
        post=PostStatus(row.post) if row.post else None,
    )
