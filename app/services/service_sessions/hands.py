"""Who had a hand in a meeting, and so cannot vouch for it or settle what was said of it."""

from uuid import UUID

from sqlalchemy import select

from app.domain.service_session import Party
from app.models.audit_entry import AuditEntry
from app.models.service_session import ServiceSession
from app.services.service_sessions.holding import attendances
from app.unit_of_work import UnitOfWork

_WRITING = ("service_session.entered", "service_session.finished", "outcome.recorded")


def has_hand_in(uow: UnitOfWork, session: ServiceSession, outcome_id: UUID) -> bool:
    """Tell whether the actor served at the meeting, entered it, closed it or wrote its record."""
    served = {row.person_id for row in attendances(uow, session.id) if row.side is Party.EXPERT}
    if uow.actor.person_id in served or uow.actor.account_id == session.entered_by_id:
        return True
    with uow.beyond_scope("who wrote the facts to be certified"):
        acted = uow.all(
            select(AuditEntry.id)
            .where(
                AuditEntry.entity_id.in_((session.id, outcome_id)),
                AuditEntry.actor_id == uow.actor.account_id,
                AuditEntry.action.in_(_WRITING),
            )
            .limit(1)
        )
    return bool(acted)
