"""What was held is decided anew when the terms or ties of its expert become known otherwise."""

from uuid import UUID

from sqlalchemy import select

from app.models.service_session import Attendance
from app.services import service_records
from app.unit_of_work import UnitOfWork


def decide_anew(uow: UnitOfWork, expert_id: UUID, cause: str) -> None:
    """Decide every meeting of the expert on what is known now."""
    uow.flush()
    with uow.beyond_scope("every meeting of the expert"):
        attended = uow.all(
            select(Attendance.service_session_id).where(Attendance.expert_id == expert_id)
        )
    if attended:
        service_records.count_all(uow, frozenset(attended), cause=cause)
