"""Entries and seals read page by page, so that memory stays flat."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domain.audit_entry import EntryFacts
from app.models.audit_entry import AuditEntry, AuditSeal

PAGE = 2_000
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


def sealed(session: Session) -> Iterator[EntryFacts]:
    """Yield entries that carry a number, in its order."""
    return _entries(session, AuditEntry.seq, AuditEntry.seq.is_not(None))


def unsealed(session: Session) -> Iterator[EntryFacts]:
    """Yield entries that wait for their seal, in the order of their making."""
    return _entries(session, AuditEntry.id, AuditEntry.seq.is_(None))


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


def _entries(session: Session, order: Any, which: ColumnElement[bool]) -> Iterator[EntryFacts]:
    place = [column.key for column in _COLUMNS].index(order.key)
    names = [column.key for column in _COLUMNS]
    last: object = None
    while True:
        statement = select(*_COLUMNS).where(which).order_by(order).limit(PAGE)
        if last is not None:
            statement = statement.where(order > last)
        page = session.execute(statement).all()
        for row in page:
            yield EntryFacts(**dict(zip(names, row, strict=True)))
        if len(page) < PAGE:
            return
        last = page[-1][place]
