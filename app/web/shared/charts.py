"""Where every mark of a chart stands, as plain numbers for a template to draw."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, NARROW = 720, 340
HEIGHT = 230
LARGEST_STACK = 4

_LEFT, _RIGHT = 34, 6
_TOP, _BOTTOM = 22, 202
_STEPS = 4
_WIDEST_BAR = 34
_BAR_SHARE = 0.62
_SEAM = 1.5
# A month's name in 13 px letters needs this much room; in less, every second name is left out.
_NAME_ROOM = 28
# A few columns beside a text.
_SMALL, _SMALL_HEIGHT, _SMALL_EDGE = 300, 136, 8
_SMALL_BASE, _SMALL_TALLEST, _SMALL_GAP = 110, 90, 6


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of the stack: its name and one count for each month."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """The sum over all months."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Bar:
    """One coloured piece of a column."""

    colour: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A text or a grid line at a place."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing of the chart for one width."""

    width: int
    height: int
    right: int
    bars: tuple[Bar, ...]
    grid: tuple[Mark, ...]
    names: tuple[Mark, ...]
    totals: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class StackedBars:
    """Counts by month in a stack of at most four series, drawn wide and narrow."""

    names: tuple[str, ...]
    series: tuple[Series, ...]

    def __post_init__(self) -> None:
        if len(self.series) > LARGEST_STACK:
            raise ValueError(f"{len(self.series)} series; a stack holds {LARGEST_STACK}")
        if any(len(one.counts) != len(self.names) for one in self.series):
            raise ValueError("every series needs one count for each name")
        if any(count < 0 for one in self.series for count in one.counts):
            raise ValueError("a bar cannot be negative")

    @property
    def totals(self) -> tuple[int, ...]:
        """The height of each column."""
        return tuple(sum(one.counts[at] for one in self.series) for at in range(len(self.names)))

    @property
    def wide(self) -> Drawing:
        """The drawing for wide screens and paper."""
        return self._drawn(WIDE)

    @property
    def narrow(self) -> Drawing:
        """The drawing for phones."""
        return self._drawn(NARROW)

    def _drawn(self, width: int) -> Drawing:
        top = scale_top(max(self.totals, default=0))
        room = (width - _LEFT - _RIGHT) / max(len(self.names), 1)
        middles = [_LEFT + room * (at + 0.5) for at in range(len(self.names))]
        every = 1 if room >= _NAME_ROOM else 2
        return Drawing(
            width=width,
            height=HEIGHT,
            right=width - _RIGHT,
            bars=self._bars(middles, min(_WIDEST_BAR, room * _BAR_SHARE), top),
            grid=tuple(
                Mark(f"{value:,}", _LEFT, _height(value, top))
                for value in range(0, top + 1, top // _STEPS)
            ),
            names=tuple(
                Mark(name, round(middle, 1), HEIGHT - 8)
                for name, middle in list(zip(self.names, middles, strict=True))[::every]
            ),
            totals=tuple(
                Mark(f"{total:,}", round(middle, 1), round(_height(total, top) - 6, 1))
                for total, middle in zip(self.totals, middles, strict=True)
                if total
            ),
        )

    def _bars(self, middles: Sequence[float], width: float, top: int) -> tuple[Bar, ...]:
        bars = []
        for at, middle in enumerate(middles):
            below = 0
            for number, one in enumerate(self.series, start=1):
                count = one.counts[at]
                if count:
                    y, foot = _height(below + count, top), _height(below, top)
                    height = max(foot - y - _SEAM, _SEAM / 2)
                    x = middle - width / 2
                    bars.append(
                        Bar(f"f{number}", round(x, 1), y, round(width, 1), round(height, 1))
                    )
                below += count
        return tuple(bars)


@dataclass(frozen=True, slots=True)
class Columns:
    """One count for each name, drawn narrow; columns from `marked` on stand out."""

    names: tuple[str, ...]
    counts: tuple[int, ...]
    marked: int

    @property
    def drawing(self) -> Drawing:
        """The drawing, on a base line without a scale: each column bears its count."""
        room = (_SMALL - 2 * _SMALL_EDGE) / max(len(self.counts), 1)
        most = max(self.counts, default=0) or 1
        bars, totals, names = [], [], []
        for at, (name, count) in enumerate(zip(self.names, self.counts, strict=True)):
            left, height = _SMALL_EDGE + room * at, round(count * _SMALL_TALLEST / most, 1)
            top, middle = round(_SMALL_BASE - height, 1), round(left + room / 2, 1)
            colour = "f2" if at >= self.marked else "f1"
            width = round(room - _SMALL_GAP, 1)
            bars.append(Bar(colour, round(left + _SMALL_GAP / 2, 1), top, width, height))
            totals.append(Mark(f"{count:,}", middle, round(top - 6, 1)))
            names.append(Mark(name, middle, _SMALL_BASE + 18))
        return Drawing(
            width=_SMALL,
            height=_SMALL_HEIGHT,
            right=_SMALL - _SMALL_EDGE,
            bars=tuple(bars),
            grid=(Mark("", _SMALL_EDGE, _SMALL_BASE),),
            names=tuple(names),
            totals=tuple(totals),
        )


def scale_top(largest: int) -> int:
    """Return the least of 4, 8, 20, 40, 80, 200 … that holds the largest count."""
    decade = _STEPS
    while decade * 5 < largest:
        decade *= 10
    return next(decade * factor for factor in (1, 2, 5) if decade * factor >= largest)


def _height(value: int, top: int) -> float:
    return round(_BOTTOM - value * (_BOTTOM - _TOP) / top, 1)


def share(part: float, whole: float) -> int:
    """Return how much of a bar 100 wide is filled; a bar never leaves its frame."""
    return max(0, min(100, round(part * 100 / whole))) if whole > 0 else 0
