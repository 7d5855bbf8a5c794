"""Authorisation of rows that cannot be forgotten: every statement is scoped or refused."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from app.domain.actor import Actor
from app.models.base import Base, Ledger
from app.unit_of_work.reach import PROTECTED, criterion

SCOPED = "jieban_scoped"
LIMITED, UNLIMITED = "limited", "unlimited"
_permitted: ContextVar[bool] = ContextVar("jieban_permitted", default=False)
_PROTECTED_NAME = re.compile(
    r"\b(" + "|".join(sorted(model.__tablename__ for model in PROTECTED)) + r")\b"
)

_JOINED_ALIAS = re.compile(
    r"\bJOIN (" + "|".join(sorted(model.__tablename__ for model in PROTECTED)) + r") AS "
)
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


@lru_cache(maxsize=512)
def _limits(actor: Actor) -> tuple[ExecutableOption, ...]:
    # Made once for each actor: building the criteria took more than half of a booking's time.
    found = ((model, criterion(model, actor)) for model in PROTECTED)
    return tuple(
        with_loader_criteria(model, limit, include_aliases=True)
        for model, limit in found
        if limit is not None
    )


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
    limits = _limits(session.actor.without_request)
    state.statement = state.statement.options(*limits)
    state.update_execution_options(**{SCOPED: LIMITED if limits else UNLIMITED})


def guard(engine: Engine) -> None:
    """Refuse, on this engine, every statement on a protected table that carries no scope."""
    event.listen(engine, "before_cursor_execute", _refuse_unscoped)


def _refuse_unscoped(
    _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    if _permitted.get():
        return
    mark = context.execution_options.get(SCOPED) if context else None
    if mark == LIMITED:
        _refuse_joined_alias(statement)
    if mark:
        return
    found = _PROTECTED_NAME.search(statement) or _LEDGER_WRITE.match(statement)
    if found:
        raise UnscopedStatementError(found.group(1))


def _refuse_joined_alias(statement: str) -> None:
    # SQLAlchemy leaves the alias on the right of a join without its criterion.
    joined = _JOINED_ALIAS.search(statement)
    if joined:
        raise UnscopedStatementError(joined.group(1))
