import os
import shutil
import uuid
from collections.abc import Iterator

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from app.db import open_engine
from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests import databases, postgres
from tests.moments import START

# How long an example takes depends on what else the machine does.
settings.register_profile("jieban", deadline=None)
settings.load_profile("jieban")

REQUIRED = frozenset(filter(None, os.environ.get("JIEBAN_REQUIRE", "").split(",")))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.stop()


def missing(what: str, how: str) -> None:
    """Skip loudly; where the pipeline requires the thing, fail."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here and missing: {how}")
    pytest.skip(f"{what} is missing: {how}")


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    if postgres.binaries() is None:
        missing("postgres", postgres.HOW_TO_GET)
    server = postgres.url()
    databases.postgresql_template(databases.shared_folder(), server)
    return server


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    if dialect == "sqlite":
        folder = databases.shared_folder()
        path = folder / f"{name}.db"
        shutil.copyfile(databases.sqlite_template(folder), path)
        yield f"sqlite:///{path}"
        for left in folder.glob(f"{name}.db*"):
            left.unlink()
        return
    server = request.getfixturevalue("postgresql_server")
    databases.create(server, name, databases.TEMPLATE)
    yield databases.database(server, name)
    databases.drop(server, name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = databases.share_statements(open_engine(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def store(engine: Engine, clock: FixedClock) -> Store:
    return Store(engine, clock, databases.AUDIT_KEY)
