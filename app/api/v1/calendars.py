"""Calendars outside: those that tell when an expert is busy, and the asker's own feed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, url_for

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.domain.busy_calendar import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    MOST_BYTES,
)
from app.http.edge import the_settings
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries.busy_calendars import CalendarView, calendars_of
from app.queries.calendar_feeds import feed_made_at
from app.services import busy_calendars, calendar_feeds
from app.unit_of_work import UnitOfWork

BUSY = "/experts/<uuid:expert_id>/busy-calendars"
FEED = "/calendar-feed"


@dataclass(frozen=True, slots=True)
class AddressBody:
    """Where a calendar is read from now on, every half hour."""

    address: Annotated[str, Text(LONGEST_ADDRESS), Named(says="https or webcal.")]


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A calendar that is read once."""

    name: Annotated[str, Text(LONGEST_NAME)]
    content: Annotated[str, Text(MOST_BYTES), Named(says="The text of an .ics file.")]


@dataclass(frozen=True, slots=True)
class BusyCalendars:
    """The calendars of an expert, in the order in which they were added."""

    items: tuple[CalendarView, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """The asker's feed, since when it has had its address; both null where there is none.

    The address is told in the answer that makes it, once, and never again.
    """

    made_at: datetime | None
    address: str | None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(BUSY)(list_calendars)
    blueprint.post(BUSY)(add_calendar)
    blueprint.post(f"{BUSY}/file")(add_calendar_file)
    blueprint.post("/busy-calendars/<uuid:calendar_id>/remove")(remove_calendar)
    blueprint.get(FEED)(read_feed)
    blueprint.post(FEED)(renew_feed)
    blueprint.post(f"{FEED}/revoke")(revoke_feed)


@operation(Permission.SET_AVAILABILITY, answer=BusyCalendars)
def list_calendars(expert_id: UUID) -> Any:
    """List the calendars that tell when an expert is busy; his own, or anybody's for officers."""
    return _list(expert_id)


@operation(Permission.SET_AVAILABILITY, answer=BusyCalendars)
def add_calendar(expert_id: UUID, body: AddressBody) -> Any:
    """Read the calendar at an address from now on.

    Until it was read its owner counts as busy. 409 `busy_calendar.added_already`.
    """
    run(
        busy_calendars.add_address,
        expert_id,
        body.address,
        allows_http=not the_settings().is_production,
    )
    return _list(expert_id)


@operation(Permission.SET_AVAILABILITY, answer=BusyCalendars)
def add_calendar_file(expert_id: UUID, body: CalendarFile) -> Any:
    """Read a file once; it tells of the days ahead as they were when it was made."""
    run(busy_calendars.add_file, expert_id, body.name, body.content.encode())
    return _list(expert_id)


@operation(Permission.SET_AVAILABILITY, answer=BusyCalendars)
def remove_calendar(calendar_id: UUID) -> Any:
    """Forget a calendar and every time it said busy; its owner's others are answered."""
    return _list(UUID(run(busy_calendars.remove, calendar_id, answer=str)))


@operation(Permission.READ_BOOKING, answer=Feed)
def read_feed() -> Any:
    """Read since when the asker's feed has had its address."""
    with reading() as reader:
        return jsonable(Feed(feed_made_at(reader), None))


@operation(Permission.READ_BOOKING, answer=Feed)
def renew_feed() -> Any:
    """Make the address of the asker's feed, or make it anew: the one before is worth nothing.

    Who asks again with the same `Idempotency-Key` reads null: the address is kept nowhere.
    """
    made: list[str] = []

    def act(uow: UnitOfWork) -> Feed:
        made.append(calendar_feeds.renew(uow))
        return Feed(uow.now, None)

    feed = run(act, answer=jsonable)
    if made:
        path = url_for("public.feed", token=made[-1])
        feed["address"] = f"{the_settings().base_url}{path}"
    return feed


@operation(Permission.READ_BOOKING, answer=Feed)
def revoke_feed() -> Any:
    """Make the address worthless; calendars that read it hear nothing more."""
    run(calendar_feeds.revoke)
    return jsonable(Feed(None, None))


def _list(expert_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(BusyCalendars(tuple(calendars_of(reader, expert_id))))
