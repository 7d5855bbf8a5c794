"""工作进展表: asked by period, filled in by departments, signed off or sent back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, Text, Whole
from app.api.v1.plan_entries import SentBackBody
from app.domain.actor import Permission
from app.domain.plan import LONGEST_DOCUMENT
from app.domain.plan.progress import (
    LONGEST_FIGURE,
    LONGEST_WORDS,
    MOST_AMOUNT,
    MOST_FIGURES,
    Progress,
    ProgressEvent,
    ProgressFigure,
    ProgressStatus,
)
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.progress import ProgressRound
from app.queries.plan import progress as queries
from app.queries.plan.progress import EntryRow, StepRow
from app.services.plan import progress

TABLE = "/plan/progress"
ENTRY = f"{TABLE}/<uuid:entry_id>"
LONGEST_PERIOD = 10


@dataclass(frozen=True, slots=True)
class FigureDetail:
    """One figure beside the words; it counts towards no indicator."""

    name: Annotated[str, Text(LONGEST_FIGURE)]
    amount: Annotated[int, Whole(0, MOST_AMOUNT)]
    unit: Annotated[str, Text(LONGEST_FIGURE)]


@dataclass(frozen=True, slots=True)
class ProgressEntryDetail:
    """What one department says of one item."""

    id: UUID
    version: int
    item: int
    department: str
    is_lead: bool
    status: ProgressStatus
    words: str
    figures: tuple[FigureDetail, ...]
    document: str
    submitted_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ProgressStepDetail:
    """One version that was handed in, or what was said to it."""

    number: int
    event: ProgressEvent
    words: str
    figures: tuple[FigureDetail, ...]
    document: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """One entry with everything that happened to it, the newest first."""

    period: str
    due_at: datetime
    entry: ProgressEntryDetail
    steps: tuple[ProgressStepDetail, ...]


@dataclass(frozen=True, slots=True)
class ProgressTableDetail:
    """A period with the entries in reach; `counts` by waiting, overdue, submitted, signed."""

    period: str | None
    due_at: datetime | None
    periods: tuple[str, ...]
    items: tuple[ProgressEntryDetail, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RoundDetail:
    """A period that was asked about, and until when it is filled in."""

    id: UUID
    period: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodQuery:
    """The period, by default the newest."""

    period: Annotated[str | None, Text(LONGEST_PERIOD)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundBody:
    """The period; without a last day it is the fifth working day after it."""

    period: Annotated[str, Text(LONGEST_PERIOD), Named(says="2026-Q3 or 2026-09.")]
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressBody:
    """What is said of an item."""

    words: Annotated[str, Text(LONGEST_WORDS)]
    figures: Annotated[tuple[FigureDetail, ...], Count(0, MOST_FIGURES)] = ()
    document: Annotated[str, Text(LONGEST_DOCUMENT)] = ""


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(TABLE)(read_progress_table)
    blueprint.post(TABLE)(open_round)
    blueprint.get(ENTRY)(read_progress)
    blueprint.put(ENTRY)(save_progress)
    blueprint.post(f"{ENTRY}/submit")(submit_progress)
    blueprint.post(f"{ENTRY}/sign")(sign_progress)
    blueprint.post(f"{ENTRY}/return")(return_progress)


@operation(Permission.READ_PLAN, Permission.REPORT_PLAN, answer=ProgressTableDetail)
def read_progress_table(query: PeriodQuery) -> Any:
    """Read a period's progress table; a liaison reads his department's items."""
    return _table(query.period)


@operation(Permission.ENTER_PLAN, answer=RoundDetail, status=201)
def open_round(body: RoundBody) -> Any:
    """Ask every department responsible how its items went in a period."""
    made: ProgressRound = run(progress.open_round, body.period, body.due_on)
    return jsonable(RoundDetail(made.id, made.period, made.due_at))


@operation(Permission.READ_PLAN, Permission.REPORT_PLAN, answer=ProgressPage)
def read_progress(entry_id: UUID) -> Any:
    """Read one entry with its versions."""
    return _page(entry_id)


@operation(Permission.REPORT_PLAN, answer=ProgressPage)
def save_progress(entry_id: UUID, body: ProgressBody, version: int | None) -> Any:
    """Keep what is written so far; nobody is told."""
    run(progress.save_progress, entry_id, _said(body), version=version)
    return _page(entry_id)


@operation(Permission.REPORT_PLAN, answer=ProgressPage)
def submit_progress(entry_id: UUID, body: ProgressBody, version: int | None) -> Any:
    """Hand in what is said of an item; it is kept as a version."""
    run(progress.submit_progress, entry_id, _said(body), version=version)
    return _page(entry_id)


@operation(Permission.CHECK_PLAN, answer=ProgressPage)
def sign_progress(entry_id: UUID, version: int | None) -> Any:
    """Sign off what was handed in; not by who handed it in."""
    run(progress.sign_progress, entry_id, version=version)
    return _page(entry_id)


@operation(Permission.CHECK_PLAN, answer=ProgressPage)
def return_progress(entry_id: UUID, body: SentBackBody, version: int | None) -> Any:
    """Send what was handed in back with words."""
    run(progress.return_progress, entry_id, body.answer, version=version)
    return _page(entry_id)


def _table(period: str | None) -> Any:
    with reading() as reader:
        page = queries.progress_table(reader, period)
    shown = page.round
    return jsonable(
        ProgressTableDetail(
            shown.period if shown else None,
            shown.due_at if shown else None,
            tuple(each.period for each in page.rounds),
            tuple(map(_entry, page.entries)),
            {which.value: count for which, count in page.counts.items()},
        )
    )


def _page(entry_id: UUID) -> Any:
    with reading() as reader:
        page = queries.progress_entry(reader, entry_id)
    return jsonable(
        ProgressPage(
            page.round.period, page.round.due_at, _entry(page.entry), tuple(map(_step, page.steps))
        )
    )


def _said(body: ProgressBody) -> Progress:
    figures = tuple(ProgressFigure(each.name, each.amount, each.unit) for each in body.figures)
    return Progress(body.words, figures, body.document)


def _figures(rows: tuple[ProgressFigure, ...]) -> tuple[FigureDetail, ...]:
    return tuple(FigureDetail(each.name, each.amount, each.unit) for each in rows)


def _entry(row: EntryRow) -> ProgressEntryDetail:
    return ProgressEntryDetail(
        id=row.id,
        version=row.version,
        item=row.item,
        department=row.department,
        is_lead=row.is_lead,
        status=row.status,
        words=row.words,
        figures=_figures(row.figures),
        document=row.document,
        submitted_at=row.submitted_at,
        is_overdue=row.is_overdue,
    )


def _step(row: StepRow) -> ProgressStepDetail:
    return ProgressStepDetail(
        row.number,
        row.event,
        row.words,
        _figures(row.figures),
        row.document,
        row.by,
        row.at,
    )
