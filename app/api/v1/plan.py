"""计划目标: figures of the plan, the rows that sum to each, and the dates they count from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text, Whole
from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.plan import LONGEST_DOCUMENT, Comparison, IndicatorKind, Line, Source, Standing
from app.domain.plan.report import FIRST_YEAR, LAST_YEAR
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.plan import IndicatorBase
from app.queries import plan as queries
from app.queries.plan import Asked, Evidence, IndicatorFigure, Proof
from app.services import plan
from app.services.plan import BaseChange

INDICATOR = "/plan/indicators/<code>"
Year = Annotated[int | None, Whole(FIRST_YEAR, LAST_YEAR)]
MonthText = Annotated[str | None, Text(7), Named(says="YYYY-MM.")]


@dataclass(frozen=True, slots=True)
class IndicatorDetail:
    """An indicator in a year; amounts are whole numbers of the smallest unit.

    Attributes:
        scale: how many of the smallest unit make one `unit`, such as 100 fen to a 元.
    """

    code: str
    zh: str
    en: str
    kind: IndicatorKind
    comparison: Comparison
    target: str
    unit: str
    scale: int
    clause: str
    owner: str
    source: Source
    baseline_on: date
    due_on: date | None
    value: int
    expected: int
    standing: Standing
    gap: int
    of_year: int
    mean: str | None
    lines: Mapping[str, int]
    rows_url: str


@dataclass(frozen=True, slots=True)
class PlanDetail:
    """Every indicator in a year, as far as it has come."""

    year: int
    indicators: tuple[IndicatorDetail, ...]


@dataclass(frozen=True, slots=True)
class ProofDetail:
    """What shows a row; `number` is a line of an opening list."""

    evidence: Evidence
    id: UUID
    number: int | None


@dataclass(frozen=True, slots=True)
class PlanRowDetail:
    """One row of a figure; names are masked."""

    id: UUID
    on: date
    amount: int
    line: Line | None
    name: str
    proofs: tuple[ProofDetail, ...]


@dataclass(frozen=True, slots=True)
class PlanRows:
    """Rows of a figure; `total` is what all of them sum to, `count` how many there are."""

    indicator: IndicatorDetail
    items: tuple[PlanRowDetail, ...]
    total: int
    count: int
    next: UUID | None


@dataclass(frozen=True, slots=True)
class BaseDetail:
    """From when an indicator is counted, and since when that holds."""

    id: UUID
    code: str
    valid_from: date
    baseline_on: date
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearQuery:
    """The year, by default the present one."""

    year: Year = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRowsQuery:
    """Which rows: of a month, up to the end of one, or of founders on a line."""

    year: Year = None
    month: MonthText = None
    until: MonthText = None
    line: Line | None = None
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseBody:
    """From when an indicator is counted, by which paper, and since when that holds."""

    code: Annotated[str, Text(10)]
    valid_from: date
    baseline_on: date
    due_on: date | None = None
    document: Annotated[str, Text(LONGEST_DOCUMENT)]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/plan")(read_plan)
    blueprint.get(INDICATOR)(read_indicator)
    blueprint.post("/plan/bases")(set_base)


@operation(Permission.READ_PLAN, answer=PlanDetail)
def read_plan(query: YearQuery) -> Any:
    """Read every indicator of the plan beside its pace line."""
    with reading() as reader:
        page = queries.plan_page(reader, query.year)
    return jsonable(PlanDetail(page.year, tuple(map(detail, page.figures))))


@operation(Permission.READ_PLAN, answer=PlanRows, logged=True)
def read_indicator(code: str, query: PlanRowsQuery) -> Any:
    """Read the rows that sum to a figure of the plan."""
    asked = Asked(
        year=query.year,
        month=Month.parse(query.month) if query.month else None,
        until=Month.parse(query.until) if query.until else None,
        line=query.line,
    )
    with reading() as reader:
        page = queries.indicator_page(reader, code, asked, after=query.cursor)
    rows = tuple(
        PlanRowDetail(
            each.row.key,
            each.row.on,
            each.row.amount,
            each.row.line,
            each.name,
            tuple(map(_proof, each.row.proofs)),
        )
        for each in page.rows
    )
    return jsonable(PlanRows(detail(page.figure), rows, page.total, page.count, page.next))


@operation(Permission.CHECK_PLAN, answer=BaseDetail, status=201)
def set_base(body: BaseBody) -> Any:
    """Count an indicator from another base date 基期, from a day on."""
    change = BaseChange(
        valid_from=body.valid_from,
        baseline_on=body.baseline_on,
        due_on=body.due_on,
        document=body.document,
    )
    made: IndicatorBase = run(plan.set_base, body.code, change)
    return jsonable(BaseDetail(made.id, body.code, made.valid_from, made.baseline_on, made.due_on))


def detail(figure: IndicatorFigure) -> IndicatorDetail:
    """Return an indicator as machines read it."""
    course = figure.course
    is_of_persons = figure.source is Source.PERSONS
    return IndicatorDetail(
        code=figure.code,
        zh=figure.zh,
        en=figure.en,
        kind=figure.kind,
        comparison=figure.comparison,
        target=figure.written,
        unit=figure.unit,
        scale=figure.target.scale,
        clause=figure.clause,
        owner=figure.owner,
        source=figure.source,
        baseline_on=figure.base.baseline_on,
        due_on=figure.base.due_on,
        value=course.value,
        expected=course.expected,
        standing=course.standing,
        gap=course.gap,
        of_year=figure.of_year,
        mean=None if figure.mean is None else str(figure.mean),
        lines={line.value: n for line, n in figure.lines.items()} if is_of_persons else {},
        rows_url=f"/api/v1/plan/indicators/{figure.code}?year={figure.time.by.year}",
    )


def _proof(proof: Proof) -> ProofDetail:
    return ProofDetail(proof.evidence, proof.key, proof.number)
