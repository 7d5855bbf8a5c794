"""The rows behind a figure, newest first, page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.domain.errors import NotFoundError
from app.domain.outcome import OutcomeStatus
from app.domain.service_record import Reason
from app.domain.service_record.slices import Addend
from app.models.expert import Expert
from app.models.outcome import Outcome
from app.models.person import Person, Venture
from app.models.service_session import Attendance, ServiceSession
from app.queries.bureau_desk.behind.pages import Slice, is_in_columns, slice_of
from app.queries.bureau_desk.figures import EVERY_RECORD, Asked, figure
from app.queries.bureau_desk.served_ventures import ventures_counted
from app.queries.service_counts.seals import published_groups
from app.unit_of_work import Reader

PAGE = 20
_SETTLED = frozenset({OutcomeStatus.CONFIRMED, OutcomeStatus.CERTIFIED})


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One record: who met whom, what it adds to the figure, and which proofs there are.

    Attributes:
        founder: None when the reader may not know.
        proofs: whether both sides were there, the mentor recorded, the founder confirmed.
        waited: days from the need to this first meeting, where that is asked for.
    """

    id: UUID
    reference: str
    started_at: datetime
    session_type: str
    founder: str | None
    expert: str
    venture: str | None
    minutes: int
    amount: int
    reason: Reason | None
    column: str | None
    proofs: tuple[bool, bool, bool]
    waited: int | None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of the rows behind a figure.

    Attributes:
        value: the figure, the sum over all rows, not only those of the page.
        withdrawn: how much of a published figure of a group is no more listed, because those
            people have taken their consent back.
        first: the number of the page's first row, counted from 1.
    """

    value: int
    count: int
    not_counted: int
    apart: int
    withdrawn: int
    rows: tuple[LedgerRow, ...]
    first: int
    next: UUID | None
    before: UUID | None
    has_before: bool


def ledger(
    reader: Reader, asked: Asked, *, after: UUID | None = None, limit: int = PAGE
) -> LedgerPage:
    """Return a page of the rows behind the figure; at most seven statements.

    Args:
        reader: the look.
        asked: the figure.
        after: the last row of the page before.
        limit: how many rows at most.

    Raises:
        NotFoundError: there is no row `after`.
    """
    found = _slice(reader, asked, after, limit)
    return LedgerPage(
        value=found.value,
        count=found.count,
        not_counted=found.not_counted,
        apart=found.apart,
        withdrawn=_withdrawn(reader, asked, found.value),
        rows=_rows(reader, found),
        first=found.first,
        next=found.next,
        before=found.before,
        has_before=found.has_before,
    )


def _slice(reader: Reader, asked: Asked, after: UUID | None, limit: int) -> Slice:
    """Return the page from the columns where they answer it, else from the decisions."""
    if is_in_columns(reader, asked):
        return slice_of(reader, asked, after, limit)
    found = figure(reader, asked)
    newest = tuple(reversed(found.rows))
    begin = _place(newest, after)
    page = newest[begin : begin + limit]
    last = page[-1].decision.session_id if begin + limit < len(newest) else None
    back = begin - limit
    return Slice(
        value=found.value,
        count=len(newest),
        not_counted=found.not_counted,
        apart=found.apart,
        rows=page,
        first=begin + 1,
        next=UUID(last) if last else None,
        before=UUID(newest[back - 1].decision.session_id) if back > 0 else None,
        waits=found.waits,
    )


def _withdrawn(reader: Reader, asked: Asked, listed: int) -> int:
    if not (asked.as_reported and asked.group and len(asked.months) == 1):
        return 0
    if asked.labels != EVERY_RECORD:
        return 0
    figures = (published_groups(reader, asked.months[0]) or {}).get(asked.group)
    return getattr(figures, asked.measure) - listed if figures else 0


def _place(rows: Sequence[Addend], after: UUID | None) -> int:
    if after is None:
        return 0
    key = str(after)
    for place, row in enumerate(rows, start=1):
        if row.decision.session_id == key:
            return place
    raise NotFoundError("service_session.not_found")


def _rows(reader: Reader, found: Slice) -> tuple[LedgerRow, ...]:
    meetings = _meetings(reader, [UUID(row.decision.session_id) for row in found.rows])
    recorded = (meeting.Venture for meeting in meetings.values())
    ventures = ventures_counted(reader, [row.decision for row in found.rows], recorded)
    return tuple(
        _row(row, (meetings[key], ventures.get(row.decision.session_id)), found.waits.get(key))
        for row in found.rows
        for key in (UUID(row.decision.session_id),)
    )


def _row(addend: Addend, known: tuple[Any, Venture | None], waited: int | None) -> LedgerRow:
    decision, (meeting, venture) = addend.decision, known
    return LedgerRow(
        id=meeting.id,
        reference=meeting.reference,
        started_at=decision.started_at,
        session_type=decision.session_type.value,
        founder=meeting.founder,
        expert=meeting.expert,
        venture=venture.name if venture else None,
        minutes=decision.minutes,
        amount=addend.amount,
        reason=decision.reason,
        column=decision.column.value if decision.column else None,
        proofs=(
            meeting.sides == len(("founder", "expert")),
            meeting.recorded_at is not None,
            meeting.status in _SETTLED,
        ),
        waited=waited,
    )


def _meetings(reader: Reader, keys: Collection[UUID]) -> dict[UUID, Any]:
    sides = (
        select(func.count(func.distinct(Attendance.side)))
        .where(Attendance.service_session_id == ServiceSession.id, Attendance.is_present)
        .correlate(ServiceSession)
        .scalar_subquery()
    )
    rows = reader.session.execute(
        select(
            ServiceSession.id,
            ServiceSession.reference,
            Person.name.label("founder"),
            Expert.name.label("expert"),
            Venture,
            Outcome.recorded_at,
            Outcome.status,
            sides.label("sides"),
        )
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
        .outerjoin(Venture, Venture.id == ServiceSession.venture_id)
        .outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
        .where(ServiceSession.id.in_(keys))
    )
    return {row.id: row for row in rows}
