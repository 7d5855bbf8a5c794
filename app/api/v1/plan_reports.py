"""What departments report of the plan, and the opening lists 期初名单: checked, or taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text, Whole
from app.api.v1.plan_entries import (
    CheckDetail,
    Document,
    Note,
    SentBackBody,
    StateQuery,
    check_detail,
)
from app.domain.actor import Permission
from app.domain.plan import LONGEST_GROUNDS
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.plan import ReportedFigure
from app.models.support_item import OpeningList
from app.queries.plan import entered
from app.queries.plan.entered import ReportRow
from app.queries.plan.lists import ListRow, list_entries
from app.services import plan
from app.services.plan import Report
from app.services.plan.reports import MOST

REPORTS, LISTS = "/plan/reports", "/plan/opening-lists"


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """A reported figure; `amount` is in the printed unit."""

    id: UUID
    version: int
    code: str
    department: str
    period: str
    amount: int
    unit: str
    document: str
    note: str | None
    replaces: UUID | None
    is_void: bool
    check: CheckDetail


@dataclass(frozen=True, slots=True)
class ListDetail:
    """An opening list; `unmatched` rows are nobody known here."""

    id: UUID
    version: int
    document: str
    file_name: str
    rows: int
    unmatched: int
    check: CheckDetail


@dataclass(frozen=True, slots=True)
class ReportedList:
    """A page of reported figures, the newest first; `waiting` counts what waits in all."""

    items: tuple[ReportDetail, ...]
    waiting: int
    next: UUID | None


@dataclass(frozen=True, slots=True)
class OpeningListList:
    """Every opening list, the newest first."""

    items: tuple[ListDetail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBody:
    """What was added in a period, in the printed unit."""

    code: Annotated[str, Text(LONGEST_GROUNDS)]
    period: Annotated[str, Text(LONGEST_GROUNDS), Named(says="2026, 2026-H1, 2026-Q3, 2026-09.")]
    amount: Annotated[int, Whole(0, MOST)]
    document: Document
    note: Note = ""
    replaces: UUID | None = None
    is_void: bool = False


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(REPORTS)(list_reports)
    blueprint.post(REPORTS)(send_report)
    blueprint.post(f"{REPORTS}/<uuid:figure_id>/approve")(approve_report)
    blueprint.post(f"{REPORTS}/<uuid:figure_id>/refuse")(refuse_report)
    blueprint.get(LISTS)(list_opening_lists)
    blueprint.post(f"{LISTS}/<uuid:list_id>/approve")(approve_list)
    blueprint.post(f"{LISTS}/<uuid:list_id>/refuse")(refuse_list)
    blueprint.post(f"{LISTS}/<uuid:list_id>/withdraw")(withdraw_list)


@operation(Permission.READ_PLAN, Permission.REPORT_PLAN, answer=ReportedList)
def list_reports(query: StateQuery) -> Any:
    """Read the reported figures in a state; a liaison reads his department's."""
    with reading() as reader:
        page = entered.report_entries(reader, query.state, after=query.cursor)
    return jsonable(ReportedList(tuple(map(_report, page.items)), page.waiting, page.next))


@operation(Permission.REPORT_PLAN, answer=ReportDetail, status=201)
def send_report(body: ReportBody) -> Any:
    """Report a figure of an indicator the department owns; it counts once signed off."""
    given = Report(
        code=body.code,
        period=body.period,
        amount=body.amount,
        document=body.document,
        note=body.note,
        replaces=body.replaces,
        is_void=body.is_void,
    )
    made: ReportedFigure = run(plan.report, given)
    return _read_report(made.id)


@operation(Permission.CHECK_PLAN, answer=ReportDetail)
def approve_report(figure_id: UUID, version: int | None) -> Any:
    """Sign a reported figure off; not by who entered it."""
    run(plan.approve_report, figure_id, version=version)
    return _read_report(figure_id)


@operation(Permission.CHECK_PLAN, answer=ReportDetail)
def refuse_report(figure_id: UUID, body: SentBackBody, version: int | None) -> Any:
    """Send a reported figure back with the reason."""
    run(plan.refuse_report, figure_id, body.answer, version=version)
    return _read_report(figure_id)


@operation(Permission.READ_PLAN, answer=OpeningListList)
def list_opening_lists() -> Any:
    """Read the opening lists; they are brought in on their page, from a file."""
    with reading() as reader:
        rows = list_entries(reader)
    return jsonable(OpeningListList(tuple(map(_list, rows))))


@operation(Permission.CHECK_PLAN, answer=ListDetail)
def approve_list(list_id: UUID, version: int | None) -> Any:
    """Let the rows of an opening list count; not by who brought it in."""
    changed: OpeningList = run(plan.approve_list, list_id, version=version)
    return _read_list(changed.id)


@operation(Permission.CHECK_PLAN, answer=ListDetail)
def refuse_list(list_id: UUID, body: SentBackBody, version: int | None) -> Any:
    """Send an opening list back with the reason."""
    changed: OpeningList = run(plan.refuse_list, list_id, body.answer, version=version)
    return _read_list(changed.id)


@operation(Permission.CHECK_PLAN, answer=ListDetail)
def withdraw_list(list_id: UUID, body: SentBackBody, version: int | None) -> Any:
    """Take an opening list that counted back."""
    changed: OpeningList = run(plan.withdraw_list, list_id, body.answer, version=version)
    return _read_list(changed.id)


def _read_report(figure_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(_report(entered.reported_figure(reader, figure_id)))


def _read_list(list_id: UUID) -> Any:
    with reading() as reader:
        rows: Sequence[ListRow] = list_entries(reader)
    return jsonable(next(_list(row) for row in rows if row.checked.id == list_id))


def _report(row: ReportRow) -> ReportDetail:
    return ReportDetail(
        id=row.checked.id,
        version=row.checked.version,
        code=row.code,
        department=row.department,
        period=row.period,
        amount=row.shown,
        unit=row.unit,
        document=row.document,
        note=row.note,
        replaces=row.replaces,
        is_void=row.is_void,
        check=check_detail(row.checked),
    )


def _list(row: ListRow) -> ListDetail:
    return ListDetail(
        id=row.checked.id,
        version=row.checked.version,
        document=row.document,
        file_name=row.file_name,
        rows=row.rows,
        unmatched=row.unmatched,
        check=check_detail(row.checked),
    )
