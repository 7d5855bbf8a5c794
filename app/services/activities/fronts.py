"""Those in front of an activity: speakers, or the judges of a review."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.domain.activity import SpeakerOutOfTermError
from app.domain.calendar import local_day
from app.domain.errors import InvalidInputError
from app.domain.expert import Term, in_term
from app.domain.stand_down import StoodDownError
from app.models.activity import Activity, ActivityExpert
from app.models.expert import Appointment, Expert
from app.queries.stand_downs import standing_down
from app.unit_of_work import UnitOfWork


def of(uow: UnitOfWork, activity_id: UUID) -> Sequence[ActivityExpert]:
    """Return the rows of those in front, the one who leads first."""
    return uow.all(
        select(ActivityExpert)
        .where(ActivityExpert.activity_id == activity_id)
        .order_by(ActivityExpert.position)
    )


def experts_of(uow: UnitOfWork, activity_id: UUID) -> Sequence[Expert]:
    """Return the experts in front, the one who leads first."""
    return uow.all(
        select(Expert)
        .join(ActivityExpert, ActivityExpert.expert_id == Expert.id)
        .where(ActivityExpert.activity_id == activity_id)
        .order_by(ActivityExpert.position)
    )


def put(uow: UnitOfWork, activity: Activity, expert_ids: Sequence[UUID]) -> None:
    """Put exactly these experts in front, in this order.

    Raises:
        InvalidInputError: at field `experts`, one is not of the pool.
        SpeakerOutOfTermError: one is not appointed on the day.
        StoodDownError: one stands down on the day.
    """
    _ensure_in_term(uow, activity, expert_ids)
    if standing_down(uow, expert_ids, local_day(activity.starts_at)):
        raise StoodDownError
    rows = {row.expert_id: row for row in of(uow, activity.id)}
    for expert_id in rows.keys() - set(expert_ids):
        uow.session.delete(rows[expert_id])
    for position, expert_id in enumerate(expert_ids):
        row = rows.get(expert_id) or uow.add(
            ActivityExpert(activity_id=activity.id, expert_id=expert_id)
        )
        row.position = position
    uow.flush()


def _ensure_in_term(uow: UnitOfWork, activity: Activity, expert_ids: Sequence[UUID]) -> None:
    known = set(uow.all(select(Expert.id).where(Expert.id.in_(expert_ids))))
    if known != set(expert_ids):
        raise InvalidInputError.at("experts", "expert.not_found")
    held = uow.all(select(Appointment).where(Appointment.expert_id.in_(expert_ids)))
    for expert_id in expert_ids:
        terms = [
            Term(row.starts_on, row.ends_on, row.approved_on, row.kind)
            for row in held
            if row.expert_id == expert_id
        ]
        if not in_term(terms, local_day(activity.starts_at)):
            raise SpeakerOutOfTermError(expert_id=expert_id)
