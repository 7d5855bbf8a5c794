"""The rows behind a figure of a month, and beside them those that do not count, and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import Month
from app.domain.errors import NotFoundError
from app.domain.service_record import Decision, Listing
from app.domain.service_record.slices import Addend, Labels, addends, total
from app.models.service_session import ServiceSession
from app.queries.service_counts.closed import closed_months
from app.queries.service_counts.decisions import Version, of_month
from app.queries.service_counts.frozen import load_frozen
from app.unit_of_work import Reader

PAGE = 100
EVERY_RECORD = Labels()


@dataclass(frozen=True, slots=True)
class View:
    """Which records of the month are looked at.

    Attributes:
        labels: by what they are chosen.
        as_reported: the decisions a closed month froze, instead of those that stand now.
    """

    labels: Labels = EVERY_RECORD
    as_reported: bool = False


WHOLE = View()


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One record as decided now, and what it adds to the figure asked for.

    Attributes:
        session_id: the meeting.
        record_id: the decision, a row of the ledger.
        amount: its part of the figure; 0 for a record that does not count.
        reason: why it is not in the headline.
        merged_into: the meeting that carries this part.
        persons: how many persons count.
    """

    session_id: UUID
    record_id: UUID
    reference: str
    day: date
    started_at: datetime
    session_type: str
    status: str
    column: str | None
    rule: str
    reason: str | None
    merged_into: UUID | None
    minutes: int
    persons: int
    amount: int


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of the rows behind a figure.

    Attributes:
        value: the figure, the sum over all pages.
        rows: those that make it up, in order of their start.
        not_counted: the records of the month that do not count; with the first page only.
        next: the key of the next page, None after the last.
    """

    month: str
    measure: str
    value: int
    rows: tuple[CountedRow, ...]
    not_counted: tuple[CountedRow, ...]
    next: UUID | None


def rows(
    reader: Reader,
    month: Month,
    measure: str,
    view: View = WHOLE,
    *,
    after: UUID | None = None,
    limit: int = PAGE,
) -> RowsPage:
    """Return the rows that sum to the figure, and those that do not count.

    Args:
        reader: the look; who does not see all records has the rows and the sum of his own.
        month: the month.
        measure: the name of a figure.
        view: which of its records.
        after: the last meeting of the page before.
        limit: how many rows at most.

    Raises:
        UnknownMeasureError: there is no such figure.
        NotFoundError: there is no row `after`.
    """
    versions = _reported(reader, month) if view.as_reported else of_month(reader, month)
    chosen = view.labels.choose(version.decision for version in versions.values())
    behind = addends(chosen, measure)
    begin = _place(behind, after)
    page = behind[begin : begin + limit]
    left_out = () if after else _left_out(chosen)
    references = _references(reader, [_key(row.decision) for row in (*page, *left_out)])
    return RowsPage(
        month=str(month),
        measure=measure,
        value=total(behind),
        rows=tuple(_row(row, versions, references) for row in page),
        not_counted=tuple(_row(row, versions, references) for row in left_out),
        next=_key(page[-1].decision) if begin + limit < len(behind) else None,
    )


def _reported(reader: Reader, month: Month) -> dict[UUID, Version]:
    """Return what the month froze, nothing while it is open."""
    period = closed_months(reader).get(month)
    if period is None:
        return {}
    return load_frozen(reader, [period.id], []).reported_rows(period.id)


def _left_out(chosen: Sequence[Decision]) -> tuple[Addend, ...]:
    return tuple(Addend(row.decision, 0) for row in addends(chosen, Listing.NOT_COUNTED))


def _place(behind: Sequence[Addend], after: UUID | None) -> int:
    if after is None:
        return 0
    for place, row in enumerate(behind, start=1):
        if _key(row.decision) == after:
            return place
    raise NotFoundError("service_session.not_found")


def _references(reader: Reader, session_ids: Collection[UUID]) -> dict[UUID, str]:
    found = reader.session.execute(
        select(ServiceSession.id, ServiceSession.reference).where(
            ServiceSession.id.in_(session_ids)
        )
    )
    return {key: reference for key, reference in found}


def _row(addend: Addend, versions: dict[UUID, Version], references: dict[UUID, str]) -> CountedRow:
    decision = addend.decision
    key = _key(decision)
    return CountedRow(
        session_id=key,
        record_id=versions[key].record_id,
        reference=references[key],
        day=decision.day,
        started_at=decision.started_at,
        session_type=decision.session_type.value,
        status=decision.status.value,
        column=decision.column.value if decision.column else None,
        rule=decision.rule.value,
        reason=decision.reason.value if decision.reason else None,
        merged_into=UUID(decision.merged_into) if decision.merged_into else None,
        minutes=decision.minutes,
        persons=len(decision.person_ids),
        amount=addend.amount,
    )


def _key(decision: Decision) -> UUID:
    return UUID(decision.session_id)
