"""What a message on a record needs to know beside its meeting: the dispute, the days left."""

from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.models.outcome import Dispute, Outcome
from app.models.service_session import ServiceSession
from app.queries.service_counts.policies import late_days_on
from app.unit_of_work import UnitOfWork


def newest_dispute(uow: UnitOfWork, session_id: UUID) -> Dispute | None:
    """Return the last dispute on a record of the meeting; one on an absence is another matter."""
    return uow.one(
        select(Dispute)
        .where(Dispute.service_session_id == session_id, ~Dispute.is_absence)
        .order_by(Dispute.opened_at.desc())
        .limit(1)
    )


def late_days(uow: UnitOfWork, outcome: Outcome) -> str:
    """Return how many days after the service it may be confirmed; empty, without end."""
    session = uow.load(ServiceSession, outcome.service_session_id)
    days = late_days_on(uow, local_day(session.actual_start or session.planned_starts_at))
    return "" if days is None else str(days)
