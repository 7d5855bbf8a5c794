import csv
import io

from app.adapters.sheets import read_rows, write_comma_separated, write_workbook
from app.domain.vocabulary import fold

HEAD = ["主题", "还在等", "最长已等"]
ROWS = [["食品生产加工许可", 2, 9], ["=HYPERLINK(1)", 0, None]]
NAMES = {fold(name): name for name in HEAD}


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    rows = read_rows("supply.xlsx", write_workbook("缺口", HEAD, ROWS), NAMES)
    assert [row.values for row in rows] == [
        {"主题": "食品生产加工许可", "还在等": 2.0, "最长已等": 9.0},
        {"主题": "=HYPERLINK(1)", "还在等": 0.0, "最长已等": ""},
    ]


def test_comma_separated_text_is_marked_for_office_programs_and_holds_no_formula() -> None:
    content = write_comma_separated(HEAD, ROWS)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines == [HEAD, ["食品生产加工许可", "2", "9"], ["'=HYPERLINK(1)", "0", ""]]


def test_an_empty_table_has_its_headings() -> None:
    assert write_comma_separated(HEAD, []).decode("utf-8-sig").split() == [",".join(HEAD)]
    assert write_workbook("缺口", HEAD, [])[:2] == b"PK"
