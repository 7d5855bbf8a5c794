"""Whom racers race for, what they do, and what may never be seen afterwards."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Engine

from app.db import open_engine
from app.domain.actor import Actor, Role
from app.domain.availability import Mode
from app.domain.booking_panel import NOBODY, Company
from app.domain.clock import FixedClock
from app.domain.ids import PersonId
from app.domain.place import PlaceKind
from app.models.place import Place
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import Store
from tests import databases
from tests.builders import a_need, a_person, an_account, an_actor, an_expert, keep
from tests.moments import START, at

EXPERTS, FOUNDERS, ROOMS = 8, 160, 3
QUARTERS = 44
FIRST = at("09-18 09:00")
OFFICER = frozenset({Role.OFFICER})

OVERLAPS = (
    "SELECT count(*) FROM resource_claims a JOIN resource_claims b ON a.resource_id = b.resource_id"
    " AND a.id < b.id AND a.is_active AND b.is_active"
    " AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
)
# A living booking claims its founder, each expert who is asked, and its room; another nothing.
HALVES = (
    "SELECT count(*) FROM (SELECT b.id FROM bookings b LEFT JOIN resource_claims c"
    " ON c.booking_id = b.id AND c.is_active GROUP BY b.id, b.status, b.place_id"
    " HAVING count(c.id) <> CASE"
    " WHEN b.status IN ('on_hold','requested','accepted','suspended','fulfilled')"
    " THEN 1 + (SELECT count(*) FROM booking_experts e WHERE e.booking_id = b.id"
    " AND e.answer IN ('invited','accepted'))"
    " + CASE WHEN b.place_id IS NULL THEN 0 ELSE 1 END ELSE 0 END) AS halves"
)


@dataclass(frozen=True)
class Field:
    """Whom the racers race for, on which database."""

    url: str
    officer: Actor
    experts: Sequence[UUID]
    rooms: Sequence[UUID]
    founders: Sequence[tuple[UUID, UUID]]


class Act(NamedTuple):
    """A step that a racer is about to take, and on which of his bookings, if on one."""

    verb: str
    actor: Actor
    booking_id: UUID | None
    choice: Choice | None
    starts_at: datetime


def build(url: str) -> Field:
    """Fill the database with experts who are free all day and founders who all want that day."""
    engine = open_engine(url)
    store = Store(engine, FixedClock(START), databases.AUDIT_KEY)
    experts = [an_expert(store, name=f"E{n}", monthly_limit=10**6).id for n in range(EXPERTS)]
    founders = []
    for number in range(FOUNDERS):
        person = a_person(store, name=f"F{number}")
        founders.append((person.id, a_need(store, person.id).id))
    hours = [{"weekday": day, "starts": 8 * 60, "ends": 22 * 60} for day in range(7)]
    rooms = [
        Place(name=f"R{n}", kind=PlaceKind.ROOM, address="", seats=20, equipment=[], hours=hours)
        for n in range(ROOMS)
    ]
    keep(store, *rooms)
    officer = an_actor(an_account(store, Role.OFFICER), Role.OFFICER)
    field = Field(url, officer, experts, [room.id for room in rooms], founders)
    engine.dispose()
    return field


def choose(field: Field, dice: random.Random, own: Sequence[tuple[Actor, UUID]]) -> Act:
    """Choose what to do next: call off, move, book a panel with a room, or book one expert."""
    starts_at = FIRST + timedelta(minutes=15) * dice.randrange(QUARTERS)
    fate = dice.random()
    if own and fate < 0.35:
        actor, booking_id = own[dice.randrange(len(own))]
        return Act("cancel" if fate < 0.2 else "move", actor, booking_id, None, starts_at)
    is_panel = fate > 0.9
    person_id, need_id = dice.choice(field.founders)
    lead, *others = dice.sample(field.experts, dice.choice((2, 3)) if is_panel else 1)
    company = Company(tuple(others), 2, place_id=dice.choice(field.rooms)) if others else NOBODY
    founder = Actor(roles=frozenset({Role.FOUNDER}), person_id=PersonId(person_id))
    choice = Choice(
        need_id=need_id,
        expert_id=lead,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=50),
        mode=Mode.ONSITE,
        company=company,
    )
    verb = "panel" if is_panel else "book"
    return Act(verb, field.officer if is_panel else founder, None, choice, starts_at)


def do(store: Store, act: Act) -> UUID:
    """Take the step and return the booking it was about."""
    if act.choice is not None:
        booked: UUID = store.execute(act.actor, bookings.request_now, act.choice).id
        return booked
    assert act.booking_id is not None
    if act.verb == "cancel":
        reason = "b_room" if act.actor.is_staff else "f_solved"
        store.execute(act.actor, bookings.cancel, act.booking_id, reason)
    else:
        store.execute(act.actor, bookings.move, act.booking_id, act.starts_at)
    return act.booking_id


def settings(engine: Engine) -> str:
    """Return how durable the database is set."""
    names = ("synchronous", "journal_mode")
    if engine.dialect.name == "postgresql":
        names = ("fsync", "synchronous_commit")
        shown = [f"{name}={_first(engine, f'SHOW {name}')}" for name in names]
    else:
        shown = [f"{name}={_first(engine, f'PRAGMA {name}')}" for name in names]
    return " ".join(shown)


def _first(engine: Engine, query: str) -> str:
    with engine.connect() as connection:
        return str(connection.exec_driver_sql(query).scalar_one())
