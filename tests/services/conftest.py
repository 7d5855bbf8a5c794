import pytest

from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests.journeys.district import District
from tests.road import Road, a_road


@pytest.fixture
def district(store: Store, clock: FixedClock) -> District:
    return District(store, clock)


@pytest.fixture
def road(store: Store) -> Road:
    return a_road(store)
