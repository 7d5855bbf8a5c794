"""积分 and 核验: the ledger of an expert's points; what stands behind a certificate's code."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Whole
from app.domain.actor import Permission
from app.domain.point import PointEvent
from app.http.run import reading
from app.http.wire import jsonable
from app.queries.points import PointLine, point_ledger

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class PointEntryLine:
    """One entry; what takes another back names it and has the opposite sign."""

    id: UUID
    event: PointEvent
    points: int
    cause: str
    created_at: datetime
    service_session_id: UUID | None
    day: date | None
    reverses_id: UUID | None


@dataclass(frozen=True, slots=True)
class PointBook:
    """An expert's points of a year; the entries sum to the balance."""

    expert_id: UUID
    year: int
    balance: int
    items: tuple[PointEntryLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointQuery:
    """Which year is asked for, by default the present one."""

    year: Annotated[int | None, Whole(FIRST_YEAR, LAST_YEAR)] = None


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/experts/<uuid:expert_id>/points")(list_points)


@operation(Permission.READ_DUTY, Permission.READ_OWN_DUTY, answer=PointBook)
def list_points(expert_id: UUID, query: PointQuery) -> Any:
    """List the entries of an expert's points, those that were taken back among them.

    A mentor is answered his own; of others he sees none.
    """
    with reading() as reader:
        found = point_ledger(reader, expert_id, query.year)
    return jsonable(PointBook(expert_id, found.year, found.balance, tuple(map(_line, found.lines))))


def _line(line: PointLine) -> PointEntryLine:
    return PointEntryLine(
        id=line.id,
        event=line.event,
        points=line.points,
        cause=line.cause,
        created_at=line.created_at,
        service_session_id=line.session_id,
        day=line.day,
        reverses_id=line.reverses_id,
    )
