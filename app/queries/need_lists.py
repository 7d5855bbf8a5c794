"""Needs as lists: a founder's own, and those that wait at the bureau."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from app.domain.errors import NotFoundError
from app.domain.need import Channel, NeedStatus, Topic
from app.models.need import Need, NeedTopic
from app.models.person import Person, Venture
from app.unit_of_work import Reader

PAGE_SIZE = 20
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need with its topics; struck ones are among them, as such."""

    id: UUID
    reference: str
    version: int
    person_id: UUID
    founder_name: str
    venture_id: UUID | None
    venture_name: str
    text: str
    session_type: str
    industry: str | None
    stage: str | None
    area: str | None
    street: str | None
    modes: tuple[str, ...]
    status: NeedStatus
    channel: Channel
    created_at: datetime
    submitted_at: datetime | None
    topics: tuple[Topic, ...]

    @property
    def asked(self) -> tuple[Topic, ...]:
        """Return the topics with which help is wanted."""
        return tuple(topic for topic in self.topics if topic.is_asked)


@dataclass(frozen=True, slots=True)
class WaitingNeed:
    """A need without a booking, and for how long it has waited."""

    need: NeedRow
    age: timedelta


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of waiting needs, the oldest first; `next` asks for the following page."""

    items: tuple[WaitingNeed, ...]
    next: UUID | None


def detail(reader: Reader, need_id: UUID) -> NeedRow:
    """Return one need; two statements.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    found = _rows(reader, _needs().where(Need.id == need_id))
    if not found:
        raise NotFoundError("need.not_found")
    return found[0]


def of_founder(reader: Reader, person_id: UUID) -> tuple[NeedRow, ...]:
    """Return a founder's needs, drafts included, the newest first; two statements."""
    own = _needs().where(Need.person_id == person_id)
    return _rows(reader, own.order_by(Need.created_at.desc(), Need.id.desc()).limit(LARGEST_PAGE))


def waiting(reader: Reader, *, after: UUID | None = None, limit: int = PAGE_SIZE) -> Queue:
    """Return the submitted needs for which nothing is booked; two statements."""
    size = max(1, min(limit, LARGEST_PAGE))
    statement = _needs().where(Need.status == NeedStatus.SUBMITTED)
    if after is not None:
        statement = statement.where(_later_than(after))
    ordered = statement.order_by(Need.submitted_at, Need.id).limit(size + 1)
    found = _rows(reader, ordered)
    items = tuple(
        WaitingNeed(need, reader.now - (need.submitted_at or need.created_at))
        for need in found[:size]
    )
    return Queue(items, items[-1].need.id if len(found) > size else None)


def _later_than(need_id: UUID) -> ColumnElement[bool]:
    before = aliased(Need)
    last = select(before.submitted_at).where(before.id == need_id).scalar_subquery()
    return or_(Need.submitted_at > last, and_(Need.submitted_at == last, Need.id > need_id))


def _needs() -> Any:
    return (
        select(Need, Person.name.label("founder"), Venture.name.label("venture"))
        .outerjoin(Person, Person.id == Need.person_id)
        .outerjoin(Venture, Venture.id == Need.venture_id)
    )


def _rows(reader: Reader, statement: Any) -> tuple[NeedRow, ...]:
    found = reader.session.execute(statement).all()
    topics = _topics(reader, [row.Need.id for row in found])
    return tuple(_row(row, topics.get(row.Need.id, ())) for row in found)


def _topics(reader: Reader, need_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Topic]]:
    found: dict[UUID, list[Topic]] = defaultdict(list)
    rows = reader.session.scalars(
        select(NeedTopic).where(NeedTopic.need_id.in_(need_ids)).order_by(NeedTopic.position)
    )
    for row in rows:
        found[row.need_id].append(Topic(row.code, row.certainty, row.evidence, row.state))
    return found


def _row(row: Any, topics: Sequence[Topic]) -> NeedRow:
    need: Need = row.Need
    return NeedRow(
        id=need.id,
        reference=need.reference,
        version=need.version,
        person_id=need.person_id,
        founder_name=row.founder or "",
        venture_id=need.venture_id,
        venture_name=row.venture or "",
        text=need.text,
        session_type=need.session_type,
        industry=need.industry,
        stage=need.stage,
        area=need.area,
        street=need.street,
        modes=tuple(need.modes),
        status=need.status,
        channel=need.channel,
        created_at=need.created_at,
        submitted_at=need.submitted_at,
        topics=tuple(topics),
    )
