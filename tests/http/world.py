"""A small district for tests that walk every route: somebody of each role, some rows."""

from dataclasses import dataclass
from typing import Any

from app.domain.actor import Actor, Role
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_need, an_expert, staff

PEOPLE = tuple(role for role in Role if role is not Role.SYSTEM)
PLACES: dict[Role, dict[str, str]] = {
    Role.DEPT_LIAISON: {"department": "hrss"},
    Role.STREET_LIAISON: {"street": "tangye"},
}


@dataclass(frozen=True, slots=True)
class World:
    """The people by role, and keys for addresses by the name they have there."""

    actors: dict[Role, Actor]
    samples: dict[str, Any]


def a_world(store: Store) -> World:
    founder = a_founder(store, street="tangye")
    expert = an_expert(store)
    assert founder.person_id is not None
    need = a_need(store, founder.person_id)
    actors = {Role.FOUNDER: founder, Role.MENTOR: a_mentor(store, expert)}
    for role in PEOPLE:
        if role not in actors:
            actors[role] = staff(store, role, **PLACES.get(role, {}))
    return World(actors, {"need_id": need.id, "expert_id": expert.id, "mentor_id": expert.id})
