"""Audit entries of one transaction: collected while it runs, written before it commits."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.audit_entry import canonical, digest, entry_mac, leaf_hash
from app.models.audit_entry import AuditEntry
from app.models.base import Base, Ledger
from app.unit_of_work.scope import unscoped


class UnauditedChangeError(RuntimeError):
    """A use case changed a ledger row without auditing it."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How entries are marked: the application's key, and the name of the hash."""

    key: bytes = field(repr=False)
    algorithm: str


@dataclass(slots=True)
class Trail:
    """What is to be written of one transaction."""

    pending: list[tuple[str, Base, dict[str, object]]] = field(default_factory=list)
    touched: dict[tuple[str, UUID], Base] = field(default_factory=dict)
    new: set[UUID] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Forget what was noted inside when the part fails."""
        pending, touched, new = list(self.pending), dict(self.touched), set(self.new)
        try:
            yield
        except BaseException:
            self.pending, self.touched, self.new = pending, touched, new
            raise

    def watch(self, session: Session, *_: object) -> None:
        """Note the ledger rows about to be written (a before_flush listener)."""
        for row in session.new:
            if isinstance(row, Base):
                self.new.add(row.id)
        for row in (*session.new, *session.dirty):
            if isinstance(row, Ledger) and isinstance(row, Base) and session.is_modified(row):
                self.touched[row.__tablename__, row.id] = row

    def write(self, session: Session, actor: Actor, now: datetime, marks: Marks) -> None:
        """Add the entries to the session.

        Raises:
            UnauditedChangeError: when a touched ledger row was never audited.
        """
        audited = {(row.__tablename__, row.id) for _, row, _ in self.pending}
        forgotten = self.touched.keys() - audited
        if forgotten:
            raise UnauditedChangeError(", ".join(sorted(f"{t} {i}" for t, i in forgotten)))
        versions = self._versions(session)
        for action, row, facts in self.pending:
            entity = (row.__tablename__, row.id)
            versions[entity] = versions.get(entity, 0) + 1
            body = canonical(
                {
                    "at": now,
                    "actor": actor.account_id,
                    "roles": sorted(role.value for role in actor.roles),
                    "request": actor.request_id,
                    "action": action,
                    "entity": entity[0],
                    "id": entity[1],
                    "version": versions[entity],
                    "row": facts_of(row) if isinstance(row, Ledger) else None,
                    "facts": facts,
                    "beyond_scope": self.reasons,
                }
            )
            leaf = leaf_hash(body, marks.algorithm)
            session.add(
                AuditEntry(
                    at=now,
                    actor_id=actor.account_id,
                    action=action,
                    entity=entity[0],
                    entity_id=entity[1],
                    entity_version=versions[entity],
                    body=body,
                    algorithm=marks.algorithm,
                    leaf=leaf,
                    mac=entry_mac(marks.key, leaf),
                )
            )

    def _versions(self, session: Session) -> dict[tuple[str, UUID], int]:
        old = {row.id for _, row, _ in self.pending} - self.new
        if not old:
            return {}
        statement = (
            select(AuditEntry.entity, AuditEntry.entity_id, func.max(AuditEntry.entity_version))
            .where(AuditEntry.entity_id.in_(old))
            .group_by(AuditEntry.entity, AuditEntry.entity_id)
        )
        with unscoped():
            rows = session.connection().execute(statement)
            return {(entity, key): version for entity, key, version in rows}


def facts_of(row: Ledger, in_clear: Collection[str] = ()) -> dict[str, Any]:
    """Return a ledger row's columns in clear and, for private ones, one hash over them all.

    Args:
        row: the row.
        in_clear: private columns to be told in clear, as an entry did from before they were so.
    """
    columns = inspect(row).mapper.column_attrs.keys()
    values = {name: getattr(row, name) for name in columns}
    hidden = row.PRIVATE - frozenset(in_clear)
    clear = {name: value for name, value in values.items() if name not in hidden}
    rest = {
        name: values[name]
        for name in values
        if name in hidden and not (name in row.PRIVATE_SINCE and values[name] is None)
    }
    return {**clear, "rest": digest(rest)} if rest else clear
