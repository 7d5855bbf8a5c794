"""Fresh databases for tests: copies of a template that holds schema and reference data."""

import fcntl
import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, text
from sqlalchemy.util import LRUCache

from app.adapters.reference_files import read_reference
from app.adapters.schema import upgrade
from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.services import vocabularies
from app.unit_of_work import Store
from app.unit_of_work.opening import audit_key
from tests.moments import START

ROOT = Path(__file__).parents[1]
SECRET = "s" * 48
AUDIT_KEY = audit_key(SECRET)
TEMPLATE = "jieban_template"
STATEMENTS = 5_000
_FIRST: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}


def share_statements(engine: Engine) -> Engine:
    """Let the engines of one kind share their compiled statements.

    Each test has an engine of its own; compiling anew took a quarter of the time of all tests.
    """
    if engine.dialect.name not in _FIRST:
        # The first connection teaches the dialect what the server is.
        engine.connect().close()
        _FIRST[engine.dialect.name] = engine.dialect, LRUCache(STATEMENTS)
    engine.dialect, compiled = _FIRST[engine.dialect.name]
    engine.update_execution_options(compiled_cache=compiled)
    return engine


def fill(url: str) -> None:
    """Bring a database to the newest schema with reference data in it."""
    engine = open_engine(url)
    upgrade(engine)
    store = Store(engine, FixedClock(START), AUDIT_KEY)
    reference = vocabularies.Reference(**read_reference(ROOT / "seeds" / "reference"))
    store.execute(SYSTEM, vocabularies.import_reference, reference)
    engine.dispose()


def copy(server: str | None, template: str, name: str) -> str:
    """Copy a template under a name, on a server or as a file; return the address."""
    if server:
        create(server, name, template)
        return database(server, name)
    folder = shared_folder()
    shutil.copyfile(folder / f"{template}.db", folder / f"{name}.db")
    return f"sqlite:///{folder / name}.db"


def discard(server: str | None, name: str) -> None:
    if server:
        drop(server, name)
    for left in shared_folder().glob(f"{name}.db*"):
        left.unlink()


def sqlite_template(folder: Path) -> Path:
    path = folder / f"{TEMPLATE}.db"
    with (folder / "sqlite.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            fill(f"sqlite:///{folder / 'filling.db'}")
            settle(f"sqlite:///{folder / 'filling.db'}")
            shutil.move(folder / "filling.db", path)
    return path


def settle(url: str) -> None:
    """Bring all of a database of SQLite into its one file, so that the file can be copied."""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def postgresql_template(folder: Path, server: str) -> None:
    with (folder / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "postgresql.ready").exists():
            return
        create(server, TEMPLATE)
        fill(database(server, TEMPLATE))
        (folder / "postgresql.ready").touch()


def create(server: str, name: str, template: str = "template1") -> None:
    # Ten times as fast as logging every page; before PostgreSQL 15 there was no other way.
    strategy = " STRATEGY file_copy" if version(server) >= 15 else ""
    _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"{strategy}')


@cache
def version(server: str) -> int:
    number = int(_desk_of(server).execute(text("SHOW server_version_num")).scalar_one())
    return number // 10_000


def drop(server: str, name: str) -> None:
    _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def set_for(server: str, name: str, setting: str, value: object) -> None:
    """Set what connections of one database go by."""
    _administer(server, f"ALTER DATABASE \"{name}\" SET {setting} = '{value}'")


def database(server: str, name: str) -> str:
    return server.rpartition("/")[0] + f"/{name}"


def _administer(server: str, statement: str) -> None:
    _desk_of(server).execute(text(statement))


@cache
def _desk_of(server: str) -> Connection:
    """Return the one connection of this process that makes and drops databases."""
    return create_engine(server, isolation_level="AUTOCOMMIT").connect()


def shared_folder() -> Path:
    return Path(os.environ["JIEBAN_TEST_POSTGRES_FOLDER"])
