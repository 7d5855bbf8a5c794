from typing import NamedTuple

import pytest

from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests.founder_road import FounderRoad, statements
from tests.scenes import Plays

SIGN_IN = 1
MOST_STATEMENTS = 9


class Places(NamedTuple):
    """A road walked far, and the keys that stand in addresses."""

    road: FounderRoad
    keys: dict[str, object]


def far_on_the_road(store: Store, clock: FixedClock) -> Places:
    road = FounderRoad(store, clock)
    road.proposed()
    session = road.recorded("09-17 09:00", need_id=road.a_need().id)
    booking = road.accepted("09-22 14:00", need_id=road.a_need().id)
    keys: dict[str, object] = {
        "need": road.need.id,
        "mentor": road.expert.id,
        "session": session.id,
        "booking": booking.id,
        "hold": road.held("09-23 09:00").id,
    }
    return Places(road, keys)


@pytest.fixture
def plays() -> Plays:
    return {"places": far_on_the_road}


@pytest.fixture
def places(scene: Places) -> dict[str, object]:
    return scene.keys


@pytest.fixture
def road(scene: Places) -> FounderRoad:
    return scene.road


@pytest.mark.parametrize(
    "address",
    [
        "/me",
        "/needs/new",
        "/needs/{need}/edit",
        "/needs/{need}/mentors",
        "/needs/{need}/book?mentor={mentor}&time=2026-09-23T02:00:00%2B00:00",
        "/bookings/new?hold={hold}",
        "/bookings",
        "/bookings/{booking}",
        "/bookings/{booking}/reschedule",
        "/sessions/{session}/confirm",
        "/inbox",
        "/mentors",
        "/mentors?q=登记",
        "/mentors/{mentor}",
    ],
)
def test_a_page_costs_few_statements_and_writes_nothing(road, desk, places, address) -> None:
    desk.get("/me")
    with statements(road.store) as sent:
        desk.get(address.format(**places))
    assert len(sent) <= SIGN_IN + MOST_STATEMENTS, sent
    assert [each for each in sent if not each.lstrip().startswith(("SELECT", "WITH"))] == []
