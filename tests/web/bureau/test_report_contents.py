"""What is in a report file: all its page shows, the same in the workbook and in the text."""

import csv
import io
from datetime import date, datetime

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from app.domain.calendar import Month
from app.domain.person import GroupProof
from app.domain.service_record import CorrectionOp
from app.queries.service_counts import measures
from app.queries.service_counts.group_labels import by_every_label
from app.services import errata, persons
from tests.builders import a_group
from tests.journeys.district import District
from tests.scenes import Plays, after
from tests.turns import on_each
from tests.web.bureau.test_report_files import made
from tests.web.bureau.year import Year, a_year

Tables = dict[str, list[list[object]]]


@after(a_year)
def a_changed_year(year: Year) -> District:
    """Close August, strike one of its services, correct a word of its report."""
    district = year.district
    for code in ("veteran", "returning_migrant"):
        a_group(district.store, year.firm.person, code)
        seen = (persons.verify_group, year.firm.person_id, code, GroupProof.CERTIFICATE)
        district.store.execute(district.officer, *seen)
    district.close(Month(2026, 8), "09-25 11:00")
    district.correct(year.meetings["guodian"], CorrectionOp.VOID, None)
    words = "街道名称写成郭店，应为唐冶。"
    row = district.store.execute(district.officer, errata.propose, Month(2026, 8), words)
    district.store.execute(district.approver, errata.approve, row.id)
    return district


@pytest.fixture
def plays() -> Plays:
    return {"closed": a_changed_year}


@pytest.fixture
def closed(scene: District) -> District:
    return scene


@pytest.fixture
def district(scene: District) -> District:
    return scene


def sheets(content: bytes) -> Tables:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def by_openpyxl(content: bytes) -> Tables:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}


def plain(cell: object) -> object:
    """Return a cell as both libraries and the text say it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    return str(cell or "")


def as_plain(tables: Tables) -> Tables:
    return {name: [list(map(plain, line)) for line in lines] for name, lines in tables.items()}


def by_csv(content: bytes) -> Tables:
    """Return the tables of a text; the first cell of each line names its table."""
    tables: Tables = {}
    for name, *line in list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]:
        tables.setdefault(name, []).append([cell.removeprefix("'") for cell in line])
    return tables


def padded(tables: Tables) -> Tables:
    widths = {name: max(map(len, lines)) for name, lines in tables.items()}
    return {
        name: [[*line, *[""] * (widths[name] - len(line))] for line in lines]
        for name, lines in tables.items()
    }


@on_each
@pytest.mark.parametrize("stretch", ["2026-08", "2026-09", "2026-Q3"])
def test_workbook_and_text_say_the_same_whoever_opens_them(closed, desk, stretch: str) -> None:
    book, text = made(closed, desk, stretch), made(closed, desk, stretch, "text")
    assert text.startswith(b"\xef\xbb\xbf")
    assert "导出人" in text.decode("utf-8-sig").partition("\r\n")[0]
    told = padded(as_plain(sheets(book)))
    assert told == padded(as_plain(by_openpyxl(book))) == padded(by_csv(text))
    assert {"说明", "汇总", "分项", "重点群体（可重叠）", "结账后的变化", "勘误"} < told.keys()
    cells = [
        cell for sheet in openpyxl.load_workbook(io.BytesIO(book)) for r in sheet for cell in r
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_file_holds_what_its_page_shows(closed, desk) -> None:
    told = sheets(made(closed, desk, "2026-08"))
    figures = {line[0]: line[2:] for line in told["汇总"][1:]}
    with closed.store.read(closed.approver) as reader:
        counts = measures(reader, Month(2026, 8))
        labels = by_every_label(reader, Month(2026, 8), Month(2026, 8))
    for zh, name in (("服务人数", "distinct_persons"), ("服务人次", "person_times")):
        then, now = counts.own.figures()[name], counts.restated.figures()[name]
        assert figures[zh] == [then, now, now - then]
    assert figures["服务场次"][2] == -1
    overlapping = [line[1:] for line in told["重点群体（可重叠）"][2:]]
    assert overlapping == [[each.person_times, each.distinct_persons] for each in labels.values()]
    assert "可重叠" in told["重点群体（可重叠）"][0][0]
    assert overlapping
    (change,) = told["结账后的变化"][1:]
    names = dict(zip(told["结账后的变化"][0], change, strict=True))
    assert (names["原因"], names["记入月份"], names["减少（人）"]) == ("更正", "2026-09", 1)
    assert names["减少的人"].startswith("赵")
    assert "赵敏" not in str(told)
    assert (names["提出"], names["复核"]) == ("小郭", "老田")
    assert [line[2] for line in told["勘误"][1:]] == ["街道名称写成郭店，应为唐冶。"]
    about = {line[0]: line[1] for line in told["说明"]}
    assert "120 分钟" in about["口径 LC-COUNT-1"]
    assert "90 天" in about["口径 LC-COUNT-1"]
    assert "截止" in about["2026-08 已结账"]
    page = desk.get("/bureau/reports/2026-08")
    assert all(str(line[0]) in page for line in told["重点群体（可重叠）"][2:])
    september = sheets(made(closed, desk, "2026-09"))
    assert [line[10] for line in september["上期调整"][1:]] == [-1, -1]
    assert "人数 -1" in september["上期调整"][2][1]
    assert [line[0] for line in september["还在等待"][1:]] == [
        "等导师填报",
        "等创业者确认",
        "等裁定",
    ]
