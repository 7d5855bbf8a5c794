import pytest

from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests.journeys.district import District
from tests.road import Road, a_road
from tests.scenes import Plays


@pytest.fixture
def district(store: Store, clock: FixedClock) -> District:
    return District(store, clock)


@pytest.fixture
def plays() -> Plays:
    return {"road": a_road}


@pytest.fixture
def road(scene: Road) -> Road:
    return scene
