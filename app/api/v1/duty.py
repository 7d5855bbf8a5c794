"""履职: how the pool stands with its duties, and the rows behind each number."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text, Whole
from app.domain.actor import Permission
from app.domain.duty import Colour
from app.domain.expert import ExpertCategory
from app.domain.service_record.slices import LONGEST_NAME
from app.http.run import reading
from app.http.wire import jsonable
from app.queries import duty as queries
from app.queries.duty import BoardFilter, BoardOrder, BoardRow, Part, Standing

FIRST_YEAR, LAST_YEAR, LAST_PAGE = 2000, 2100, 10_000
Year = Annotated[int | None, Whole(FIRST_YEAR, LAST_YEAR)]


@dataclass(frozen=True, slots=True)
class DutyMeters:
    """What an expert has done and owes; minutes are his own, of counted services.

    Attributes:
        services_owed: the least of the year for the days in term, rounded up.
        services_forecast: what the year will come to at this pace; null when it cannot be told.
    """

    year: int
    policy: str
    colour: Colour
    services: int
    services_owed: int
    services_wished: int
    services_forecast: int | None
    term_starts_on: date | None
    term_ends_on: date | None
    term_minutes: int
    term_minutes_owed: int
    absences: int
    absences_most: int
    pairings: int
    pairings_most: int


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One expert of the duty board."""

    expert_id: UUID
    name: str
    category: ExpertCategory
    meters: DutyMeters


@dataclass(frozen=True, slots=True)
class DutyBoard:
    """A page of the duty board, who needs attention first; `next` is the following page."""

    items: tuple[BoardLine, ...]
    total: int
    next: int | None


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One counted service with the expert's own minutes."""

    service_session_id: UUID
    reference: str
    day: date
    session_type: str
    minutes: int


@dataclass(frozen=True, slots=True)
class DutyLines:
    """The counted services that sum to the services of the year, or the minutes of the term."""

    items: tuple[DutyLine, ...]
    services: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardQuery:
    """Which experts are asked for."""

    year: Year = None
    category: ExpertCategory | None = None
    department: Annotated[str | None, Text(LONGEST_NAME)] = None
    colour: Colour | None = None
    unused: Annotated[bool, Named(says="Only those with nothing counted in the year.")] = False
    order: BoardOrder = BoardOrder.COLOUR
    page: Annotated[int, Whole(1, LAST_PAGE)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetQuery:
    """Which year is asked for, by default the present one."""

    year: Year = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesQuery:
    """Which number is asked about: services of the year or minutes of the term."""

    part: Part = Part.YEAR
    year: Year = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/duty")(list_duty)
    blueprint.get("/experts/<uuid:expert_id>/duty")(read_duty)
    blueprint.get("/experts/<uuid:expert_id>/duty/services")(list_duty_services)


@operation(Permission.READ_DUTY, answer=DutyBoard)
def list_duty(query: BoardQuery) -> Any:
    """List everybody appointed in a year with what he has done and owes."""
    wanted = BoardFilter(
        category=query.category,
        department=query.department,
        colour=query.colour,
        is_unused=query.unused,
    )
    with reading() as reader:
        board = queries.duty_board(reader, query.year, wanted, query.order, query.page)
    following = board.page + 1 if board.page < board.pages else None
    return jsonable(
        DutyBoard(tuple(_line(board.year, row) for row in board.rows), board.count, following)
    )


@operation(Permission.READ_DUTY, answer=DutyMeters)
def read_duty(expert_id: UUID, query: SheetQuery) -> Any:
    """Read what one expert has done and owes."""
    with reading() as reader:
        sheet = queries.duty_sheet(reader, expert_id, query.year)
    return jsonable(_meters(sheet.year, sheet.standing))


@operation(Permission.READ_DUTY, answer=DutyLines)
def list_duty_services(expert_id: UUID, query: LinesQuery) -> Any:
    """List the counted services behind a number of an expert's duties."""
    with reading() as reader:
        rows = queries.duty_rows(reader, expert_id, query.part, query.year).services
    items = tuple(
        DutyLine(row.session_id, row.reference, row.day, row.session_type, row.minutes)
        for row in rows
    )
    return jsonable(DutyLines(items, len(items), sum(row.minutes for row in items)))


def _line(year: int, row: BoardRow) -> BoardLine:
    return BoardLine(row.id, row.name, row.category, _meters(year, row.standing))


def _meters(year: int, own: Standing) -> DutyMeters:
    foreseen, term = own.year.forecast(own.policy), own.term
    return DutyMeters(
        year=year,
        policy=own.policy.code,
        colour=own.colour,
        services=own.year.done,
        services_owed=own.year.owed,
        services_wished=own.year.wished,
        services_forecast=foreseen.value if foreseen else None,
        term_starts_on=term.span.first_on if term else None,
        term_ends_on=term.span.last_on if term else None,
        term_minutes=term.done if term else 0,
        term_minutes_owed=own.policy.term_minutes,
        absences=own.absences.count,
        absences_most=own.absences.most,
        pairings=own.pairings.count,
        pairings_most=own.pairings.most,
    )
