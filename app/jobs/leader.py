"""Who of the job processes leads: a lease by the database's clock, and a token that only rises.

Leading saves work and nothing depends on it: what a leader does is idempotent by unique keys, so
that two who both think they lead do no harm.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from app.db import MachineNow, insert_new
from app.domain.actor import SYSTEM
from app.domain.ids import new_id
from app.domain.job import LEADER, LEADER_SECONDS, RENEW_SECONDS
from app.models.job import Lease
from app.unit_of_work import Reader, Store, UnitOfWork

log = logging.getLogger(__name__)

P = ParamSpec("P")
Result = TypeVar("Result")


class NotLeaderError(RuntimeError):
    """Another process leads by now, or nobody does; nothing of the transaction remains."""


@dataclass(frozen=True, slots=True)
class Term:
    """One time of leading: who leads, and the token by which it is told from every other."""

    owner: UUID
    token: int


class Leadership:
    """What one process knows of its own leading; the row of the lease is the truth."""

    def __init__(
        self,
        store: Store,
        owner: UUID,
        *,
        seconds: float = LEADER_SECONDS,
        renew_seconds: float = RENEW_SECONDS,
    ) -> None:
        self._store = store
        self._owner = owner
        self._seconds = seconds
        self._renew_seconds = renew_seconds
        self._renew_at = 0.0
        self.term: Term | None = None

    def seek(self) -> Term | None:
        """Renew the term when it is time, or begin one where nobody leads; return it."""
        if self.term and time.monotonic() < self._renew_at:
            return self.term
        began = time.monotonic()
        if self.term is None and not self._is_free():
            return None
        term = self._store.execute(SYSTEM, seek, self._owner, self._seconds)
        if term != self.term:
            log.info("the token with which this process leads is %s", term and term.token)
        self.term, self._renew_at = term, began + self._renew_seconds
        return term

    def do(
        self,
        use_case: Callable[Concatenate[UnitOfWork, P], Result],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        """Run a duty of the leader in one transaction of its own.

        Raises:
            NotLeaderError: the process does not lead, at the beginning or at the end of it.
        """
        term = self.term

        def duty(uow: UnitOfWork) -> Result:
            _end_when_stopped(uow, self._seconds)
            ensure_leads(uow, term)
            result = use_case(uow, *args, **kwargs)
            uow.flush()
            ensure_leads(uow, term)
            return result

        try:
            return self._store.execute(SYSTEM, duty)
        except NotLeaderError:
            self.term = None
            raise

    def resign(self) -> None:
        """Give the lease back, so that another may lead at once."""
        term, self.term = self.term, None
        if term:
            self._store.execute(SYSTEM, resign, term)

    def _is_free(self) -> bool:
        with self._store.read(SYSTEM) as reader:
            return _is_vacant(reader, self._seconds)


def seek(uow: UnitOfWork, owner: UUID, seconds: float) -> Term | None:
    """Renew the owner's lease, take one over that has run out, or make the first; None if held."""
    _end_when_stopped(uow, seconds / 3)
    mine = (Lease.owner == owner) & (Lease.lease_until > MachineNow())
    until: dict[str, Any] = {"lease_until": MachineNow(seconds)}
    token = _change(uow, mine & ~_is_void(seconds), until)
    if token is None:
        raised = {"owner": owner, "token": Lease.token + 1, **until}
        token = _change(uow, _is_void(seconds), raised)
    if token is None and uow.one(select(Lease.id).where(Lease.name == LEADER)) is None:
        first = {"id": new_id(), "name": LEADER, "owner": owner, "token": 1, **until}
        token = 1 if insert_new(uow.session, Lease, **first) else None
    return None if token is None else Term(owner, token)


def ensure_leads(uow: UnitOfWork, term: Term | None) -> None:
    """Refuse to go on unless the term lasts.

    The lease is looked at and not locked: a leader that is stopped in the midst of a duty must
    not keep others from taking over.

    Raises:
        NotLeaderError: it does not.
    """
    lasts = (
        term is not None
        and uow.one(select(Lease.id).where(_is_of(term), Lease.lease_until > MachineNow()))
        is not None
    )
    if not lasts:
        raise NotLeaderError(f"token {term.token}" if term else "no term")


def resign(uow: UnitOfWork, term: Term) -> None:
    """End the term if it lasts; the token stays, so that the next one is higher."""
    _change(uow, _is_of(term), {"owner": None, "lease_until": MachineNow()})


def _end_when_stopped(uow: UnitOfWork, seconds: float) -> None:
    """Have PostgreSQL end the transaction of a process that stands still for so long.

    Stopped between a statement and the commit, it would keep others waiting for its row, and
    nobody could take over before it went on.
    """
    if uow.session.get_bind().dialect.name == "postgresql":
        limit = f"{round(seconds * 1_000)}ms"
        uow.session.execute(
            select(func.set_config("idle_in_transaction_session_timeout", limit, True))
        )


def _is_vacant(reader: Reader, seconds: float) -> bool:
    held = select(Lease.id).where(Lease.name == LEADER, ~_is_void(seconds))
    return reader.session.scalars(held).first() is None


def _is_void(seconds: float) -> ColumnElement[bool]:
    """Tell a lease that has run out, or is longer than any that is given: the clock went back."""
    return (Lease.lease_until <= MachineNow()) | (Lease.lease_until > MachineNow(seconds + 1))


def _is_of(term: Term) -> ColumnElement[bool]:
    return (Lease.name == LEADER) & (Lease.owner == term.owner) & (Lease.token == term.token)


def _change(uow: UnitOfWork, which: ColumnElement[bool], values: dict[str, Any]) -> int | None:
    changed = update(Lease).where(Lease.name == LEADER, which).values(values)
    return uow.session.scalars(changed.returning(Lease.token)).one_or_none()
