"""Databases lent to tests: a file of SQLite for each, databases of PostgreSQL that come back.

A new database of PostgreSQL takes 40 ms, and as much again until its connections know it. One
that comes back is put as its template was: tables that changed get the template's rows again.
Where the schema changed, or somebody is still connected, it is dropped and the next test gets
a new one.
"""
# ruff: noqa: S608  # the names come from the catalogue

import uuid
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

from app.db import open_engine
from tests import databases

# Databases that a worker keeps at hand, and how often one is lent before its dead rows weigh.
AT_HAND = 3
USES = 60
CONNECTIONS = 2
_TABLES = """
SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
   AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 GROUP BY c.relname
"""
_NOTE_SCHEMA = """
CREATE TABLE kept.schema_changed (tag text);
CREATE FUNCTION kept.note_schema() RETURNS event_trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO kept.schema_changed VALUES (tg_tag); END $$;
CREATE EVENT TRIGGER note_schema ON ddl_command_end EXECUTE FUNCTION kept.note_schema();
ALTER EVENT TRIGGER note_schema ENABLE ALWAYS;
TRUNCATE kept.schema_changed
"""
_SCHEMA = "kept.schema_changed"
_SEQUENCES = """
SELECT format('SELECT setval(%L, %s, %L)', quote_ident(sequencename),
              coalesce(last_value, start_value), last_value IS NOT NULL)
  FROM pg_sequences WHERE schemaname = 'public'
"""
_CONNECTED = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend'
"""
_SHELF: OrderedDict[str, "Returning"] = OrderedDict()


class Lent(Protocol):
    """A database that is the test's own while the test runs."""

    url: str

    def engine(self) -> Engine:
        """Return an engine of the test's own."""

    def take_back(self) -> None:
        """Take the database from the test, which must have closed its connections."""


class File:
    """A copy of a template of SQLite."""

    def __init__(self, template: str) -> None:
        self._name = _new_name()
        self._engines: list[Engine] = []
        self.url = databases.copy(None, template, self._name)

    def engine(self) -> Engine:
        self._engines.append(databases.share_statements(open_engine(self.url)))
        return self._engines[-1]

    def take_back(self) -> None:
        for engine in self._engines:
            engine.dispose()
        databases.discard(None, self._name)


class Returning:
    """A database of PostgreSQL that goes from test to test."""

    def __init__(self, server: str, template: str) -> None:
        self.template, self._server, self._name = template, server, _new_name()
        self._uses = 0
        self.url = databases.copy(server, template, self._name)
        self._shared = databases.share_statements(open_engine(self.url))
        self._desk = _desk(self.url)
        self._columns = _keep_rows(self._desk)
        self._desk.exec_driver_sql(_NOTE_SCHEMA)
        _prepare_looking(self._desk, self._columns)
        self._counters = self._desk.exec_driver_sql(_SEQUENCES).scalars().all()
        self._mark = self._now()

    def engine(self) -> Engine:
        # Its listeners are the test's own, its connections those of the tests before.
        return self._shared.execution_options()

    def take_back(self) -> None:
        self._uses += 1
        if self._uses == USES or not self.is_free() or not self.is_restored():
            self.drop()
            return
        _SHELF[self.template] = self
        if len(_SHELF) > AT_HAND:
            _SHELF.popitem(last=False)[1].drop()

    def drop(self) -> None:
        self._desk.close()
        self._shared.dispose()
        databases.discard(self._server, self._name)

    def is_free(self) -> bool:
        """Answer whether nobody is connected but for what the pool keeps."""
        if self._shared.pool.checkedin() > CONNECTIONS:  # type: ignore[attr-defined]
            self._shared.dispose()
        pool: Any = self._shared.pool
        connected = self._desk.exec_driver_sql(_CONNECTED).scalar_one()
        return not pool.checkedout() and connected <= pool.checkedin() + 1

    def is_restored(self) -> bool:
        """Put the rows of the template back; answer whether the schema is still that."""
        changed = self._desk.exec_driver_sql(f"EXECUTE changed ({self._mark})").scalars().all()
        if _SCHEMA in changed:
            return False
        statements = [f'DELETE FROM public."{table}"' for table in changed]
        statements += [
            f'INSERT INTO public."{table}" ({self._columns[table]}) '
            f'SELECT {self._columns[table]} FROM kept."{table}"'
            for table in changed
            if self._columns[table]
        ]
        self._desk.exec_driver_sql("; ".join([*statements, *self._counters]))
        self._mark = self._now()
        return True

    def _now(self) -> int:
        return int(self._desk.exec_driver_sql("SELECT pg_current_xact_id()::text").scalar_one())


def lend(server: str | None, template: str) -> Lent:
    """Give a database that holds what the template holds."""
    if server is None:
        return File(template)
    return _SHELF.pop(template, None) or Returning(server, template)


def _new_name() -> str:
    return f"test_{uuid.uuid4().hex}"


def _desk(url: str) -> Connection:
    """Return a connection that puts rows back past triggers and foreign keys."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    # Without parameters the driver takes several statements at once.
    desk = engine.connect().execution_options(no_parameters=True)
    # To plan the look at all tables takes longer than the look.
    desk.exec_driver_sql(
        "SET session_replication_role = replica; SET plan_cache_mode = force_generic_plan"
    )
    return desk


def _keep_rows(desk: Connection) -> dict[str, str]:
    """Keep a copy of all rows; return the columns of each table, nothing where it is empty.

    The columns are those that the table does not work out itself.
    """
    columns = {name: names for name, names in desk.exec_driver_sql(_TABLES)}
    filled = ", ".join(f'EXISTS (SELECT 1 FROM public."{name}")' for name in columns)
    are_filled = desk.exec_driver_sql(f"SELECT {filled}").one()
    kept = {
        name: names if is_filled else ""
        for (name, names), is_filled in zip(columns.items(), are_filled, strict=True)
    }
    copies = (f'CREATE TABLE kept."{name}" AS TABLE public."{name}"' for name in kept if kept[name])
    desk.exec_driver_sql("; ".join(["CREATE SCHEMA kept", *copies]))
    return kept


def _prepare_looking(desk: Connection, tables: Iterable[str]) -> None:
    """Prepare `changed`: the tables with a row newer than a transaction, or with fewer rows."""
    looked_at = {f'public."{name}"': name for name in tables} | {_SCHEMA: _SCHEMA}
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in looked_at)
    rows = desk.exec_driver_sql(f"SELECT {counts}").one()
    each = " UNION ALL ".join(
        f"SELECT '{name}' FROM {table} HAVING count(*) <> {count} OR max(xmin::text::bigint) > $1"
        for (table, name), count in zip(looked_at.items(), rows, strict=True)
    )
    desk.exec_driver_sql(f"PREPARE changed (bigint) AS {each}")
