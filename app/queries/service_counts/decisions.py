"""The decisions that stand: of every meeting the newest version, at present or as frozen."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import aliased

from app.domain.service_record import Decision, from_stored
from app.models.service_record import ServiceRecord
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class Version:
    """One stored decision: its row, its number among the versions, what it says."""

    record_id: UUID
    number: int
    decision: Decision


def newest(*which: ColumnElement[bool]) -> Select[ServiceRecord]:
    """Return the statement for the newest decisions that meet the criteria."""
    later = aliased(ServiceRecord)
    return select(ServiceRecord).where(
        *which,
        ~exists().where(
            later.service_session_id == ServiceRecord.service_session_id,
            later.number > ServiceRecord.number,
        ),
    )


def of_sessions(look: Look, session_ids: Collection[UUID]) -> dict[UUID, Version]:
    """Return the newest decision on each of the meetings that has one."""
    rows = look.session.scalars(newest(ServiceRecord.service_session_id.in_(session_ids)))
    return {row.service_session_id: version_of(row) for row in rows}


def version_of(row: ServiceRecord) -> Version:
    """Return the stored decision of a row."""
    return Version(row.id, row.number, from_stored(row.detail))
