import pytest

from tests.batching import Round
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"round_": Round}


@pytest.fixture
def round_(scene: Round) -> Round:
    return scene
