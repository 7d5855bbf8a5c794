"""The line of a figure beside its pace line, as numbers."""

import pytest

from app.web.shared.charts import NARROW, WIDE
from app.web.shared.pace_chart import PaceChart


def points(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (each.split(",") for each in text.split())]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_both_lines_stand_on_one_scale_from_zero(width: int) -> None:
    chart = PaceChart(("1月", "2月", "3月"), (0, 10, 20), (10, 20, 40))
    drawing = chart.wide if width == WIDE else chart.narrow
    line, pace = points(drawing.line), points(drawing.pace)
    assert [x for x, _ in line] == [x for x, _ in pace]
    assert (line[0][1], pace[-1][1]) == (drawing.grid[0].y, drawing.grid[-1].y)
    assert line[1][1] == pace[0][1]
    assert drawing.last.text == "20"
    assert line[-1][0] == drawing.right == width - 10


def test_amounts_are_drawn_in_the_printed_unit() -> None:
    drawing = PaceChart(("1月",), (15_000_050,), (0,), 100).wide
    assert drawing.last.text == "150,000"
    assert len(points(drawing.line)) == 1


def test_three_years_of_months_leave_out_most_names() -> None:
    chart = PaceChart(tuple(map(str, range(36))), tuple(range(36)), tuple(range(36)))
    assert [name.text for name in chart.wide.names] == [str(n) for n in range(0, 36, 2)]
    assert len(chart.narrow.names) < len(chart.wide.names)
    long = PaceChart(("2024年12月",) * 36, tuple(range(36)), tuple(range(36)))
    for drawing in (long.wide, long.narrow):
        first, second = (name.x for name in drawing.names[:2])
        assert second - first >= 6 * 6.5 + 2 * 13


def test_no_months_are_an_empty_grid_and_uneven_ones_are_refused() -> None:
    drawing = PaceChart((), (), ()).wide
    assert (drawing.line, drawing.last.text) == ("", "0")
    with pytest.raises(ValueError, match="every month"):
        PaceChart(("1月",), (), ())
