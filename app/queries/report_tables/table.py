"""One table of a report, in words and numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

Line = Sequence[str | int | date | None]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table: its name, its headings, its lines; widths in letters, a Chinese one takes two.

    Attributes:
        remarks: what must be known to read it, above the headings.
    """

    title: str
    headings: tuple[str, ...]
    lines: Iterable[Line]
    widths: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()
