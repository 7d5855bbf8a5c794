"""导师缺口: which experts to recruit, with the needs behind each number."""

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.sheets import Cell, write_comma_separated, write_workbook
from app.domain.actor import Permission
from app.domain.calendar import local_day
from app.domain.service_record.slices import LONGEST_NAME, UnknownFilterError
from app.http.policy import policy
from app.http.run import reading
from app.queries import bureau_desk, vocabularies
from app.queries.bureau_desk import SupplyPart, SupplyReport
from app.queries.vocabularies import Labels
from app.unit_of_work import Reader
from app.web.bureau.address import key_asked, month_asked, one_of
from app.web.shared.layout import reader_locale

NAMED = ("need_topic", "expert_category")
_PARTS = {part.value: part for part in SupplyPart}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv; charset=utf-8"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the files."""
    blueprint.get("/bureau/supply")(supply)
    blueprint.get("/bureau/supply/needs")(supply_needs)
    blueprint.get("/bureau/supply.xlsx")(supply_workbook)
    blueprint.get("/bureau/supply.csv")(supply_text)


@policy(Permission.READ_EXCLUSIONS)
def supply() -> ResponseReturnValue:
    """Show what was missing in a year, by topic and matter."""
    page, names = _report()
    return render_template("bureau/pairing/supply.html", page=page, names=names)


@policy(Permission.READ_EXCLUSIONS)
def supply_needs() -> ResponseReturnValue:
    """Show the needs behind a number of the report."""
    part = one_of(_PARTS, request.args.get("part", ""))
    group = _group()
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        year = _year(reader)
        page = bureau_desk.supply_rows(reader, year, part, group, after=after)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
    return render_template(
        "bureau/pairing/supply_needs.html",
        page=page,
        year=year,
        part=part,
        group=group,
        names=names,
    )


@policy(Permission.READ_EXCLUSIONS, logged=True)
def supply_workbook() -> ResponseReturnValue:
    """Hand out the report as a spreadsheet."""
    return _file("xlsx", _XLSX, lambda head, rows: write_workbook(_("导师缺口"), head, rows))


@policy(Permission.READ_EXCLUSIONS, logged=True)
def supply_text() -> ResponseReturnValue:
    """Hand out the report as comma-separated text."""
    return _file("csv", _CSV, write_comma_separated)


def _report() -> tuple[SupplyReport, Labels]:
    with reading() as reader:
        page = bureau_desk.supply_report(reader, _year(reader))
        return page, vocabularies.labels(reader, *NAMED, locale=reader_locale())


def _year(reader: Reader) -> int:
    today = local_day(reader.now)
    return month_asked(f"{request.args.get('year') or today.year}-01", today).year


def _group() -> tuple[str, str] | None:
    topic, concept = request.args.get("topic"), request.args.get("concept")
    if topic is None or concept is None:
        return None
    if max(len(topic), len(concept)) > LONGEST_NAME:
        raise UnknownFilterError(value=topic[:LONGEST_NAME])
    return topic, concept


def _file(
    ending: str, kind: str, write: Callable[[list[str], list[list[Cell]]], bytes]
) -> ResponseReturnValue:
    page, names = _report()
    name = f"supply-{page.year}.{ending}"
    return Response(
        write(_headings(), _lines(page, names)),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _headings() -> list[str]:
    return [
        _("主题"),
        _("缺什么"),
        _("通常由谁来解答"),
        _("还在等"),
        _("已结束"),
        _("其中：合适的导师约满"),
        _("最长已等（天）"),
    ]


def _lines(page: SupplyReport, names: Labels) -> list[list[Cell]]:
    lines: list[list[Cell]] = [
        [
            names.of("need_topic", group.topic) if group.topic else _("看不出主题"),
            getattr(group.label, reader_locale()),
            _("、").join(names.of("expert_category", code) for code in group.categories),
            *(group.count(part) for part in (SupplyPart.OPEN, SupplyPart.PAST, SupplyPart.FULL)),
            group.longest_days,
        ]
        for group in page.groups
    ]
    parts = (SupplyPart.OPEN, SupplyPart.PAST, SupplyPart.FULL)
    return [*lines, [_("需求合计"), "", "", *(page.count(part) for part in parts), None]]
