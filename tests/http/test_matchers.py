"""One fitted matcher for every edge of the process."""

from typing import Any

import pytest

from app.services import proposals
from app.services.proposals import FittedPool
from tests.builders import staff
from tests.founder_road import FounderRoad


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[FittedPool]:
    """Every pool that was fitted anew."""
    made: list[FittedPool] = []
    fit = proposals.pool.fit_matcher

    def note(*args: Any) -> FittedPool:
        made.append(fit(*args))
        return made[-1]

    monkeypatch.setattr(proposals.pool, "fit_matcher", note)
    return made


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_desk_founder_and_machine_match_with_the_pool_that_was_fitted_once(
    app, store, clock, sign_in, bearer, fits, monkeypatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    road = FounderRoad(store, clock)
    pages = f"/needs/{road.need.id}"
    founder, desk = (sign_in(app.test_client(), who) for who in (road.founder, staff(store)))

    asked = (
        desk.post(f"/bureau{pages}/proposals"),
        founder.post(f"{pages}/refresh"),
        app.test_client().post(f"/api/v1{pages}/proposals", headers=bearer(road.founder)),
    )

    assert [answer.status_code for answer in asked] == [303, 303, 200]
    assert len(fits) == 1
