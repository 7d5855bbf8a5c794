"""Entries and seals read page by page, so that memory stays flat."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, select, true, type_coerce
from sqlalchemy.orm import Session

from app.domain.audit_entry import EntryFacts
from app.models.audit_entry import AuditEntry, AuditSeal
from app.services.audit_entries.report import Report

PAGE = 2_000
# What reading raises where somebody wrote a value that no row of ours can hold.
UNREADABLE = (LookupError, ValueError, TypeError, OverflowError)
_COLUMNS = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.actor_id,
    AuditEntry.action,
    AuditEntry.entity,
    AuditEntry.entity_id,
    AuditEntry.entity_version,
    AuditEntry.body,
    AuditEntry.algorithm,
    AuditEntry.leaf,
    AuditEntry.mac,
    AuditEntry.seq,
)


def sealed(session: Session, report: Report) -> Iterator[EntryFacts]:
    """Yield entries that carry a number, in its order; what cannot be read is named."""
    return _entries(session, AuditEntry.seq, AuditEntry.seq.is_not(None), report)


def unsealed(session: Session, report: Report) -> Iterator[EntryFacts]:
    """Yield entries that wait for their seal, in the order of their making."""
    return _entries(session, AuditEntry.id, AuditEntry.seq.is_(None), report)


def seals(session: Session) -> Iterator[AuditSeal]:
    """Yield seals in order of their numbers."""
    last: int | None = None
    while True:
        statement = select(AuditSeal).order_by(AuditSeal.number).limit(PAGE)
        if last is not None:
            statement = statement.where(AuditSeal.number > last)
        page = session.scalars(statement).all()
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].number
        session.expunge_all()


def _entries(
    session: Session, order: Any, which: ColumnElement[bool], report: Report
) -> Iterator[EntryFacts]:
    place = [column.key for column in _COLUMNS].index(order.key)
    names = [column.key for column in _COLUMNS]
    after: ColumnElement[bool] = true()
    while True:
        statement = select(*_COLUMNS).where(which, after).order_by(order).limit(PAGE)
        try:
            page = session.execute(statement).all()
            found, after = len(page), order > page[-1][place] if page else after
        except UNREADABLE:
            kept = session.execute(
                statement.with_only_columns(
                    as_kept(order).label("place"), as_kept(AuditEntry.id).label("key")
                )
            ).all()
            page = [row for _, key in kept for row in _one(session, key, report)]
            found, after = len(kept), as_kept(order) > kept[-1][0]
        for row in page:
            if isinstance(row.seq, int | None):
                yield EntryFacts(**dict(zip(names, row, strict=True)))
            else:
                report.blame("entry.unreadable", entry=str(row.id))
        if found < PAGE:
            return


def _one(session: Session, key: object, report: Report) -> Iterator[Any]:
    try:
        yield session.execute(select(*_COLUMNS).where(as_kept(AuditEntry.id) == key)).first()
    except UNREADABLE:
        report.blame("entry.unreadable", entry=str(key_of(key) or key))


def key_of(kept: object) -> UUID | None:
    """Return the key that the database keeps, None when it is none."""
    try:
        return UUID(str(kept))
    except ValueError:
        return None


def as_kept(column: Any) -> Any:
    """Return the column as the database keeps it, whatever was written there; for SQLite alone.

    The columns of PostgreSQL hold nothing that they cannot read.
    """
    return type_coerce(column, String)
