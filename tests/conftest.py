import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests import databases, postgres, scenes
from tests.lent import Lent, lend
from tests.moments import START
from tests.scenes import Play, Plays
from tests.turns import by_turns as dialect

__all__ = ["dialect"]

# How long an example takes depends on what else the machine does.
settings.register_profile("jieban", deadline=None)
settings.load_profile("jieban")

GARBAGE = 20_000
Record = Callable[[str, object], None]
REQUIRED = frozenset(filter(None, os.environ.get("JIEBAN_REQUIRE", "").split(",")))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the walks of the machine, the longest by far, begin the shares of the workers."""
    walks = [item for item in items if item.path.parent.name == "machine"]
    others = [item for item in items if item.path.parent.name != "machine"]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    for number, walk in enumerate(walks):
        others.insert(number % workers * (len(items) // workers), walk)
    items[:] = others


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what all tests share, and come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many tests ran on which database, and how many were skipped."""
    ran = [each for each in terminalreporter.getreports("passed") if each.when == "call"]
    places = Counter(dict(each.user_properties).get("database", "none") for each in ran)
    told = [f"{name} {count}" for name, count in sorted(places.items())]
    skipped = len(terminalreporter.getreports("skipped"))
    terminalreporter.write_line(f"passed by database: {', '.join(told)}; skipped: {skipped}")


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


@pytest.fixture
def database_server(dialect: str, request: pytest.FixtureRequest) -> str | None:
    """The server of the test's database, None where that is a file."""
    if dialect == "postgresql":
        return str(request.getfixturevalue("postgresql_server"))
    databases.sqlite_template(databases.shared_folder())
    return None


@pytest.fixture
def plays() -> Plays:
    """The scenes that tests of a folder may begin with: none, unless the folder names some."""
    return {}


@pytest.fixture
def play(plays: Plays, request: pytest.FixtureRequest) -> Play | None:
    """The scene that the test begins with, None where it asks for none."""
    return next((play for name, play in plays.items() if name in request.fixturenames), None)


@pytest.fixture
def template(dialect: str, database_server: str | None, play: Play | None) -> str:
    """The template whose copy the test begins with."""
    return scenes.template(dialect, database_server, play) if play else databases.TEMPLATE


@pytest.fixture
def database(
    dialect: str, database_server: str | None, template: str, record_property: Record
) -> Iterator[Lent]:
    record_property("database", dialect)
    database = lend(database_server, template)
    yield database
    database.take_back()


@pytest.fixture
def database_url(database: Lent) -> str:
    return database.url


@pytest.fixture
def engine(database: Lent) -> Engine:
    return database.engine()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def store(engine: Engine, clock: FixedClock) -> Store:
    return Store(engine, clock, databases.AUDIT_KEY)


@pytest.fixture
def scene(dialect: str, template: str, store: Store, clock: FixedClock) -> Any:
    """What the test's scene left."""
    return scenes.reopened(dialect, template, store, clock)
