"""A small district for tests that walk every route: somebody of each role, some rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.actor import Actor, Role
from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests.batching import a_batch
from tests.builders import staff
from tests.founder_road import FounderRoad

PEOPLE = tuple(role for role in Role if role is not Role.SYSTEM)
PLACES: dict[Role, dict[str, str]] = {
    Role.DEPT_LIAISON: {"department": "hrss"},
    Role.STREET_LIAISON: {"street": "tangye"},
}


@dataclass(frozen=True, slots=True)
class World:
    """The people by role, and sets of keys for addresses, each of one stage of the road."""

    actors: dict[Role, Actor]
    stages: tuple[Mapping[str, object], ...]


def a_world(store: Store, clock: FixedClock) -> World:
    """Return a district with a confirmed service, an agreed one, a request, a hold, a batch."""
    road = FounderRoad(store, clock)
    road.proposed()
    confirmed = road.confirmed()
    agreed = road.accepted("09-22 09:00", need_id=road.a_need().id)
    requested = road.requested("09-23 09:00", need_id=road.a_need().id)
    held = road.held("09-24 09:00", need_id=road.a_need().id)
    waiting = road.a_need()
    batch = a_batch(store)
    people = {"expert_id": road.expert.id, "mentor_id": road.expert.id}
    planned, outcome = road.session_of(agreed), road.outcome_of(confirmed)
    stages = (
        {
            **people,
            "need_id": road.need.id,
            "booking_id": confirmed.booking_id,
            "session_id": confirmed.id,
            "service_session_id": confirmed.id,
            "outcome_id": outcome.id,
            "no": confirmed.reference,
            "reference": confirmed.reference,
        },
        {
            **people,
            "need_id": agreed.need_id,
            "booking_id": agreed.id,
            "session_id": planned.id,
            "service_session_id": planned.id,
        },
        {**people, "need_id": requested.need_id, "booking_id": requested.id},
        {**people, "need_id": held.need_id, "booking_id": held.id, "hold_id": held.id},
        {**people, "need_id": waiting.id, "batch_id": batch.id},
    )
    actors = {Role.FOUNDER: road.founder, Role.MENTOR: road.mentor}
    for role in PEOPLE:
        if role not in actors:
            actors[role] = staff(store, role, **PLACES.get(role, {}))
    return World(actors, stages)
