"""Where the line of a figure and its pace line stand, as plain numbers for a template to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from app.web.shared.charts import HEIGHT, NARROW, WIDE, Mark, scale_top

_LEFT, _RIGHT = 62, 10
_TOP, _BOTTOM = 22, 202
_STEPS = 4
# A Chinese character of a name takes 13 px, any other half of it; names stand a little apart.
_LETTER, _APART = 13, 14


@dataclass(frozen=True, slots=True)
class LineDrawing:
    """One drawing for one width: two lines as lists of points, and the last value."""

    width: int
    height: int
    right: int
    line: str
    pace: str
    last: Mark
    grid: tuple[Mark, ...]
    names: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class PaceChart:
    """What there was at the end of each month, and what there should have been.

    `scale` is how many of the smallest unit make one on the drawing.
    """

    names: tuple[str, ...]
    values: tuple[int, ...]
    pace: tuple[int, ...]
    scale: int = 1

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.values) == len(self.pace):
            raise ValueError("every month needs a name, a value and a pace")

    @property
    def wide(self) -> LineDrawing:
        """The drawing for wide screens and paper."""
        return self._drawn(WIDE)

    @property
    def narrow(self) -> LineDrawing:
        """The drawing for phones."""
        return self._drawn(NARROW)

    def _drawn(self, width: int) -> LineDrawing:
        values = [value // self.scale for value in self.values]
        pace = [value // self.scale for value in self.pace]
        top = scale_top(max([*values, *pace], default=0))
        places = _places(len(values), width)
        every = _every(self.names, places)
        last = values[-1] if values else 0
        return LineDrawing(
            width=width,
            height=HEIGHT,
            right=width - _RIGHT,
            line=_points(places, values, top),
            pace=_points(places, pace, top),
            last=Mark(f"{last:,}", places[-1] if places else _LEFT, _height(last, top) - 8),
            grid=tuple(
                Mark(f"{value:,}", _LEFT, _height(value, top))
                for value in range(0, top + 1, top // _STEPS)
            ),
            names=tuple(
                Mark(name, x, HEIGHT - 8)
                for name, x in list(zip(self.names, places, strict=True))[::every]
            ),
        )


def _places(count: int, width: int) -> list[float]:
    room = width - _LEFT - _RIGHT
    if count == 1:
        return [_LEFT + room / 2]
    return [round(_LEFT + room * at / (count - 1), 1) for at in range(count)]


def _every(names: Sequence[str], places: Sequence[float]) -> int:
    """Return of how many names in a row one is written, so that they do not meet."""
    if len(places) < 2:
        return 1
    widest = max(sum(_LETTER if mark > "\xff" else _LETTER / 2 for mark in name) for name in names)
    return ceil((widest + _APART) / (places[1] - places[0]))


def _points(places: Sequence[float], values: Sequence[int], top: int) -> str:
    return " ".join(f"{x},{_height(y, top)}" for x, y in zip(places, values, strict=True))


def _height(value: int, top: int) -> float:
    return round(_BOTTOM - value * (_BOTTOM - _TOP) / top, 1)
