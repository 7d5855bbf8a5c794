"""The figures of a month, and the rows behind each."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, url_for

from app.api.operations import operation
from app.api.schemas import Named, Text, Whole
from app.domain.actor import Permission
from app.domain.calendar import Month
from app.http.run import reading
from app.http.wire import jsonable
from app.queries import service_counts
from app.queries.service_counts import CountedRow as Row
from app.queries.service_counts import MonthCounts, View

LONGEST_MEASURE = 40
PAGE_SIZE = 50
Figure = int | str
# Hours are minutes told in another unit: the same rows stand behind both.
ROWS_OF = {"session_hours": "session_minutes", "mentor_hours": "mentor_minutes"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure; `value` is as reported once the month is closed, `restated` as known now."""

    measure: str
    value: Figure
    as_reported: Figure | None
    restated: Figure
    policy: str
    rows_url: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of a month as far as the asker may see its records."""

    month: str
    policy: str
    is_closed: bool
    cut_at: datetime | None
    closed_at: datetime | None
    items: tuple[Measure, ...]
    next: str | None
    own: Mapping[str, Figure]
    as_reported: Mapping[str, Figure] | None
    restated: Mapping[str, Figure]
    pending: Mapping[str, int]
    not_counted: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One record and what it adds to the figure; `reason` says why it is not in the headline."""

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
class CountedRows:
    """The rows that sum to a figure; with the first page those that do not count, and why."""

    month: str
    measure: str
    value: int
    items: tuple[CountedRow, ...]
    not_counted: tuple[CountedRow, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class MonthQuery:
    """Which month."""

    month: Month


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsQuery:
    """Which figure of which month."""

    month: Month
    measure: Annotated[str, Text(LONGEST_MEASURE)]
    as_reported: Annotated[
        bool, Named(says="The rows a closed month froze, instead of those that stand now.")
    ] = False
    cursor: UUID | None = None
    limit: Annotated[int, Whole(1, PAGE_SIZE)] = PAGE_SIZE


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/counts")(read_counts)
    blueprint.get("/counts/rows")(list_counted_rows)


@operation(Permission.READ_COUNTS, answer=Counts)
def read_counts(query: MonthQuery) -> Any:
    """Read the figures of a month."""
    with reading() as reader:
        found = service_counts.measures(reader, query.month)
    return jsonable(
        Counts(
            month=found.month,
            policy=found.policy,
            is_closed=found.is_closed,
            cut_at=found.cut_at,
            closed_at=found.closed_at,
            items=_measures(found),
            next=None,
            own=found.own.figures(),
            as_reported=found.as_reported.figures() if found.as_reported else None,
            restated=found.restated.figures(),
            pending=found.pending,
            not_counted={str(key): reason for key, reason in found.not_counted.items()},
        )
    )


@operation(Permission.READ_COUNTS, answer=CountedRows, logged=True)
def list_counted_rows(query: RowsQuery) -> Any:
    """List the rows that sum to a figure, and those of the month that do not count."""
    with reading() as reader:
        found = service_counts.rows(
            reader,
            query.month,
            query.measure,
            View(as_reported=query.as_reported),
            after=query.cursor,
            limit=query.limit,
        )
    return jsonable(
        CountedRows(
            month=found.month,
            measure=found.measure,
            value=found.value,
            items=tuple(map(_row, found.rows)),
            not_counted=tuple(map(_row, found.not_counted)),
            next=found.next,
        )
    )


def _measures(found: MonthCounts) -> tuple[Measure, ...]:
    reported = found.as_reported.figures() if found.as_reported else {}
    restated = found.restated.figures()
    return tuple(
        Measure(
            measure=name,
            value=value,
            as_reported=reported.get(name),
            restated=restated[name],
            policy=found.policy,
            rows_url=_rows_url(found, name),
        )
        for name, value in found.own.figures().items()
    )


def _rows_url(found: MonthCounts, name: str) -> str:
    frozen = "true" if found.is_closed else None
    return url_for(
        "api.list_counted_rows",
        month=found.month,
        measure=ROWS_OF.get(name, name),
        as_reported=frozen,
    )


def _row(row: Row) -> CountedRow:
    return CountedRow(**{each.name: getattr(row, each.name) for each in fields(CountedRow)})
