"""A mentor's own ledger: his meetings of a year, what counted, and why the rest did not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from app.domain.appeal import Bar
from app.domain.calendar import Month, day_starts_at, local_day
from app.domain.service_record import Decision, Reason, Status
from app.domain.vocabulary import Label
from app.models.booking import Booking
from app.models.service_session import ServiceSession
from app.queries.appeals import calendar_of, standings
from app.queries.booking_pages.labels import Key, labels_of
from app.queries.mentor_home.meetings import Meeting, meetings, own_expert_id
from app.queries.service_counts.decisions import of_sessions
from app.unit_of_work import Reader

REASONS = "not_counted_reason"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A meeting and the decision that stands on it; none before it was held."""

    meeting: Meeting
    status: Status | None
    own_minutes: int
    reason: Label | None
    pending: str | None
    column: str | None
    code: Reason | None = None
    bar: Bar | None = None

    @property
    def may_appeal(self) -> bool:
        """Tell whether the mentor may appeal against what was decided."""
        return self.status is not None and self.bar is None

    @property
    def has_appeal(self) -> bool:
        """Tell whether he has appealed against it."""
        return self.bar in (Bar.OPEN, Bar.ANSWERED)


class Which(StrEnum):
    """Which of his meetings a mentor looks at: each of these sums to one of his figures."""

    COUNTED = "counted"
    PENDING = "pending"
    APART = "apart"
    NOT_COUNTED = "not_counted"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The meetings of one year, latest first, and their sums.

    Attributes:
        rows: those of the kind looked at; the sums and the months are of all.
    """

    which: Which | None
    year: int
    years: tuple[int, ...]
    rows: tuple[LedgerRow, ...]
    counted: int
    counted_minutes: int
    apart: int
    not_counted: int
    pending: int
    months: tuple[Month, ...]


def ledger(reader: Reader, year: int | None = None, which: Which | None = None) -> Ledger:
    """Return the actor's own ledger of the year, by default the present one.

    Args:
        reader: the look.
        year: the year.
        which: the meetings to list; None lists them all.
    """
    this_year = local_day(reader.now).year
    chosen = year if year is not None else this_year
    found = _of_year(reader, chosen)
    rows = _rows(reader, found[::-1])
    counted = [row for row in rows if row.status is Status.COUNTED]
    pending = sum(row.pending is not None for row in rows)
    uncounted = sum(row.status is Status.NOT_COUNTED for row in rows)
    return Ledger(
        which=which,
        year=chosen,
        years=tuple(range(this_year, _first_year(reader, this_year) - 1, -1)),
        rows=tuple(row for row in rows if which is None or _kind(row) is which),
        counted=len(counted),
        counted_minutes=sum(row.own_minutes for row in counted),
        apart=sum(row.status is Status.COUNTED_APART for row in rows),
        not_counted=uncounted - pending,
        pending=pending,
        months=tuple(sorted({Month.of(row.meeting.on) for row in rows}, reverse=True)),
    )


def _kind(row: LedgerRow) -> Which | None:
    """Return under which figure a meeting stands; one not decided yet under none."""
    if row.pending is not None:
        return Which.PENDING
    if row.status is None:
        return None
    return _KINDS[row.status]


def ledger_row(reader: Reader, meeting: Meeting) -> LedgerRow:
    """Return the decision that stands on one meeting of the actor."""
    return _rows(reader, [meeting])[0]


def _rows(reader: Reader, found: Sequence[Meeting]) -> tuple[LedgerRow, ...]:
    session_ids = [meeting.session_id for meeting in found if meeting.session_id]
    versions = of_sessions(reader, session_ids)
    decisions = {key: version.decision for key, version in versions.items()}
    named = labels_of(reader, [(REASONS, d.reason.value) for d in decisions.values() if d.reason])
    own = own_expert_id(reader)
    stands = standings(reader, versions, own, calendar_of(reader)) if versions else {}
    return tuple(
        replace(row, bar=stands[key].bar) if (key := row.meeting.session_id) in stands else row
        for row in (_row(meeting, decisions, named, str(own)) for meeting in found)
    )


def _of_year(reader: Reader, year: int) -> list[Meeting]:
    if not date.min.year < year < date.max.year:
        return []
    first, last = day_starts_at(date(year, 1, 1)), day_starts_at(date(year + 1, 1, 1))
    return meetings(
        reader,
        ServiceSession.id.is_not(None),
        Booking.starts_at >= first,
        Booking.starts_at < last,
    )


_KINDS = {
    Status.COUNTED: Which.COUNTED,
    Status.COUNTED_APART: Which.APART,
    Status.NOT_COUNTED: Which.NOT_COUNTED,
}


def _first_year(reader: Reader, this_year: int) -> int:
    first: datetime | None = reader.session.execute(
        select(func.min(ServiceSession.planned_starts_at)).where(
            ServiceSession.lead_expert_id == reader.actor.expert_id
        )
    ).scalar_one()
    return min(this_year, local_day(first).year) if first else this_year


def _row(
    meeting: Meeting,
    decisions: Mapping[UUID, Decision],
    named: Mapping[Key, Label],
    expert_id: str,
) -> LedgerRow:
    decision = decisions.get(meeting.session_id) if meeting.session_id else None
    if decision is None:
        return LedgerRow(meeting, None, 0, None, None, None)
    return LedgerRow(
        meeting,
        status=decision.status,
        own_minutes=dict(decision.expert_minutes).get(expert_id, 0),
        reason=named.get((REASONS, decision.reason.value)) if decision.reason else None,
        pending=decision.pending.value if decision.pending else None,
        column=decision.column.value if decision.column else None,
        code=decision.reason,
    )
