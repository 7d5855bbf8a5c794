import pytest

from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests.batching import Round


@pytest.fixture
def round_(store: Store, clock: FixedClock) -> Round:
    return Round(store, clock)
