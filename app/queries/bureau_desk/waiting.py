"""What waits at the desk: how many of each kind, and the meetings of one kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select

from app.domain.bureau_desk import UNMATCHED_WORKING_DAYS, waiting_since
from app.domain.calendar import WorkingCalendar
from app.domain.errors import NotFoundError
from app.domain.need import NeedStatus
from app.domain.outcome import OutcomeStatus
from app.models.expert import Expert
from app.models.need import Need
from app.models.outcome import Dispute, Outcome
from app.models.person import DoubleStatus, Person, PersonDouble
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import ServiceSession
from app.models.task import Task
from app.unit_of_work import Reader

PAGE = 20


class Waiting(StrEnum):
    """The kinds of things somebody at the desk has to look after."""

    NEEDS = "needs"
    RECORDS = "records"
    DISPUTES = "disputes"
    CONFIRMATIONS = "confirmations"
    CORRECTIONS = "corrections"
    DOUBLES = "doubles"
    TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class WaitingMeeting:
    """A meeting to look after, with the instant by which it should have been, or is to be."""

    id: UUID
    reference: str
    session_type: str
    started_at: datetime
    founder: str | None
    expert: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Meetings of one kind, the longest overdue first; `next` asks for the following page."""

    count: int
    items: tuple[WaitingMeeting, ...]
    next: UUID | None


def counts(now: datetime, calendar: WorkingCalendar) -> list[Select[Any]]:
    """Return one statement for each pile: its kind, how many, the oldest instant."""
    since = waiting_since(now, calendar, UNMATCHED_WORKING_DAYS)
    unmatched = (Need.status == NeedStatus.SUBMITTED) & (Need.submitted_at < since)
    proposed = Correction.status == CorrectionStatus.PROPOSED
    suspected = PersonDouble.status == DoubleStatus.PROPOSED
    statements = [
        _pile(Waiting.NEEDS, Need.id, Need.submitted_at, unmatched),
        _pile(Waiting.CORRECTIONS, Correction.id, Correction.made_at, proposed),
        _pile(Waiting.DOUBLES, PersonDouble.id, PersonDouble.made_at, suspected),
        _pile(Waiting.TASKS, Task.id, Task.opened_at, Task.closed_at.is_(None)),
    ]
    return statements + [
        _pile(kind, pile.key, pile.due_at, pile.open_at(now)) for kind, pile in _PILES.items()
    ]


def waiting_meetings(
    reader: Reader, kind: Waiting, *, after: UUID | None = None, limit: int = PAGE
) -> WaitingPage:
    """Return a page of the meetings that wait for a record, a ruling or a confirmation.

    At most three statements.

    Raises:
        KeyError: of needs and corrections there are other pages.
        NotFoundError: nothing of this kind is known by the key `after`.
    """
    pile = _PILES[kind]
    which = pile.open_at(reader.now)
    count = reader.session.scalar(select(func.count(pile.key)).where(which)) or 0
    if after is not None:
        which &= pile.later_than(reader, after)
    rows = reader.session.execute(
        select(
            ServiceSession, Expert.name.label("expert"), Person.name.label("founder"),
            pile.key.label("key"), pile.due_at.label("due_at"),
        )
        .join(pile.model, pile.model.service_session_id == ServiceSession.id)
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
        .where(which)
        .order_by(pile.due_at, pile.key)
        .limit(limit + 1)
    ).all()  # fmt: skip
    items = tuple(_meeting(row) for row in rows[:limit])
    return WaitingPage(count, items, rows[limit - 1].key if len(rows) > limit else None)


@dataclass(frozen=True, slots=True)
class _Pile:
    """A kind of meetings that wait, told by their outcomes or disputes."""

    model: type[Outcome] | type[Dispute]
    due_at: Any
    is_open: ColumnElement[bool]
    only_overdue: bool = False

    @property
    def key(self) -> Any:
        return self.model.id

    def open_at(self, now: datetime) -> ColumnElement[bool]:
        return self.is_open & (self.due_at < now) if self.only_overdue else self.is_open

    def later_than(self, reader: Reader, after: UUID) -> ColumnElement[bool]:
        last = reader.session.scalar(select(self.due_at).where(self.key == after))
        if last is None:
            raise NotFoundError
        return or_(self.due_at > last, and_(self.due_at == last, self.key > after))


_PILES: Mapping[Waiting, _Pile] = {
    Waiting.RECORDS: _Pile(
        Outcome,
        Outcome.record_by,
        Outcome.status == OutcomeStatus.AWAITING_RECORD,
        only_overdue=True,
    ),
    Waiting.CONFIRMATIONS: _Pile(
        Outcome, Outcome.confirm_by, Outcome.status == OutcomeStatus.UNCONFIRMED
    ),
    Waiting.DISPUTES: _Pile(Dispute, Dispute.rule_by, Dispute.ruled_at.is_(None)),
}


def _pile(kind: Waiting, key: Any, since: Any, which: ColumnElement[bool]) -> Select[Any]:
    label = literal(kind.value).label("kind")
    return select(label, func.count(key).label("count"), func.min(since).label("at")).where(which)


def _meeting(row: Any) -> WaitingMeeting:
    session: ServiceSession = row.ServiceSession
    return WaitingMeeting(
        id=session.id,
        reference=session.reference,
        session_type=session.session_type,
        started_at=session.actual_start or session.planned_starts_at,
        founder=row.founder,
        expert=row.expert,
        due_at=row.due_at,
    )
