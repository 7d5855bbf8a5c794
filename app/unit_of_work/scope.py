"""Authorisation of rows that cannot be forgotten: every statement is scoped or refused."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Engine, Table, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import Executable, ExecutableOption
from sqlalchemy.sql.visitors import ExternallyTraversible

from app.domain.actor import Actor, Role
from app.models.base import Base, Ledger
from app.unit_of_work.reach import PROTECTED, criterion

# What a statement has passed through: the names of the tables that its scope speaks of.
SCOPED = "jieban_scoped"
EVERYTHING = frozenset(model.__tablename__ for model in PROTECTED)
_permitted: ContextVar[bool] = ContextVar("jieban_permitted", default=False)
_PLACES = {model: place for place, model in enumerate(PROTECTED)}
# A table as it stands in SQL; a column may be called like one (batches.needs).
_PROTECTED_NAME = re.compile(
    rf"(?:\b(?:main|temp|public)\.|(?<![\w.]))({'|'.join(sorted(EVERYTHING))})\b"
)
_JOINED_ALIAS = re.compile(rf"\bJOIN ({'|'.join(sorted(EVERYTHING))}) AS ")
_LEDGER_NAMES = sorted(
    str(mapper.local_table) for mapper in Base.registry.mappers if issubclass(mapper.class_, Ledger)
)
_LEDGER_WRITE = re.compile(
    rf"\s*(?:INSERT INTO|UPDATE|DELETE FROM) ({'|'.join(_LEDGER_NAMES)})\b", re.IGNORECASE
)


class UnscopedStatementError(RuntimeError):
    """A statement names a protected table without having passed through an actor's scope."""


class BulkLedgerError(RuntimeError):
    """A bulk statement would change ledger rows past the audit."""


class ScopedSession(Session):
    """A session whose ORM statements see only what its actor may see."""

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actor = actor
        self.limited_to = actor.without_request

    def flush(self, objects: Any = None) -> None:
        """Write loaded and new objects; what was loaded was in scope."""
        token = _permitted.set(True)
        try:
            super().flush(objects)
        finally:
            _permitted.reset(token)


@contextmanager
def unscoped() -> Iterator[None]:
    """Let statements pass that belong to the machinery itself, such as sealing or health checks."""
    token = _permitted.set(True)
    try:
        yield
    finally:
        _permitted.reset(token)


class _Limit(NamedTuple):
    """Hold what limits a model's rows, None where nothing does, and the tables that it names."""

    option: ExecutableOption | None
    names: frozenset[str]


@lru_cache(maxsize=8_192)
def _limit(model: type[Base], actor: Actor) -> _Limit:
    # Made once for each actor: building the criteria took more than half of a booking's time.
    found = criterion(model, actor)
    if found is None:
        return _Limit(None, frozenset({model.__tablename__}))
    tables = (each.name for each in visitors.iterate(found) if isinstance(each, Table))
    option = with_loader_criteria(model, found, include_aliases=True)
    return _Limit(option, frozenset({model.__tablename__, *tables}))


def _entities(statement: Executable) -> list[type[Base]]:
    """Return the protected models that a statement speaks of, in one order whatever it is."""
    found = set()
    for element in visitors.iterate(cast(ExternallyTraversible, statement)):
        entity = getattr(element, "_annotations", {}).get("parententity")
        if entity is not None:
            found.add(entity.mapper.class_)
    return sorted(found & _PLACES.keys(), key=_PLACES.__getitem__)


@event.listens_for(ScopedSession, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    if not state.is_orm_statement or state.is_from_statement:
        return
    if state.is_insert or state.is_update or state.is_delete:
        model = state.bind_mapper.class_ if state.bind_mapper else None
        if model is not None and issubclass(model, Ledger):
            raise BulkLedgerError(model.__name__)
    session = state.session
    if not isinstance(session, ScopedSession):
        return
    if session.actor.has(Role.SYSTEM):
        state.update_execution_options(**{SCOPED: EVERYTHING})
        return
    limits = [_limit(model, session.limited_to) for model in _entities(state.statement)]
    options = [limit.option for limit in limits if limit.option is not None]
    state.statement = state.statement.options(*options)
    state.update_execution_options(
        **{SCOPED: frozenset().union(*(limit.names for limit in limits))}
    )


def guard(engine: Engine) -> None:
    """Refuse, on this engine, every statement on a protected table that carries no scope."""
    event.listen(engine, "before_cursor_execute", _refuse_unscoped)


def _refuse_unscoped(
    _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    if _permitted.get():
        return
    covered = context.execution_options.get(SCOPED) if context else None
    if covered is EVERYTHING:
        return
    named = _named(statement)
    missed = named.protected - (covered or frozenset())
    if covered is None and named.written_ledger:
        missed |= {named.written_ledger}
    # SQLAlchemy leaves the alias on the right of a join without its criterion.
    if missed or named.joined_alias:
        raise UnscopedStatementError(", ".join(sorted(missed | named.joined_alias)))


class _Names(NamedTuple):
    """Hold the protected tables that a statement names, and those it joins under an alias."""

    protected: frozenset[str]
    joined_alias: frozenset[str]
    written_ledger: str


@lru_cache(maxsize=4_096)
def _named(statement: str) -> _Names:
    written = _LEDGER_WRITE.match(statement)
    return _Names(
        frozenset(_PROTECTED_NAME.findall(statement)),
        frozenset(_JOINED_ALIAS.findall(statement)),
        written.group(1) if written else "",
    )
