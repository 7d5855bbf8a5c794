"""Workbooks of many rows, opened again by two other libraries."""

import io
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from app.adapters.sheets import Sheet, write_book

TRICKS = [
    "=1+1",
    "+8613800000000",
    "-2",
    "@SUM(A1)",
    "\tx",
    "<r><t>x</t></r></is></c><c r='A9'><f>1+1</f></c>",
    '<r><t>x</t></r></is></c><c r="C9"><f>1+1</f><v>2</v></c><c><is><r><t>y</t></r>',
    "a & b < c",
    " 前后有空格 ",
    "_x0041_",
    "零\x00字符",
]


def written(*sheets: Sheet, footer: str = "") -> bytes:
    target = io.BytesIO()
    write_book(target, sheets, footer)
    return target.getvalue()


def by_calamine(content: bytes) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_index(at).to_python() for at in range(len(book.sheet_names))]


def by_openpyxl(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_two_libraries_read_what_was_written() -> None:
    rows = [["TZ2026-000001", date(2026, 9, 16), 55, None], ["TZ2026-000002", None, 0, "好"]]
    content = written(
        Sheet("明细", ["编号", "日期", "分钟", "备注"], rows, remarks=["=导出"]),
        Sheet("汇总", ["指标"], [["场次"]]),
        footer="许言冰 & 9月16日",
    )
    first, second = by_calamine(content)
    assert first == [
        ["=导出", "", "", ""],
        ["编号", "日期", "分钟", "备注"],
        ["TZ2026-000001", date(2026, 9, 16), 55.0, ""],
        ["TZ2026-000002", "", 0.0, "好"],
    ]
    assert second == [["指标"], ["场次"]]
    book = by_openpyxl(content)
    assert [[cell.value for cell in row] for row in book["汇总"]] == [["指标"], ["场次"]]
    assert book["明细"]["B3"].value.date() == date(2026, 9, 16)
    assert book["明细"].oddFooter.left.text == "许言冰 && 9月16日"


@pytest.mark.parametrize("text", TRICKS)
def test_no_text_becomes_a_formula_or_markup(text: str) -> None:
    content = written(Sheet("一", [text], [[text, 1], ["后"]], remarks=[text]))
    sheet = by_openpyxl(content)["一"]
    kinds = {cell.data_type for row in sheet for cell in row if cell.value is not None}
    assert kinds <= {"s", "inlineStr", "n"}
    assert sheet["A4"].value == "后"
    shown = by_calamine(content)[0][2][0]
    assert str(shown).strip() == text.strip()


def test_others_do_make_formulas_of_the_same_texts() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        book.add_worksheet("一").write_string(0, 0, TRICKS[6])
    assert by_openpyxl(target.getvalue())["一"]["C9"].data_type == "f"
    peer, target = openpyxl.Workbook(write_only=True), io.BytesIO()
    peer.create_sheet("一").append(["=1+1"])
    peer.save(target)
    assert by_openpyxl(target.getvalue())["一"]["A1"].data_type == "f"
