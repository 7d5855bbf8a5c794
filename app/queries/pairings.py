"""Which projects an expert guides in a year."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from app.domain.booking import CLAIMING
from app.domain.calendar import day_starts_at, local_day
from app.domain.pairing import PAIRING_SERVICES, is_full
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.queries.duty_policies import duty_policy_on
from app.queries.free_times import Look
from app.queries.interests import Matter


def project_of(venture_id: UUID | None, person_id: UUID) -> UUID:
    """Return what is guided: the venture, or a founder who has none yet."""
    return venture_id or person_id


def projects_of(
    look: Look, expert_ids: Collection[UUID], year: int
) -> Mapping[UUID, frozenset[UUID]]:
    """Return the projects that each expert guides in the year, asked for ones among them."""
    rows = look.session.execute(
        select(
            BookingExpert.expert_id, func.coalesce(Booking.venture_id, Booking.founder_person_id)
        )
        .join(Booking, Booking.id == BookingExpert.booking_id)
        .where(
            BookingExpert.expert_id.in_(expert_ids),
            BookingExpert.answer.in_((PanelAnswer.INVITED, PanelAnswer.ACCEPTED)),
            Booking.session_type.in_(PAIRING_SERVICES),
            Booking.status.in_(CLAIMING),
            Booking.starts_at >= day_starts_at(date(year, 1, 1)),
            Booking.starts_at < day_starts_at(date(year + 1, 1, 1)),
        )
        .distinct()
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for expert_id, project in rows:
        found[expert_id].add(project)
    return {expert_id: frozenset(projects) for expert_id, projects in found.items()}


def is_beyond_cap(look: Look, expert_id: UUID, matter: Matter, at: datetime) -> bool:
    """Tell whether the project would be one too many in the year; asks nothing but of tutoring.

    The caller sees beyond the actor's scope.
    """
    if matter.session_type not in PAIRING_SERVICES:
        return False
    guided = projects_of(look, [expert_id], local_day(at).year).get(expert_id, frozenset())
    project = project_of(matter.venture_id, matter.person_id)
    most = duty_policy_on(look, local_day(at)).pairings_a_year
    return is_full(guided, project, matter.session_type, most)
