"""Engines, column types and the words in which a database refuses."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    create_engine,
    event,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.domain.errors import ConflictError, DomainError

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING_CONVENTION)

JSONValue = JSON().with_variant(JSONB(), "postgresql")
# Nothing is kept as NULL, which SQL can ask for, and not as the JSON word null.
JSONOrNull = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BUSY_TIMEOUT_MS = 15_000
READ_ONLY = "jieban_read_only"


class NaiveInstantError(DomainError):
    """An instant without an offset reached the database."""

    default_code = "instant.naive"


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC instant: timestamptz on PostgreSQL, integer microseconds on SQLite.

    Integers keep comparisons inside SQLite's constraints and triggers exact.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the dialect."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive instants; hand over microseconds to SQLite."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveInstantError(value=value.isoformat())
        if dialect.name == "sqlite":
            return (value - EPOCH) // timedelta(microseconds=1)
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return an aware UTC instant."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return EPOCH + timedelta(microseconds=value)
        return value.astimezone(UTC)  # type: ignore[no-any-return]  # psycopg gives datetime


class MachineNow(FunctionElement[datetime]):
    """The database's own clock as the statement runs, some seconds on; deaf to the clock file.

    Leases, sign-in sessions and seals go by it; everything people know goes by business time.
    """

    name = "machine_now"
    type = UTCDateTime()
    inherit_cache = True

    def __init__(self, plus_seconds: float = 0) -> None:
        super().__init__(literal(float(plus_seconds)))


@compiles(MachineNow, "postgresql")
def _postgresql_now(element: MachineNow, compiler: Any, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"(clock_timestamp() + ({seconds}) * interval '1 second')"


@compiles(MachineNow, "sqlite")
def _sqlite_now(element: MachineNow, compiler: Any, **options: Any) -> str:
    # 2440587.5 is the Julian day of 1970-01-01.
    seconds = compiler.process(element.clauses, **options)
    return f"CAST(((julianday('now') - 2440587.5) * 86400.0 + ({seconds})) * 1000000 AS INTEGER)"


def open_engine(url: str) -> Engine:
    """Return an engine whose transactions begin as house rules demand.

    SQLite: WAL, synchronous FULL, foreign keys on, writers `BEGIN IMMEDIATE`; a connection with
    the READ_ONLY execution option begins plainly and cannot write, on both databases. Errors tell
    the statement without its values, which would bring names and groups of people into the log.
    """
    if not url.startswith("sqlite"):
        engine = create_engine(
            url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True
        )
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    waits = {"timeout": BUSY_TIMEOUT_MS / 1000}
    engine = create_engine(url, connect_args=waits, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling is switched off: the begin hook speaks for itself.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = bool(connection.get_execution_options().get(READ_ONLY))
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(READ_ONLY):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


_INSERT: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_new(session: Session, model: type[Any], **values: Any) -> bool:
    """Insert a row and tell whether it was new; one with the same unique key stays as it is.

    A transaction that is inserting the same key is waited for.
    """
    insert = _INSERT[session.get_bind().dialect.name]
    statement = insert(model).values(**values).on_conflict_do_nothing().returning(model.id)
    return session.execute(statement).first() is not None


Refusal = Callable[[], DomainError]
_REFUSALS: dict[str, Refusal] = {}


def on_violation(refusal: Refusal, *names: str) -> None:
    """Declare which domain error a breach means.

    Args:
        refusal: makes the error.
        names: the constraint's name as PostgreSQL reports it and, for unique keys, the columns
            `table.a, table.b` as SQLite reports them.
    """
    for name in names:
        _REFUSALS[name] = refusal


def violation(error: DBAPIError) -> DomainError | None:
    """Return the domain error that a database refusal means, None when nobody declared one."""
    diag = getattr(error.orig, "diag", None)
    name = getattr(diag, "constraint_name", None)
    text = str(error.orig)
    if name is None:
        match = re.search(r"constraint failed: (.+)$", text)
        name = match.group(1).strip() if match else text.partition(":")[0].strip()
    refusal = _REFUSALS.get(name) or _REFUSALS.get(text.partition("\n")[0].strip())
    return refusal() if refusal else None


class StaleVersionError(ConflictError):
    """Somebody else changed the row in the meantime."""

    default_code = "version.stale"


class BusyError(ConflictError):
    """So many write at once that this one did not get its turn; nothing was changed."""

    default_code = "database.busy"
