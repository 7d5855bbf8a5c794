from itertools import pairwise

import pytest

from app.web.shared.charts import NARROW, WIDE, Columns, Series, StackedBars, scale_top, share

MONTHS = tuple(f"{month}月" for month in range(1, 13))


def stack(*counts: tuple[int, ...]) -> StackedBars:
    names = MONTHS[: len(counts[0])]
    return StackedBars(names, tuple(Series(f"第{at}类", one) for at, one in enumerate(counts)))


@pytest.mark.parametrize(
    ("largest", "top"),
    [(0, 4), (4, 4), (5, 8), (9, 20), (20, 20), (21, 40), (60, 80), (81, 200), (1652, 2000)],
)
def test_scale_is_the_least_round_number_that_holds_the_largest(largest: int, top: int) -> None:
    assert scale_top(largest) == top


def test_bar_heights_are_true_to_the_counts_and_start_at_zero() -> None:
    drawing = stack((40,), (20,)).wide
    lower, upper = drawing.bars
    zero = drawing.grid[0]
    assert (zero.text, drawing.grid[-1].text) == ("0", "80")
    assert zero.y == 202
    assert (lower.y, upper.y) == (202 - 90, 202 - 135)
    assert lower.height == pytest.approx(90 - 1.5)
    assert upper.height == pytest.approx(45 - 1.5)
    assert (lower.colour, upper.colour) == ("f1", "f2")


def test_empty_piece_is_not_drawn_and_empty_month_has_no_total() -> None:
    drawing = stack((3, 0), (0, 0)).wide
    assert [bar.colour for bar in drawing.bars] == ["f1"]
    assert [total.text for total in drawing.totals] == ["3"]
    assert [name.text for name in drawing.names] == ["1月", "2月"]


def test_small_piece_in_a_tall_chart_is_still_seen() -> None:
    smallest = min(stack((2000, 1)).wide.bars, key=lambda bar: bar.height)
    assert smallest.height > 0


@pytest.mark.parametrize("months", [1, 9, 12])
def test_bars_stay_inside_both_drawings_without_touching(months: int) -> None:
    chart = stack((7,) * months, (5,) * months)
    for drawing, width in ((chart.wide, WIDE), (chart.narrow, NARROW)):
        lefts = sorted({bar.x for bar in drawing.bars})
        assert drawing.width == width
        assert lefts[0] > 34
        assert lefts[-1] + drawing.bars[0].width <= drawing.right
        assert all(right - left > drawing.bars[0].width for left, right in pairwise(lefts))


def test_narrow_drawing_leaves_out_every_second_name_when_crowded() -> None:
    chart = stack((7,) * 12)
    assert len(chart.wide.names) == 12
    assert [name.text for name in chart.narrow.names] == ["1月", "3月", "5月", "7月", "9月", "11月"]


def test_totals_are_the_sums_of_the_stack() -> None:
    chart = stack((14, 9), (6, 3))
    assert chart.totals == (20, 12)
    assert [one.total for one in chart.series] == [23, 9]


def test_chart_without_months_is_an_empty_grid() -> None:
    drawing = StackedBars((), ()).wide
    assert drawing.bars == ()
    assert [line.text for line in drawing.grid] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    "broken",
    [
        ((1,), (1,), (1,), (1,), (1,)),
        ((1, 2), (1,)),
        ((-1,),),
    ],
)
def test_chart_that_would_mislead_is_refused(broken: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ValueError, match=r"series|count|negative"):
        stack(*broken)


@pytest.mark.parametrize(
    ("part", "whole", "filled"), [(402, 540, 74), (3, 2, 100), (-1, 2, 0), (1, 0, 0), (0, 5, 0)]
)
def test_bar_never_leaves_its_frame(part: int, whole: int, filled: int) -> None:
    assert share(part, whole) == filled


def test_columns_stand_on_one_line_as_high_as_their_counts() -> None:
    drawing = Columns(("0 次", "1 次", "4 次"), (10, 20, 0), marked=2).drawing
    low, high, none = drawing.bars
    assert (low.height, high.height, none.height) == (45, 90, 0)
    assert {bar.y + bar.height for bar in drawing.bars} == {drawing.grid[0].y}
    assert [bar.colour for bar in drawing.bars] == ["f1", "f1", "f2"]
    assert [mark.text for mark in drawing.totals] == ["10", "20", "0"]
    assert all(a.x + a.width < b.x for a, b in pairwise(drawing.bars))
    assert drawing.bars[-1].x + drawing.bars[-1].width <= drawing.right


def test_no_columns_leave_the_line_alone() -> None:
    assert Columns((), (), marked=4).drawing.bars == ()
