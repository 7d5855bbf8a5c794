import pytest

from tests.journeys.district import District
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"district": District}


@pytest.fixture
def district(scene: District) -> District:
    return scene
