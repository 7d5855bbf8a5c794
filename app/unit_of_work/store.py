"""Transactions on one database: `execute` writes and commits, `read` only looks."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.db import READ_ONLY, BusyError, StaleVersionError, violation
from app.domain.actor import SYSTEM, Actor
from app.domain.audit_entry import ALGORITHM
from app.domain.calendar import local_day
from app.domain.clock import Clock
from app.unit_of_work.scope import ScopedSession, guard
from app.unit_of_work.trail import Marks, Trail
from app.unit_of_work.turn import Turn
from app.unit_of_work.work import UnitOfWork

P = ParamSpec("P")
Result = TypeVar("Result")
UseCase = Callable[Concatenate[UnitOfWork, P], Result]

MOST_TRIES = 4
RETRY_SECONDS = 0.05
# Run again, the second of two transactions sees what the first one wrote.
RACED = frozenset(
    {
        # It audits the same unchanged row under the next number.
        "uq_audit_entries_entity_entity_id_entity_version",
        # It finds the task that is open by now.
        "uq_tasks_open",
    }
)
# serialization_failure, deadlock_detected, lock_not_available
_RETRIED = frozenset({"40001", "40P01", "55P03"})


@dataclass(frozen=True, slots=True)
class Reader:
    """A look at the database by an actor at an instant; nothing can be written through it."""

    session: ScopedSession
    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """Return the district's day."""
        return local_day(self.now)

    @contextmanager
    def beyond_scope(self, reason: str) -> Iterator[None]:
        """See all rows for a while, to decide what the actor may be told.

        Args:
            reason: why; a look leaves no entry, so it stands in the code alone.
        """
        own, self.session.actor = self.session.actor, SYSTEM
        try:
            yield
        finally:
            self.session.actor = own


class Store:
    """The database as use cases and queries know it."""

    def __init__(
        self, engine: Engine, clock: Clock, audit_key: bytes, digest: str = ALGORITHM
    ) -> None:
        self.engine = engine
        self.clock = clock
        self._marks = Marks(audit_key, digest)
        self._reading = engine.execution_options(**{READ_ONLY: True})
        self._turn = _turn(engine)
        guard(engine)

    def execute(
        self,
        actor: Actor,
        use_case: Callable[Concatenate[UnitOfWork, P], Result],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        """Run the use case in one transaction and commit it, or leave nothing behind.

        Raises:
            DomainError: as the rules raised it, or as a breached constraint means it.
        """
        for attempt in range(1, MOST_TRIES + 1):
            try:
                with self._turn:
                    return self._once(actor, use_case, *args, **kwargs)
            except StaleDataError as error:
                # Somebody else changed the row meanwhile; seen anew, the step may still be right.
                if attempt == MOST_TRIES:
                    raise StaleVersionError from error
            except DBAPIError as error:
                passes = _passes(error) and attempt < MOST_TRIES
                refusal = violation(error)
                if refusal is not None and not passes:
                    raise refusal from error
                if not passes and _is_busy(error):
                    raise BusyError from error
                if not passes:
                    raise
            time.sleep(RETRY_SECONDS * attempt * (0.5 + random.random()))  # noqa: S311  # jitter
        raise AssertionError("unreachable")

    def _once(
        self,
        actor: Actor,
        use_case: Callable[Concatenate[UnitOfWork, P], Result],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        with ScopedSession(self.engine, actor=actor, expire_on_commit=False) as session:
            trail = Trail()
            event.listen(session, "before_flush", trail.watch)
            now = self.clock.now()
            uow = UnitOfWork(session, actor, now, trail)
            result = use_case(uow, *args, **kwargs)
            session.flush()
            trail.write(session, actor, now, self._marks)
            session.commit()
            return result

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Reader]:
        """Open a look in which the database itself refuses to write."""
        with ScopedSession(self._reading, actor=actor, autoflush=False) as session:
            yield Reader(session, actor, self.clock.now())

    def audit_key(self) -> bytes:
        """Return the key that marks entries and seals; it lives outside the database."""
        return self._marks.key


def _passes(error: DBAPIError) -> bool:
    state: Any = getattr(error.orig, "sqlstate", None)
    if state is not None:
        diag: Any = getattr(error.orig, "diag", None)
        return state in _RETRIED or diag.constraint_name in RACED
    return _is_busy(error)


def _is_busy(error: DBAPIError) -> bool:
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)


def _turn(engine: Engine) -> AbstractContextManager[None]:
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return nullcontext()
    return Turn(Path(name))
