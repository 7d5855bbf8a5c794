"""Rooms and stations, and when people and a room are free together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, Text, Whole
from app.api.v1.experts import Limit
from app.api.v1.needs import Service
from app.domain.actor import Permission
from app.domain.availability import Closing
from app.domain.booking_panel import MOST_EXPERTS
from app.domain.place import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    OFFICIAL_WEEK,
    SEATS,
    Equipment,
    OpenSpan,
    PlaceFacts,
    PlaceKind,
    Wanted,
)
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.place import Place
from app.queries import places as queries
from app.queries.joint_times import JointAsked, joint_page
from app.queries.places import PlaceView
from app.services import places
from app.unit_of_work import UnitOfWork

MINUTE = Whole(0, 24 * 60)
MOST_SPANS = 42
USUAL_SERVICE = "diagnosis"
Seats = Annotated[int, Whole(SEATS[0], SEATS[-1])]
Kit = Annotated[tuple[Equipment, ...], Count(0, len(Equipment))]


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """Open minutes of a weekday, Monday 0, counted from midnight."""

    weekday: Annotated[int, Whole(0, 6)]
    starts_minute: Annotated[int, MINUTE]
    ends_minute: Annotated[int, MINUTE]


@dataclass(frozen=True, slots=True)
class PlaceDetail:
    """A room or a station."""

    id: UUID
    version: int
    kind: PlaceKind
    name: str
    street: str | None
    address: str
    seats: int
    equipment: tuple[str, ...]
    hours: tuple[PlaceSpan, ...]
    is_retired: bool


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The places in use, by name."""

    items: tuple[PlaceDetail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesQuery:
    """What a place must have."""

    seats: Seats = 1
    equipment: Kit = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceBody:
    """Everything said of a place; without hours it is open as offices are."""

    kind: PlaceKind
    name: Annotated[str, Text(LONGEST_NAME)]
    address: Annotated[str, Text(LONGEST_ADDRESS)]
    street: Annotated[str | None, Text(40)] = None
    seats: Seats
    equipment: Kit = ()
    hours: Annotated[tuple[PlaceSpan, ...] | None, Count(1, MOST_SPANS)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingBody:
    """Days on which the place is shut, both included."""

    first_on: date
    last_on: date
    reason: Annotated[str, Text(100)]
    starts_minute: Annotated[int, MINUTE] = 0
    ends_minute: Annotated[int, MINUTE] = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class JointQuery:
    """Who is to meet; rooms or a wish for one make the meeting one in person."""

    experts: Annotated[tuple[UUID, ...], Count(1, MOST_EXPERTS), Named(says="Between commas.")]
    founders: Annotated[tuple[UUID, ...], Count(0, 10), Named(says="Persons, by id.")] = ()
    rooms: Annotated[tuple[UUID, ...], Count(0, 20), Named(says="Rooms to choose from.")] = ()
    seats: Annotated[int | None, Whole(SEATS[0], SEATS[-1])] = None
    equipment: Kit = ()
    session_type: Annotated[str, Service] = USUAL_SERVICE
    minutes: Annotated[int | None, Whole(15, 480)] = None
    limit: Limit = 12


@dataclass(frozen=True, slots=True)
class JointTimeDetail:
    """A time at which all can meet, how, and in which rooms."""

    starts_at: datetime
    ends_at: datetime
    modes: tuple[str, ...]
    room_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class JointTimes:
    """The earliest times of the next 30 days that all have in common."""

    minutes: int
    items: tuple[JointTimeDetail, ...]
    is_more: bool


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/places")(find_places)
    blueprint.post("/places")(add_place)
    blueprint.get("/places/<uuid:place_id>")(show_place)
    blueprint.post("/places/<uuid:place_id>")(change_place)
    blueprint.post("/places/<uuid:place_id>/retire")(retire_place)
    blueprint.post("/places/<uuid:place_id>/closings")(close_place)
    blueprint.get("/joint-times")(list_joint_times)


@operation(Permission.READ_PLACES, answer=PlaceList)
def find_places(query: PlacesQuery) -> Any:
    """List the places in use that will do."""
    wanted = Wanted(query.seats, frozenset(each.value for each in query.equipment))
    with reading() as reader:
        found = queries.list_places(reader, wanted=wanted)
    return jsonable(PlaceList(tuple(map(_detail, found))))


@operation(Permission.READ_PLACES, answer=PlaceDetail)
def show_place(place_id: UUID) -> Any:
    """Read one place."""
    with reading() as reader:
        return jsonable(_detail(queries.read_place(reader, place_id)))


@operation(Permission.MANAGE_PLACES, answer=PlaceDetail, status=201)
def add_place(body: PlaceBody) -> Any:
    """Add a place."""
    return run(_answering(places.add), _facts(body), answer=jsonable)


@operation(Permission.MANAGE_PLACES, answer=PlaceDetail)
def change_place(place_id: UUID, body: PlaceBody, version: int | None) -> Any:
    """Change what is said of a place; bookings that stand are left alone."""
    return run(_answering(places.change), place_id, _facts(body), version=version, answer=jsonable)


@operation(Permission.MANAGE_PLACES, answer=PlaceDetail)
def retire_place(place_id: UUID, version: int | None) -> Any:
    """Take a place out of use; bookings that stand keep it."""
    return run(_answering(places.retire), place_id, version=version, answer=jsonable)


@operation(Permission.MANAGE_PLACES, answer=PlaceDetail)
def close_place(place_id: UUID, body: ClosingBody, version: int | None) -> Any:
    """Shut a place on some days; bookings that stand are left alone."""
    closing = Closing(
        body.first_on, body.last_on, body.reason, body.starts_minute, body.ends_minute
    )

    def act(uow: UnitOfWork) -> PlaceDetail:
        places.close_day(uow, place_id, closing, version=version)
        return _detail(queries.read_place(uow, place_id))

    return run(act, answer=jsonable)


@operation(Permission.FORM_PANEL, answer=JointTimes)
def list_joint_times(query: JointQuery) -> Any:
    """List when experts, founders and a room are free together, the earliest first."""
    needs_room = query.seats is not None or bool(query.equipment)
    wanted = Wanted(query.seats or 1, frozenset(each.value for each in query.equipment))
    asked = JointAsked(
        expert_ids=query.experts,
        person_ids=query.founders,
        session_type=query.session_type,
        minutes=query.minutes,
        wanted=wanted if needs_room else None,
        place_ids=query.rooms,
    )
    with reading() as reader:
        page = joint_page(reader, asked, count=query.limit)
    items = tuple(
        JointTimeDetail(each.starts_at, each.ends_at, each.modes, each.place_ids)
        for each in page.items
    )
    return jsonable(JointTimes(page.minutes, items, page.is_more))


def _answering(use_case: Any) -> Any:
    def act(uow: UnitOfWork, *args: Any, **kwargs: Any) -> PlaceDetail:
        row: Place = use_case(uow, *args, **kwargs)
        uow.flush()
        return _detail(queries.view_of(row))

    return act


def _facts(body: PlaceBody) -> PlaceFacts:
    return PlaceFacts(
        kind=body.kind,
        name=body.name,
        street=body.street,
        address=body.address,
        seats=body.seats,
        equipment=body.equipment,
        hours=_spans(body.hours) if body.hours is not None else OFFICIAL_WEEK,
    )


def _spans(hours: Sequence[PlaceSpan]) -> list[OpenSpan]:
    return [OpenSpan(each.weekday, each.starts_minute, each.ends_minute) for each in hours]


def _detail(place: PlaceView) -> PlaceDetail:
    return PlaceDetail(
        id=place.id,
        version=place.version,
        kind=place.kind,
        name=place.name,
        street=place.street,
        address=place.address,
        seats=place.seats,
        equipment=place.equipment,
        hours=tuple(
            PlaceSpan(span.weekday, span.starts_minute, span.ends_minute) for span in place.hours
        ),
        is_retired=place.is_retired,
    )
