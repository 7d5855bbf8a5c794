from datetime import date

import pytest

from app.domain.errors import FieldError, InvalidInputError
from app.domain.paper_sheet import (
    MARKS,
    MOST_ROWS,
    at_row,
    clean_number,
    ensure_sheet,
    sheet_number,
)

TODAY = date(2026, 9, 16)


def test_a_printed_number_is_one_that_can_be_typed() -> None:
    number = sheet_number(TODAY, [0, 7, 29, 30, 61])
    assert number == "QD260916-29Z23"
    assert clean_number(number) == number
    assert len(number.partition("-")[2]) == MARKS


@pytest.mark.parametrize("typed", ["qd260916-29z23", " QD260916 - 29Z23 ", "ＱＤ260916－29Z23"])
def test_a_number_is_compared_without_case_width_and_spaces(typed) -> None:
    assert clean_number(typed.replace("－", "-")) == "QD260916-29Z23"


@pytest.mark.parametrize("typed", ["", "-", "QD 260916/2", "Q" * 25, "登记表1"])
def test_what_is_no_number_is_refused(typed) -> None:
    with pytest.raises(InvalidInputError) as refused:
        clean_number(typed)
    assert refused.value.errors[0].field == "number"


@pytest.mark.parametrize(
    ("day", "filed_at", "positions", "fields"),
    [
        (TODAY, "柜 1", [1, 3], []),
        (TODAY, "柜 1", list(range(1, MOST_ROWS + 1)), []),
        (date(2026, 9, 17), " ", [1], ["filed_at", "day"]),
        (TODAY, "柜 1", [], ["rows"]),
        (TODAY, "柜 1", [1, 1], ["rows"]),
        (TODAY, "柜 1", [0], ["rows"]),
        (TODAY, "柜 1", list(range(1, MOST_ROWS + 2)), ["rows"]),
    ],
)
def test_a_sheet_is_of_a_day_that_was_and_has_each_row_once(
    day, filed_at, positions, fields
) -> None:
    if not fields:
        ensure_sheet(day, TODAY, filed_at, positions)
        return
    with pytest.raises(InvalidInputError) as refused:
        ensure_sheet(day, TODAY, filed_at, positions)
    assert [error.field for error in refused.value.errors] == fields


def test_a_fault_of_a_row_names_the_row() -> None:
    assert at_row(3, [FieldError("phone", "person.phone")]) == [
        FieldError("rows[3].phone", "person.phone")
    ]
