import pytest

from tests.gathering import Hall, open_hall
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"hall": open_hall}


@pytest.fixture
def hall(scene: Hall) -> Hall:
    return scene
