"""What a mentor shows his unit of one month: each service, whether it counts, and the sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.domain.calendar import Month, local_day
from app.domain.errors import NotFoundError
from app.domain.service_record import Decision, Status
from app.domain.vocabulary import Label
from app.models.expert import Expert
from app.models.person import Person
from app.models.service_session import Attendance, ServiceSession
from app.queries.booking_pages.labels import Key, labels_of
from app.queries.mentor_home.ledger import REASONS
from app.queries.mentor_home.meetings import own_expert_id
from app.queries.service_counts.decisions import of_month
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One service; `founder` is his whole name, of which the sheet shows the first character."""

    session_id: UUID
    reference: str
    starts_at: datetime
    ends_at: datetime
    session_type: str
    mode: str
    place: str
    founder: str
    status: Status
    own_minutes: int
    reason: Label | None
    pending: str | None
    column: str | None

    @property
    def on(self) -> date:
        """The day of the service."""
        return local_day(self.starts_at)

    @property
    def counted_minutes(self) -> int:
        """His own minutes in the headline: the sheet adds these up."""
        return self.own_minutes if self.status is Status.COUNTED else 0


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """The services of one month in order, as the records stand now.

    Attributes:
        sessions: how many are in the headline.
        minutes: his own minutes in those.
        has_ended: whether the month is over, so that no service is to come.
    """

    month: Month
    name: str
    organisation: str
    title: str
    category: str
    rows: tuple[SheetRow, ...]
    sessions: int
    minutes: int
    apart: int
    not_counted: int
    pending: int
    has_ended: bool
    made_at: datetime


def month_sheet(reader: Reader, month: Month) -> MonthSheet:
    """Return the actor's own sheet of the month, in four statements.

    Raises:
        NotFoundError: when the account belongs to no expert of the pool.
    """
    expert = reader.session.get(Expert, own_expert_id(reader))
    if expert is None:
        raise NotFoundError("expert.not_found")
    decided = {key: version.decision for key, version in of_month(reader, month).items()}
    rows = _rows(reader, expert.id, decided)
    counted = [row for row in rows if row.status is Status.COUNTED]
    pending = sum(row.pending is not None for row in rows)
    uncounted = sum(row.status is Status.NOT_COUNTED for row in rows)
    return MonthSheet(
        month=month,
        name=expert.name,
        organisation=expert.organisation,
        title=expert.title,
        category=expert.category.value,
        rows=rows,
        sessions=len(counted),
        minutes=sum(row.counted_minutes for row in rows),
        apart=sum(row.status is Status.COUNTED_APART for row in rows),
        not_counted=uncounted - pending,
        pending=pending,
        has_ended=month < Month.of(reader.today),
        made_at=reader.now,
    )


def _rows(
    reader: Reader, expert_id: UUID, decided: Mapping[UUID, Decision]
) -> tuple[SheetRow, ...]:
    own = and_(
        Attendance.service_session_id == ServiceSession.id, Attendance.expert_id == expert_id
    )
    found = reader.session.execute(
        select(ServiceSession, Person.name)
        .outerjoin(Attendance, own)
        .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
        .where(
            ServiceSession.id.in_(decided),
            or_(ServiceSession.lead_expert_id == expert_id, Attendance.id.is_not(None)),
        )
    ).all()
    reasons = [decided[session.id].reason for session, _ in found]
    named = labels_of(reader, [(REASONS, reason.value) for reason in reasons if reason])
    rows = (_row(row, decided[row.ServiceSession.id], named, expert_id) for row in found)
    return tuple(sorted(rows, key=lambda row: (row.starts_at, row.session_id)))


def _row(row: Any, decision: Decision, named: Mapping[Key, Label], expert_id: UUID) -> SheetRow:
    session: ServiceSession = row.ServiceSession
    return SheetRow(
        session_id=session.id,
        reference=session.reference,
        starts_at=session.actual_start or session.planned_starts_at,
        ends_at=session.actual_end or session.planned_ends_at,
        session_type=session.session_type,
        mode=session.mode.value,
        place=session.place,
        founder=row.name or "",
        status=decision.status,
        own_minutes=dict(decision.expert_minutes).get(str(expert_id), 0),
        reason=named.get((REASONS, decision.reason.value)) if decision.reason else None,
        pending=decision.pending.value if decision.pending else None,
        column=decision.column.value if decision.column else None,
    )
