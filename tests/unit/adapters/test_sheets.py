import io
import zipfile
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from app.adapters.import_rows import EXPERTS, NEEDS
from app.adapters.sheets import (
    LARGEST_FILE,
    MOST_ROWS,
    SheetError,
    read_rows,
    workbook,
    write_template,
)

HEADINGS = {"id": "id", "编号": "id", "name": "name", "姓名": "name", "from": "from"}


def workbook_of(*rows: list[Any]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        form = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, form)
                else:
                    sheet.write(number, column, cell)
    return target.getvalue()


def read(name: str, content: bytes) -> list[tuple[int, dict[str, object]]]:
    return [(row.number, dict(row.values)) for row in read_rows(name, content, HEADINGS)]


def faults(name: str, content: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(SheetError) as refused:
        read_rows(name, content, HEADINGS)
    return [(each.row, each.field, each.code) for each in refused.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_comma_separated_text_is_read_in_the_encodings_of_the_country(encoding: str) -> None:
    content = '编号,姓名\r\nE1,张敏\r\n\r\nE2,"李,晓"\r\n'.encode(encoding)
    assert read("专家.CSV", content) == [
        (2, {"id": "E1", "name": "张敏"}),
        (4, {"id": "E2", "name": "李,晓"}),
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("编号,姓名\nE1,张敏".encode("utf-16"), (0, "", "import.encoding")),
        (b"id,name\nE1,\xff\xff", (0, "", "import.encoding")),
        ("编号,生肖\nE1,马".encode(), (1, "生肖", "import.unknown_column")),
        ("编号,id\nE1,E1".encode(), (1, "id", "import.double_column")),
        (b"id,name\nE1,a,b", (2, "", "import.too_many_cells")),
        (b'id,name\nE1,"a\n', (2, "", "import.unreadable")),
        (b"id,name\n", (0, "", "import.no_rows")),
        (b"", (0, "", "import.no_rows")),
    ],
)
def test_comma_separated_text_with_a_fault_is_refused(content: bytes, fault) -> None:
    assert faults("a.csv", content) == [fault]


def test_empty_headings_at_the_end_are_no_columns() -> None:
    assert read("a.csv", b"id,name,,\nE1,a,,\n") == [(2, {"id": "E1", "name": "a"})]


def test_a_workbook_is_read_with_the_numbers_of_its_rows() -> None:
    content = workbook_of(
        [], ["编号", "姓名", "from"], [], ["E1", "张敏", date(2026, 9, 16)], [7, "李晓"]
    )
    assert read("a.xlsx", content) == [
        (4, {"id": "E1", "name": "张敏", "from": date(2026, 9, 16)}),
        (5, {"id": 7.0, "name": "李晓", "from": ""}),
    ]


def test_json_lines_are_read_with_the_numbers_of_their_lines() -> None:
    content = '\ufeff{"id": "E1", "name": ["a"]}\n\n{"id": 2}\n'.encode()
    assert read("a.jsonl", content) == [(1, {"id": "E1", "name": ["a"]}), (3, {"id": 2})]


def test_every_fault_of_json_lines_is_told() -> None:
    content = b'{"id": 1\n[1]\n{"id": "E1", "zodiac": "horse"}\n' + b"[" * 100_000
    assert faults("a.jsonl", content) == [
        (1, "", "import.not_json"),
        (2, "", "import.not_an_object"),
        (3, "zodiac", "import.unknown_column"),
        (4, "", "import.not_json"),
    ]


def test_json_in_another_encoding_is_refused() -> None:
    assert faults("a.jsonl", '{"id": "张"}'.encode("gb18030")) == [(0, "", "import.encoding")]


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a", "a.xlsx.exe"])
def test_another_form_of_file_is_refused(name: str) -> None:
    assert faults(name, b"id,name\nE1,a") == [(0, "", "import.unknown_form")]


def test_a_file_over_ten_mebibytes_is_refused_unread() -> None:
    assert faults("a.xlsx", bytes(LARGEST_FILE + 1)) == [(0, "", "import.file_too_large")]


def test_more_rows_than_one_import_takes_are_refused() -> None:
    lines = b"".join(b"E%d\n" % number for number in range(MOST_ROWS))
    assert len(read("a.csv", b"id\n" + lines)) == MOST_ROWS
    assert faults("a.csv", b"id\n" + lines + b"one more\n") == [
        (MOST_ROWS + 2, "", "import.too_many_rows")
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip at all"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert faults("a.xlsx", content) == [(0, "", "import.unreadable")]


def test_an_archive_without_a_workbook_is_refused() -> None:
    assert faults("a.xlsx", archive({"word/document.xml": b"<a/>"})) == [
        (0, "", "import.unreadable")
    ]


def archive(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return target.getvalue()


def with_sheet(markup: bytes) -> bytes:
    """Return a real workbook whose first sheet holds this markup instead."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(workbook_of(["id"], ["E1"]))) as source:
        for part in source.namelist():
            parts[part] = source.read(part)
    parts["xl/worksheets/sheet1.xml"] = markup
    return archive(parts)


def test_an_archive_that_unpacks_beyond_measure_is_refused_while_inflating() -> None:
    bomb = with_sheet(b" " * (workbook.RATIO_FREE * 2))
    assert len(bomb) < 20_000
    assert faults("a.xlsx", bomb) == [(0, "", "import.unsafe_archive")]


def test_an_archive_of_many_parts_is_refused() -> None:
    parts = {f"xl/{number}": b"" for number in range(workbook.MOST_PARTS)}
    assert faults("a.xlsx", archive({"xl/workbook.xml": b"", **parts})) == [
        (0, "", "import.unsafe_archive")
    ]


def test_what_an_archive_says_of_its_size_is_not_believed() -> None:
    content = bytearray(archive({"xl/workbook.xml": b" " * (workbook.RATIO_FREE * 2)}))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    with pytest.raises(SheetError):
        read_rows("a.xlsx", bytes(content), HEADINGS)


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="1"><c t="n" r=\'XFD1\'><v>1</v></c></row>',
        b'<x:row r="1"><x:c r="A9999999"/></x:row>',
    ],
)
def test_a_sheet_that_reaches_to_the_end_of_the_world_is_refused(cell: bytes) -> None:
    assert faults("a.xlsx", with_sheet(b"<worksheet><sheetData>" + cell)) == [
        (0, "", "import.unsafe_archive")
    ]


@pytest.mark.parametrize("form", [EXPERTS, NEEDS], ids=lambda form: form.noun)
def test_a_template_can_be_read_back(form) -> None:
    headings = [heading.zh for heading in form.headings]
    examples = [heading.example for heading in form.headings]
    (row,) = read_rows("t.xlsx", write_template(form.title, headings, examples), form.by_name)
    assert {field: cell for field, cell in row.values.items() if cell} == {
        heading.field: heading.example for heading in form.headings if heading.example
    }


def test_a_column_is_known_by_its_name_in_either_language() -> None:
    assert EXPERTS.by_name["聘期开始"] == EXPERTS.by_name["appointed_from"] == "appointed_from"
    assert EXPERTS.label("appointed_from") == "聘期开始"
    assert EXPERTS.label("zodiac") == "zodiac"


@pytest.mark.parametrize("markup", [b"", b"<worksheet><sheetData><row", b"\x00\xff", b"<a/>"])
def test_a_workbook_with_a_damaged_sheet_is_refused(markup: bytes) -> None:
    assert faults("a.xlsx", with_sheet(markup))[0][2] in ("import.unreadable", "import.no_rows")
