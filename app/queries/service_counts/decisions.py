"""The decisions that stand: of every meeting the newest version, at present or as frozen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, select
from sqlalchemy.orm import aliased

from app.domain.calendar import Month
from app.domain.service_record import Decision, from_stored
from app.models.period import Period
from app.models.service_record import ServiceRecord
from app.queries.free_times import Look

# What a decision says; the facts it rests on, which are much longer, stay where they are.
_SAID = (
    ServiceRecord.id,
    ServiceRecord.service_session_id,
    ServiceRecord.number,
    ServiceRecord.detail,
)

_Said = Select[UUID, UUID, int, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """One stored decision: its row, its number among the versions, what it says."""

    record_id: UUID
    number: int
    decision: Decision


def of_sessions(look: Look, session_ids: Collection[UUID]) -> dict[UUID, Version]:
    """Return the newest decision on each of the meetings that has one."""
    return _sorted(look, _newest(ServiceRecord.service_session_id.in_(session_ids)))


def of_month(look: Look, month: Month) -> dict[UUID, Version]:
    """Return the newest decisions, as far as they belong to the month."""
    return _sorted(look, _newest(ServiceRecord.month == str(month)))


def of_months(look: Look, months: Collection[Month]) -> dict[UUID, Version]:
    """Return the newest decisions, as far as they belong to one of the months."""
    return _sorted(look, _newest(ServiceRecord.month.in_([str(month) for month in months])))


def known_at(look: Look, month: Month, instant: datetime) -> dict[UUID, Version]:
    """Return the decisions of the month that stood at the instant."""
    of_the_month = ServiceRecord.month == str(month)
    return _sorted(look, _newest(of_the_month, until=instant))


def known_at_cuts(
    look: Look, session_ids: Select[UUID], period_ids: Collection[UUID]
) -> list[Decision]:
    """Return the decisions on these meetings that stood at the cut of their closed months."""
    later = aliased(ServiceRecord)
    is_later = exists().where(
        later.service_session_id == ServiceRecord.service_session_id,
        later.number > ServiceRecord.number,
        later.decided_at <= Period.cut_at,
    )
    rows = look.session.scalars(
        select(ServiceRecord.detail)
        .join(Period, Period.month == ServiceRecord.month)
        .where(
            Period.id.in_(period_ids),
            ServiceRecord.service_session_id.in_(session_ids),
            ServiceRecord.decided_at <= Period.cut_at,
            ~is_later,
        )
    )
    return [from_stored(detail) for detail in rows]


def by_ids(look: Look, record_ids: Collection[UUID]) -> dict[UUID, Version]:
    """Return the decisions of these rows, however old, by their ids, as far as in sight."""
    rows = look.session.execute(select(*_SAID).where(ServiceRecord.id.in_(record_ids)))
    return {row.id: version_of(row) for row in rows}


def _newest(*which: ColumnElement[bool], until: datetime | None = None) -> _Said:
    later = aliased(ServiceRecord)
    is_later = [
        later.service_session_id == ServiceRecord.service_session_id,
        later.number > ServiceRecord.number,
    ]
    if until is not None:
        which = (*which, ServiceRecord.decided_at <= until)
        is_later.append(later.decided_at <= until)
    return select(*_SAID).where(*which, ~exists().where(*is_later))


def _sorted(look: Look, statement: _Said) -> dict[UUID, Version]:
    rows = look.session.execute(statement.order_by(ServiceRecord.service_session_id))
    return {row.service_session_id: version_of(row) for row in rows}


def version_of(row: ServiceRecord | Row[UUID, UUID, int, Any]) -> Version:
    """Return the stored decision of a row."""
    return Version(row.id, row.number, from_stored(row.detail))
