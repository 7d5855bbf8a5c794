import pytest

from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests.journeys.district import District


@pytest.fixture
def district(store: Store, clock: FixedClock) -> District:
    return District(store, clock)
