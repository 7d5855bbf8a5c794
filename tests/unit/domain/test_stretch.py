"""Months that are reported together, as they are written and as they follow each other."""

from datetime import date

import pytest

from app.domain.calendar import InvalidMonthError, Month
from app.domain.stretch import InvalidStretchError, Rhythm, Stretch


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-09", "2026-09", "2026-09"),
        ("2026-Q1", "2026-01", "2026-03"),
        ("2026-Q4", "2026-10", "2026-12"),
        ("2026-H1", "2026-01", "2026-06"),
        ("2026-H2", "2026-07", "2026-12"),
        ("2026", "2026-01", "2026-12"),
    ],
)
def test_a_stretch_is_read_as_it_is_written(text: str, first: str, last: str) -> None:
    stretch = Stretch.parse(text)
    assert (str(stretch.first), str(stretch.last), str(stretch)) == (first, last, text)
    assert stretch.months[0] == stretch.first
    assert stretch.preceding().following() == stretch


@pytest.mark.parametrize("text", ["", "26", "2026-Q0", "2026-Q5", "2026-H3", "2026Q1", "２０２６"])
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(InvalidStretchError):
        Stretch.parse(text)


def test_a_month_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidMonthError):
        Stretch.parse("2026-13")


def test_the_quarters_of_a_year_follow_each_other() -> None:
    quarter = Stretch.of(Rhythm.QUARTER, date(2026, 1, 31))
    months: list[Month] = []
    for number in range(1, 5):
        assert quarter.number == number
        months.extend(quarter.months)
        quarter = quarter.following()
    assert tuple(months) == Stretch.of(Rhythm.YEAR, date(2026, 12, 31)).months
    assert str(quarter) == "2027-Q1"
