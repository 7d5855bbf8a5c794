"""Which counted services each expert took part in, with his own minutes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.domain.service_record import Status
from app.models.service_record import ServiceRecord
from app.models.service_session import Attendance, ServiceSession
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class OwnService:
    """One counted service of an expert: its newest decision, and his own minutes of it."""

    expert_id: UUID
    session_id: UUID
    record_id: UUID
    reference: str
    session_type: str
    department: str
    day: date
    minutes: int


def own_services(
    look: Look, first_on: date, last_on: date, expert_ids: Collection[UUID] | None = None
) -> Sequence[OwnService]:
    """Return the counted services of the days, by day; of these experts, or of everybody in sight.

    A service counts for each expert whose own minutes in it count. One statement; of the stored
    decision only the minutes are read, since there may be many.
    """
    later = aliased(ServiceRecord)
    statement = (
        select(
            ServiceRecord.id,
            ServiceRecord.service_session_id,
            ServiceRecord.day,
            ServiceRecord.session_type,
            ServiceRecord.detail["expert_minutes"],
            ServiceSession.reference,
            ServiceSession.department,
        )
        .join(ServiceSession, ServiceSession.id == ServiceRecord.service_session_id)
        .where(
            ServiceRecord.status == Status.COUNTED,
            ServiceRecord.day.between(first_on, last_on),
            ~exists().where(
                later.service_session_id == ServiceRecord.service_session_id,
                later.number > ServiceRecord.number,
            ),
        )
        .order_by(ServiceRecord.day, ServiceSession.reference)
    )
    wanted = None
    if expert_ids is not None:
        wanted = {str(key) for key in expert_ids}
        attended = select(Attendance.service_session_id).where(Attendance.expert_id.in_(expert_ids))
        statement = statement.where(ServiceRecord.service_session_id.in_(attended))
    return [
        OwnService(UUID(key), session_id, record_id, reference, kind, department, day, minutes)
        for record_id, session_id, day, kind, shares, reference, department in look.session.execute(
            statement
        )
        for key, minutes in shares
        if wanted is None or key in wanted
    ]
