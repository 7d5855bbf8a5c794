"""候补: places in line; how one for an expert who is full is taken and used."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named
from app.api.v1.bookings import step
from app.api.v1.holds import RequestBody
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.waiting_list import Wish
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.waiting_list import WaitingEntry
from app.queries.activities import SeatPlace, seat_places
from app.queries.exchange import BookingDetail
from app.queries.waiting_lists import PlaceInLine, place_in_line, places_in_line
from app.services import bookings
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinBody:
    """For which need, whom, and what would suit."""

    need_id: UUID
    expert_id: UUID
    modes: Annotated[tuple[Mode, ...], Count(1, len(Mode))]
    earliest_on: Annotated[date, Named(says="The first day that suits.")]
    latest_on: Annotated[date, Named(says="The last day that suits, within the bookable days.")]


@dataclass(frozen=True, slots=True)
class Line:
    """The asker's places: for experts, and for seats of activities."""

    items: tuple[PlaceInLine, ...]
    seats: tuple[SeatPlace, ...]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/waiting-list")(join)
    blueprint.get("/waiting-list")(list_places)
    blueprint.get("/waiting-list/<uuid:entry_id>")(read_place)
    blueprint.post("/waiting-list/<uuid:entry_id>/take")(take)
    blueprint.post("/waiting-list/<uuid:entry_id>/pass")(pass_over)
    blueprint.post("/waiting-list/<uuid:entry_id>/leave")(leave)


@operation(Permission.WAIT, answer=PlaceInLine, status=201)
def join(body: JoinBody) -> Any:
    """Wait for an expert who has no free time as wished.

    When there is one, `waiting_list.not_full` names its start: it is booked, not waited for.
    """
    modes = tuple(mode.value for mode in body.modes)
    wish = Wish(modes, body.earliest_on, body.latest_on)
    return _act(bookings.join_line, body.need_id, body.expert_id, wish)


@operation(Permission.WAIT, Permission.JOIN_ACTIVITY, answer=Line)
def list_places() -> Any:
    """List the places in line that still stand."""
    with reading() as reader:
        return jsonable(Line(tuple(places_in_line(reader)), tuple(seat_places(reader))))


@operation(Permission.WAIT, answer=PlaceInLine)
def read_place(entry_id: UUID) -> Any:
    """Read a place: which one it is, what is `kept`, and until when."""
    with reading() as reader:
        return jsonable(place_in_line(reader, entry_id))


@operation(Permission.WAIT, answer=BookingDetail)
def take(entry_id: UUID, body: RequestBody, version: int | None) -> Any:
    """Ask the expert for the time that is kept."""
    return step(
        bookings.take_place,
        entry_id,
        may_pass_on=body.may_pass_on,
        note=body.note,
        version=version,
    )


@operation(Permission.WAIT, answer=PlaceInLine)
def pass_over(entry_id: UUID, version: int | None) -> Any:
    """Let the kept time go to the next and keep the place."""
    return _act(bookings.pass_place, entry_id, version=version)


@operation(Permission.WAIT, answer=PlaceInLine)
def leave(entry_id: UUID, version: int | None) -> Any:
    """Wait no longer."""
    return _act(bookings.leave_line, entry_id, version=version)


def _act(use_case: Callable[..., WaitingEntry], *args: Any, **kwargs: Any) -> Any:
    def act(uow: UnitOfWork) -> PlaceInLine:
        entry = use_case(uow, *args, **kwargs)
        uow.flush()
        return place_in_line(uow, entry.id)

    return run(act, answer=jsonable)
