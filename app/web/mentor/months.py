"""月度服务表: what the mentor did in a month, for his unit; on paper and as a file."""

from collections.abc import Callable

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.sheets import Cell, write_comma_separated, write_workbook
from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.privacy import mask_name
from app.domain.service_record import Status
from app.http.policy import policy
from app.http.run import reading
from app.queries import mentor_home as pages
from app.queries.mentor_home import MonthSheet, SheetRow
from app.web.mentor.words import COLUMN_NAMES, PENDING_NAMES, SERVICE_NAMES
from app.web.shared.formatting import clock_time
from app.web.shared.layout import reader_locale
from app.web.shared.words import MODE_NAMES, named

SHEET = "/mentor/months/<month>"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv; charset=utf-8"


def register(blueprint: Blueprint) -> None:
    """Add the page and the files."""
    blueprint.get(SHEET)(month)
    blueprint.get(f"{SHEET}/sheet.xlsx")(month_workbook)
    blueprint.get(f"{SHEET}/sheet.csv")(month_text)


@policy(Permission.RECORD_OUTCOME)
def month(month: str) -> ResponseReturnValue:
    """Show the sheet of a month, ready to be printed and signed."""
    page = _look(month)
    first_on = page.month.first_on
    return render_template(
        "mentor/month.html", page=page, previous=page.month.preceding(), first_on=first_on
    )


@policy(Permission.RECORD_OUTCOME)
def month_workbook(month: str) -> ResponseReturnValue:
    """Hand out the sheet as a spreadsheet."""
    page = _look(month)
    return _file(
        page, "xlsx", _XLSX, lambda head, rows: write_workbook(str(page.month), head, rows)
    )


@policy(Permission.RECORD_OUTCOME)
def month_text(month: str) -> ResponseReturnValue:
    """Hand out the sheet as comma-separated text."""
    return _file(_look(month), "csv", _CSV, write_comma_separated)


def _look(month: str) -> MonthSheet:
    with reading() as reader:
        return pages.month_sheet(reader, Month.parse(month))


def _file(
    page: MonthSheet,
    ending: str,
    kind: str,
    write: Callable[[list[str], list[list[Cell]]], bytes],
) -> ResponseReturnValue:
    name = f"services-{page.month}.{ending}"
    return Response(
        write(_headings(), _lines(page)),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _headings() -> list[str]:
    return [
        _("编号"),
        _("日期"),
        _("开始"),
        _("结束"),
        _("服务"),
        _("方式"),
        _("地点"),
        _("创业者"),
        _("是否计入"),
        _("计入分钟"),
    ]


def _lines(page: MonthSheet) -> list[list[Cell]]:
    lines: list[list[Cell]] = [
        [
            row.reference,
            row.on.isoformat(),
            clock_time(row.starts_at),
            clock_time(row.ends_at),
            str(SERVICE_NAMES[row.session_type]),
            str(MODE_NAMES.get(row.mode, row.mode)),
            row.place,
            mask_name(row.founder),
            _standing(row),
            row.counted_minutes,
        ]
        for row in page.rows
    ]
    counted = _("计入 %(count)s 次", count=page.sessions)
    return [*lines, [_("合计"), *[None] * 7, counted, page.minutes]]


def _standing(row: SheetRow) -> str:
    if row.pending:
        return named(PENDING_NAMES, [row.pending])[0].text
    if row.status is Status.COUNTED:
        return str(_("计入"))
    if row.status is Status.COUNTED_APART:
        return named(COLUMN_NAMES, [row.column])[0].text if row.column else _("单列")
    return str(_("不计入：%(reason)s", reason=_reason(row)))


def _reason(row: SheetRow) -> str:
    if row.reason is None:
        return ""
    return row.reason.zh if reader_locale() == "zh" else row.reason.en
