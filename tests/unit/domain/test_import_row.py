from datetime import date, datetime
from typing import Any

import pytest

from app.domain.import_row import (
    MOST_VALUES,
    Column,
    ImportRefusedError,
    RowReader,
    SourceRow,
    code,
    code_or_name,
    day,
    each,
    key,
    line,
    text,
    whole_number,
)
from app.domain.vocabulary import Label, Words

WORDS = Words.of([Label("area", "urban_core", "都市主城区", "Urban core")])
COLUMNS = {
    "id": Column(key, is_required=True),
    "name": Column(line(5), is_required=True),
    "bio": Column(text(10), empty=""),
    "area": Column(code("area")),
    "trade": Column(code_or_name("area")),
    "modes": Column(each(code("mode")), empty=()),
    "limit": Column(whole_number(0, 31)),
    "from": Column(day),
}


def read(**cells: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    reader = RowReader(COLUMNS, WORDS)
    given = reader.read(SourceRow(2, cells))
    return given, [(fault.field, fault.code) for fault in reader.faults]


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("id", " Ｅ1001 ", "E1001"),
        ("id", 1001, "1001"),
        ("id", 1001.0, "1001"),
        ("name", "张\n 敏", "张 敏"),
        ("bio", "一\r\n二", "一\n二"),
        ("area", "都市主城区", "urban_core"),
        ("area", "urban_core", "urban_core"),
        ("trade", "都市主城区", "urban_core"),
        ("trade", "养蜂", "养蜂"),
        ("modes", "当面，视频、 电话", ["onsite", "online", "phone"]),
        ("modes", ["onsite", "当面"], ["onsite"]),
        ("modes", [], []),
        ("limit", "8", 8),
        ("limit", 8.0, 8),
        ("limit", 0, 0),
        ("from", "2026-09-16", date(2026, 9, 16)),
        ("from", "2026/09/16", date(2026, 9, 16)),
        ("from", date(2026, 9, 16), date(2026, 9, 16)),
        ("from", datetime(2026, 9, 16), date(2026, 9, 16)),  # noqa: DTZ001  # as sheets hold days
    ],
)
def test_a_cell_is_understood(field: str, cell: object, value: object) -> None:
    assert read(**{field: cell}) == ({field: value}, [])


@pytest.mark.parametrize("cell", [None, "", "  ", "\n"])
def test_a_blank_cell_says_nothing(cell: object) -> None:
    assert read(name=cell, bio=cell) == ({}, [])


def test_the_word_for_empty_clears_what_may_be_empty() -> None:
    assert read(bio="清空", modes=" 清空 ") == ({"bio": "", "modes": ()}, [])
    assert read(name="清空") == ({}, [("name", "import.cannot_clear")])


@pytest.mark.parametrize(
    ("field", "cell", "fault"),
    [
        ("name", "一二三四五六", "input.too_long"),
        ("name", "a\x00b", "input.control_character"),
        ("name", "\ud800", "input.control_character"),
        ("name", True, "import.wrong_type"),
        ("name", {"zh": "张"}, "import.wrong_type"),
        ("name", ["张"], "import.wrong_type"),
        ("area", "不知道", "import.unknown_word"),
        ("modes", ["onsite", "email"], "import.unknown_word"),
        ("modes", {"onsite": 1}, "import.wrong_type"),
        ("modes", ["onsite"] * (MOST_VALUES + 1), "import.too_many_values"),
        ("limit", "八", "input.not_a_number"),
        ("limit", "٨", "input.not_a_number"),
        ("limit", 2.5, "input.not_a_number"),
        ("limit", "-1", "input.not_a_number"),
        ("limit", 32, "input.too_large"),
        ("from", "2026-02-30", "input.not_a_date"),
        ("from", "十月一日", "input.not_a_date"),
        ("from", 46000, "input.not_a_date"),
        ("nobody", "x", "import.unknown_column"),
    ],
)
def test_a_cell_that_is_not_understood_is_a_fault_of_its_field(field, cell, fault) -> None:
    assert read(**{field: cell}) == ({}, [(field, fault)])


def test_a_number_below_its_range_is_a_fault() -> None:
    reader = RowReader({"n": Column(whole_number(3, 9))}, WORDS)
    reader.read(SourceRow(7, {"n": 2}))
    assert [(each.row, each.code, each.facts) for each in reader.faults] == [
        (7, "input.too_small", {"low": 3, "high": 9})
    ]


def test_two_rows_of_one_id_are_a_fault_of_the_later_one() -> None:
    reader = RowReader(COLUMNS, WORDS)
    reader.read_all([SourceRow(2, {"id": "E1"}), SourceRow(3, {}), SourceRow(5, {"id": "Ｅ1"})])
    assert [(each.row, each.field, each.code, each.facts) for each in reader.faults] == [
        (5, "id", "import.double_id", {"first": 2})
    ]


def test_what_a_new_thing_needs_is_asked_for_once() -> None:
    reader = RowReader(COLUMNS, WORDS)
    row = SourceRow(2, {"id": True})
    reader.require(row, reader.read(row))
    assert [(each.field, each.code) for each in reader.faults] == [
        ("id", "import.wrong_type"),
        ("name", "input.required"),
    ]


def test_faults_are_told_together_in_the_order_of_the_rows() -> None:
    reader = RowReader(COLUMNS, WORDS)
    reader.ensure_faultless()
    reader.fault(SourceRow(9, {}), "name", "input.required")
    reader.fault(SourceRow(3, {}), "area", "import.unknown_word", word="x")
    with pytest.raises(ImportRefusedError) as refused:
        reader.ensure_faultless()
    assert [each.row for each in refused.value.faults] == [3, 9]
    assert [(each.field, each.facts) for each in refused.value.errors] == [
        ("area", {"word": "x", "row": 3}),
        ("name", {"row": 9}),
    ]
    assert refused.value.facts == {"count": 2}
