"""The trail as auditors read it: of one thing, of one meeting's whole chain, or filtered."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, union_all

from app.models.attachment import Attachment
from app.models.audit_entry import AccessEntry, AuditEntry
from app.models.booking import Booking
from app.models.log_line import LogLine
from app.models.outcome import Confirmation, Dispute, Outcome, OutcomeVersion
from app.models.service_record import Correction, ServiceRecord
from app.models.service_session import Attendance, ServiceSession
from app.queries.accounts import account_names
from app.queries.diagnosis_rows import diagnosis_keys
from app.unit_of_work import Reader

PAGE = 50
_OF_SESSION = (Attendance, Outcome, Dispute, ServiceRecord, Correction, Attachment, LogLine)
_OF_OUTCOME = (OutcomeVersion, Confirmation)


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One entry with what it says in clear.

    Attributes:
        actor: who did it, None for the service itself.
        row: the ledger row as it was committed then.
        facts: what the use case said besides.
        seq: its number under a seal, None in the second before it is sealed.
    """

    id: UUID
    at: datetime
    actor: str | None
    roles: tuple[str, ...]
    action: str
    entity: str
    entity_id: UUID
    version: int
    row: dict[str, Any] | None
    facts: dict[str, Any]
    leaf: str
    seq: int | None


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some entries, and the key with which the next ones are asked for."""

    items: Sequence[TrailEntry]
    next: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """Which entries of the whole trail; what is None does not limit.

    Looks have a list of their own, and are among the entries only where their table is named.
    """

    action: str | None = None
    entity: str | None = None
    entity_id: UUID | None = None
    actor_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def trail(reader: Reader, entity: str, entity_id: UUID) -> Sequence[TrailEntry]:
    """Return everything that happened to one thing, oldest first."""
    return _in_order(reader, (AuditEntry.entity == entity) & (AuditEntry.entity_id == entity_id))


def chain_of_session(reader: Reader, session_id: UUID) -> Sequence[TrailEntry]:
    """Return the whole chain of one meeting, oldest first.

    Booking, session, attendances, outcome with its versions and confirmations, disputes,
    decisions on counting and corrections, and of a diagnosis its findings, report versions,
    signatures and all else; only what the actor may see.
    """
    session, outcome = ServiceSession, Outcome
    own = session.id == session_id
    parts = [
        select(session.id).where(own),
        select(Booking.id).join(session, session.booking_id == Booking.id).where(own),
    ]
    parts += [select(m.id).where(m.service_session_id == session_id) for m in _OF_SESSION]
    parts += [
        select(m.id)
        .join(outcome, m.outcome_id == outcome.id)
        .where(outcome.service_session_id == session_id)
        for m in _OF_OUTCOME
    ]
    parts += diagnosis_keys([session_id]).values()
    keys = reader.session.execute(union_all(*parts)).scalars().all()
    return _in_order(reader, AuditEntry.entity_id.in_(keys)) if keys else []


def audit_entries(
    reader: Reader, wanted: TrailFilter, *, after: UUID | None = None, limit: int = PAGE
) -> TrailPage:
    """Return entries newest first.

    Args:
        reader: the look.
        wanted: which entries.
        after: the last entry of the page before.
        limit: how many at most.
    """
    statement = select(AuditEntry).where(*_conditions(wanted))
    if after is not None:
        statement = statement.where(AuditEntry.id < after)
    rows = reader.session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit + 1)).all()
    items = _entries(reader, rows[:limit])
    return TrailPage(items, items[-1].id if len(rows) > limit else None)


def _conditions(wanted: TrailFilter) -> list[ColumnElement[bool]]:
    given: list[tuple[Any, ColumnElement[bool]]] = [
        (wanted.action, AuditEntry.action == wanted.action),
        (wanted.entity, AuditEntry.entity == wanted.entity),
        (wanted.entity_id, AuditEntry.entity_id == wanted.entity_id),
        (wanted.actor_id, AuditEntry.actor_id == wanted.actor_id),
    ]
    conditions = [condition for value, condition in given if value is not None]
    if wanted.entity is None and wanted.entity_id is None:
        conditions.append(AuditEntry.entity != AccessEntry.__tablename__)
    if wanted.since is not None:
        conditions.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AuditEntry.at < wanted.until)
    return conditions


def _in_order(reader: Reader, which: ColumnElement[bool]) -> Sequence[TrailEntry]:
    rows = reader.session.scalars(select(AuditEntry).where(which)).all()
    return _entries(reader, sorted(rows, key=_age))


def _age(row: AuditEntry) -> tuple[int, int, UUID]:
    # A UUIDv7 begins with its millisecond; within one, versions tell the order of the steps.
    return row.id.int >> 80, row.entity_version, row.id


def _entries(reader: Reader, rows: Sequence[AuditEntry]) -> Sequence[TrailEntry]:
    names = account_names(reader, {row.actor_id for row in rows if row.actor_id})
    return [_entry(row, names) for row in rows]


def _entry(row: AuditEntry, names: dict[UUID, str]) -> TrailEntry:
    body = json.loads(row.body)
    return TrailEntry(
        id=row.id,
        at=row.at,
        actor=names.get(row.actor_id) if row.actor_id else None,
        roles=tuple(body["roles"]),
        action=row.action,
        entity=row.entity,
        entity_id=row.entity_id,
        version=row.entity_version,
        row=body["row"],
        facts=body["facts"],
        leaf=row.leaf,
        seq=row.seq,
    )
