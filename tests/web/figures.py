"""Every number in the figure cells of a page, whether it is a link, and what it leads to.

Figure cells are the right-aligned cells of tables (`td.r`), tiles, and bold numbers (`b.num`). A
cell that holds a number that is no link has to be named by its test, with its column or label.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from html.parser import HTMLParser

_NUMBER = re.compile(r"[+\-−]?\d[\d,]*(?:\.\d+)?")
_VOID = frozenset(
    {"area", "br", "col", "hr", "img", "input", "link", "meta", "use", "path", "rect"}
)


@dataclass
class Cell:
    """A figure cell: what it is called, its text, and the links in it."""

    label: str
    text: str = ""
    unlinked: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)

    @property
    def bare(self) -> list[str]:
        """The numbers in it that are no links; nought needs none."""
        return [text for text in _NUMBER.findall(self.unlinked) if text.strip("+-−0,.")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cells: list[Cell] = []
        self._open: list[tuple[str, Cell | None, str | None]] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        given = {name: value or "" for name, value in attrs}
        css = given.get("class", "").split()
        cell = None
        if _is_figure(tag, css) and self._cell() is None:
            label = given.get("data-l") or given.get("aria-label") or ""
            cell = Cell(label)
            self.cells.append(cell)
        self._open.append((tag, cell, given.get("href") if tag == "a" else None))
        self._hidden += tag in ("script", "style", "svg")

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, _, _ = self._open.pop()
            self._hidden -= name in ("script", "style", "svg")
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        cell = self._cell()
        if cell is None or self._hidden or not data.strip():
            return
        cell.text += data
        href = next((href for _, _, href in reversed(self._open) if href), None)
        if href is None:
            cell.unlinked += data
        elif cell.links and cell.links[-1][0] == href:
            cell.links[-1] = (href, cell.links[-1][1] + data)
        else:
            cell.links.append((href, data))

    def _cell(self) -> Cell | None:
        return next((cell for _, cell, _ in reversed(self._open) if cell is not None), None)


def _is_figure(tag: str, css: list[str]) -> bool:
    return (
        (tag == "td" and "r" in css)
        or ("tile" in css and tag in ("a", "div", "section"))
        or (tag == "b" and "num" in css)
    )


def cells(page: str) -> list[Cell]:
    """Return the figure cells of a page in their order."""
    reader = _Reader()
    reader.feed(page)
    return reader.cells


def unlinked(page: str, but: Collection[str] = ()) -> list[Cell]:
    """Return the cells that hold a number without a link, those with a label in `but` left out."""
    return [cell for cell in cells(page) if cell.bare and cell.label not in but]


def linked(page: str) -> list[tuple[str, str]]:
    """Return the address and the number of every figure that is a link."""
    found = []
    for cell in cells(page):
        for href, text in cell.links:
            numbers = _NUMBER.findall(text)
            if numbers:
                found.append((href, numbers[0].lstrip("+")))
    return found
