"""Every ledger row compared with what its newest entry says of it."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, Select, and_, cast, false, func, or_, select
from sqlalchemy.orm import Session

from app.domain.audit_entry import canonical
from app.models.audit_entry import AccessEntry, AuditEntry
from app.models.base import Base, Ledger
from app.services.audit_entries.reading import UNREADABLE, as_kept, key_of
from app.services.audit_entries.report import MOST_NAMED, Report
from app.unit_of_work import facts_of

PAGE = 1_000
# Tables with rows from before the trail was told of them.
LATER_LEDGERS: tuple[type[Base], ...] = (AccessEntry,)


def ledger_models() -> tuple[type[Base], ...]:
    """Return the models whose rows must equal their newest entry, in order of their names."""
    mapped: list[type[Base]] = [mapper.class_ for mapper in Base.registry.mappers]
    found = [model for model in mapped if issubclass(model, Ledger)]
    return tuple(sorted(found, key=lambda model: str(model.__tablename__)))


def compare_rows(session: Session, report: Report, tick: Callable[[], None]) -> None:
    """Name rows that differ from the trail, rows it never told of, and rows that are gone."""
    for model in ledger_models():
        for rows in _pages(session, model, report):
            said = _newest(session, model, rows[0].id, rows[-1].id)
            for row in rows:
                if row.id not in said and model in LATER_LEDGERS and _is_from_before(session, row):
                    continue
                report.rows += 1
                _compare(report, row, said.get(row.id))
            session.expunge_all()
            tick()
        _blame_gone(session, model, report)
        _blame_odd(session, model, report)


def _is_from_before(session: Session, row: Any) -> bool:
    """Tell whether the row is older than everything the trail was told of its table."""
    of_it = AuditEntry.entity == str(row.__tablename__)
    first = session.scalar(select(func.min(AuditEntry.at)).where(of_it))
    return first is None or row.at < first


def _pages(session: Session, model: type[Base], report: Report) -> Iterator[Sequence[Any]]:
    """Yield the rows of a table page by page; what cannot be read any more is named."""
    last: UUID | None = None
    while True:
        statement = select(model).order_by(model.id).limit(PAGE)
        if last is not None:
            statement = statement.where(model.id > last)
        try:
            rows = session.scalars(statement).all()
            keys = [row.id for row in rows]
        except UNREADABLE:
            keys = _keys(session, statement, model, report)
            rows = [row for key in keys if (row := _one(session, model, key, report)) is not None]
        if keys:
            # The page is forgotten as soon as it is used.
            last = keys[-1]
        if rows:
            yield rows
        if len(keys) < PAGE:
            return


def _keys(session: Session, page: Select[Any], model: type[Base], report: Report) -> list[UUID]:
    try:
        return list(session.scalars(page.with_only_columns(model.id)))
    except UNREADABLE:
        report.blame("table.unreadable", table=str(model.__tablename__))
        return []


def _one(session: Session, model: type[Base], key: UUID, report: Report) -> Base | None:
    try:
        return session.scalars(select(model).where(model.id == key)).one()
    except UNREADABLE:
        report.blame("row.unreadable", row=str(key), table=str(model.__tablename__))
        return None


def _newest(session: Session, model: type[Base], first: UUID, last: UUID) -> dict[UUID, str]:
    table = str(model.__tablename__)
    versions = (
        select(AuditEntry.entity_id, func.max(AuditEntry.entity_version).label("version"))
        .where(AuditEntry.entity == table, AuditEntry.entity_id.between(first, last))
        .group_by(AuditEntry.entity_id)
        .subquery()
    )
    statement = select(AuditEntry.entity_id, AuditEntry.body).join(
        versions,
        and_(
            AuditEntry.entity == table,
            AuditEntry.entity_id == versions.c.entity_id,
            AuditEntry.entity_version == versions.c.version,
        ),
    )
    try:
        return {key: body for key, body in session.execute(statement)}
    except UNREADABLE:
        columns = (as_kept(AuditEntry.entity_id), AuditEntry.body)
        kept = session.execute(statement.with_only_columns(*columns))
        return {key: body for raw, body in kept if (key := key_of(raw)) is not None}


def _compare(report: Report, row: Any, body: str | None) -> None:
    name = {"row": str(row.id), "table": str(row.__tablename__)}
    if body is None:
        report.blame("row.unproven", **name)
        return
    text = canonical(facts_of(row))
    # `row` and `version` are the last two keys of a canonical body: mostly no need to parse it.
    if body.rpartition(',"version":')[0].endswith(f'"row":{text}'):
        return
    said = _row_of(body)
    # What an entry told in clear, before the column became private, is compared in clear.
    stands = json.loads(canonical(facts_of(row, in_clear=row.PRIVATE & said.keys())))
    # A column that is younger than the entry is empty in the row, as in the entry.
    differing = sorted(
        column for column in said.keys() | stands.keys() if said.get(column) != stands.get(column)
    )
    if differing:
        report.blame("row.differs", **name, columns=differing)


def _row_of(body: str) -> dict[str, Any]:
    try:
        row = json.loads(body)["row"]
    except (ValueError, KeyError, TypeError):
        # A body that is no entry any more; it is blamed as changed by itself.
        return {}
    return row if isinstance(row, dict) else {}


def _blame_odd(session: Session, model: type[Base], report: Report) -> None:
    """Name rows whose yes or no is neither: read they look sound, and questions pass them over."""
    if session.get_bind().dialect.name != "sqlite":
        return
    flags = [column for column in model.__table__.c if isinstance(column.type, Boolean)]
    odd = [cast(column, Integer).not_in((0, 1)) for column in flags]
    for key in session.scalars(select(model.id).where(or_(false(), *odd)).limit(MOST_NAMED)).all():
        report.blame("row.unreadable", row=str(key), table=str(model.__tablename__))


def _blame_gone(session: Session, model: type[Base], report: Report) -> None:
    there = select(model.id).where(model.id == AuditEntry.entity_id).exists()
    statement = (
        select(AuditEntry.entity_id)
        .where(
            AuditEntry.entity == str(model.__tablename__), AuditEntry.entity_version == 1, ~there
        )
        .limit(MOST_NAMED)
    )
    try:
        keys = session.scalars(statement).all()
    except UNREADABLE:
        keys = session.scalars(statement.with_only_columns(as_kept(AuditEntry.entity_id))).all()
    for key in keys:
        report.blame("row.missing", row=str(key), table=str(model.__tablename__))
