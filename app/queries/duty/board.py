"""The duty board: everybody appointed in a year with his meters, sorted and filtered."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.duty import Colour, DutyPolicy
from app.domain.expert import ExpertCategory
from app.models.expert import Appointment, Expert
from app.queries.duty.counted import serving
from app.queries.duty.standing import REASON, Standing, summed_standings
from app.unit_of_work import Reader

PAGE = 50


class BoardOrder(StrEnum):
    """By what the board is sorted; what asks for attention comes first."""

    COLOUR = "colour"
    NAME = "name"
    YEAR = "year"
    TERM = "term"
    ABSENCES = "absences"
    ENDS = "ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """Who is shown; what is None does not limit.

    Attributes:
        department: somebody who served for it in the year.
        colour: the worst of somebody's meters.
        is_unused: nothing counted in the year.
    """

    category: ExpertCategory | None = None
    department: str | None = None
    colour: Colour | None = None
    is_unused: bool = False


EVERYBODY = BoardFilter()


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One expert of the board."""

    id: UUID
    name: str
    category: ExpertCategory
    organisation: str
    ends_on: date
    standing: Standing

    @property
    def colour(self) -> Colour:
        """The worst of his meters."""
        return self.standing.colour

    @property
    def is_unused(self) -> bool:
        """Tell whether nothing of his was counted in the year."""
        return self.standing.year.done == 0


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the board.

    Attributes:
        colours: how many of those chosen by category and department have each colour.
        unused: how many of them have nothing counted in the year.
        count: how many the filter chooses; `rows` are those of the page.
        page: its number, from 1.
    """

    year: int
    policy: DutyPolicy | None
    colours: Mapping[Colour, int]
    unused: int
    count: int
    rows: tuple[BoardRow, ...]
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // PAGE))


def duty_board(
    reader: Reader,
    year: int | None = None,
    wanted: BoardFilter = EVERYBODY,
    order: BoardOrder = BoardOrder.COLOUR,
    page: int = 1,
) -> Board:
    """Return a page of the board, by default of the present year; eight statements.

    Asked for one department it takes one more.

    Whoever calls it may know of the whole pool.
    """
    chosen_year = year or local_day(reader.now).year
    served = None
    if wanted.department is not None:
        with reader.beyond_scope(REASON):
            served = serving(reader, chosen_year, wanted.department)
    of_frame = [
        row
        for row in _rows(reader, chosen_year)
        if wanted.category in (None, row.category) and (served is None or row.id in served)
    ]
    chosen = [
        row
        for row in of_frame
        if wanted.colour in (None, row.colour) and (row.is_unused or not wanted.is_unused)
    ]
    chosen.sort(key=_KEYS[order])
    begin = (page - 1) * PAGE
    return Board(
        year=chosen_year,
        policy=of_frame[0].standing.policy if of_frame else None,
        colours=Counter(row.colour for row in of_frame),
        unused=sum(row.is_unused for row in of_frame),
        count=len(chosen),
        rows=tuple(chosen[begin : begin + PAGE]),
        page=page,
    )


def _rows(reader: Reader, year: int) -> Iterable[BoardRow]:
    found = reader.session.execute(
        select(Expert, Appointment)
        .join(Appointment, Appointment.expert_id == Expert.id)
        .order_by(Expert.name, Expert.id, Appointment.starts_on)
    )
    experts: dict[UUID, Expert] = {}
    terms: defaultdict[UUID, list[Appointment]] = defaultdict(list)
    for expert, term in found:
        experts[expert.id] = expert
        terms[expert.id].append(term)
    of_year = {key: rows for key, rows in terms.items() if _touches(rows, year)}
    for key, standing in summed_standings(reader, of_year, year).items():
        expert = experts[key]
        ends_on = max(row.ends_on for row in of_year[key])
        yield BoardRow(key, expert.name, expert.category, expert.organisation, ends_on, standing)


def _touches(rows: Sequence[Appointment], year: int) -> bool:
    return any(row.starts_on.year <= year <= row.ends_on.year for row in rows)


def _term_minutes(row: BoardRow) -> int:
    return row.standing.term.done if row.standing.term else 0


_ATTENTION = list(Colour)[::-1]
_KEYS: Mapping[BoardOrder, Callable[[BoardRow], Any]] = {
    BoardOrder.COLOUR: lambda row: (_ATTENTION.index(row.colour), row.standing.year.done, row.name),
    BoardOrder.NAME: lambda row: row.name,
    BoardOrder.YEAR: lambda row: (row.standing.year.done, row.name),
    BoardOrder.TERM: lambda row: (_term_minutes(row), row.name),
    BoardOrder.ABSENCES: lambda row: (-row.standing.absences.count, row.name),
    BoardOrder.ENDS: lambda row: (row.ends_on, row.name),
}
