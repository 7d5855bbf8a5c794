from collections.abc import Callable

import pytest
from flask import Flask

from app.domain.actor import Actor
from tests.api.asking import PREFIX, Asker, Promise, promise_of
from tests.founder_road import plays, road
from tests.serving import app, bearer, client, serve

__all__ = ["app", "bearer", "client", "plays", "road", "serve"]

# What is refused before any row is looked at is the same on every database.
sqlite_only = pytest.mark.parametrize("dialect", ["sqlite"])
As = Callable[[Actor], Asker]


@pytest.fixture
def promise(app: Flask) -> Promise:
    return promise_of(app.test_client().get(f"{PREFIX}/openapi.json").text)


@pytest.fixture
def as_(app: Flask, bearer: Callable[[Actor], dict[str, str]], promise: Promise) -> As:
    """Ask the API as somebody; every answer is held against the document."""
    known: dict[Actor, Asker] = {}

    def asker(who: Actor) -> Asker:
        if who not in known:
            known[who] = Asker(app.test_client(), bearer(who), promise)
        return known[who]

    return asker
