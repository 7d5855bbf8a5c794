import pytest

from tests.journeys.district import District
from tests.road import Road, a_road
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"road": a_road, "district": District}


@pytest.fixture
def road(scene: Road) -> Road:
    return scene


@pytest.fixture
def district(scene: District) -> District:
    return scene
