from collections.abc import Callable

import pytest
from flask import Flask

from app.domain.actor import Actor
from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests.api.asking import Asker, Promise
from tests.founder_road import FounderRoad
from tests.serving import app, bearer, client, serve

__all__ = ["app", "bearer", "client", "serve"]

As = Callable[[Actor], Asker]


@pytest.fixture
def promise(app: Flask) -> Promise:
    return Promise(app.test_client().get("/api/v1/openapi.json").json)


@pytest.fixture
def as_(app: Flask, bearer: Callable[[Actor], dict[str, str]], promise: Promise) -> As:
    """Ask the API as somebody; every answer is held against the document."""
    known: dict[Actor, Asker] = {}

    def asker(who: Actor) -> Asker:
        if who not in known:
            known[who] = Asker(app.test_client(), bearer(who), promise)
        return known[who]

    return asker


@pytest.fixture
def road(store: Store, clock: FixedClock) -> FounderRoad:
    return FounderRoad(store, clock)
