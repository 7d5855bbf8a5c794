"""What each appointed expert has done in the year."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.duty import Duty, standing
from app.models.expert import Appointment
from app.queries.duty.counted import done_by_month
from app.queries.duty_policies import present_policy
from app.queries.free_times import Look


def duties(look: Look) -> Mapping[UUID, Duty]:
    """Return how everybody stands who is appointed today, by expert.

    A service counts for each expert whose own minutes in it count.
    """
    today = local_day(look.now)
    terms: dict[UUID, dict[date, date]] = {}
    rows = look.session.execute(
        select(Appointment.expert_id, Appointment.starts_on, Appointment.ends_on).where(
            Appointment.ends_on >= today.replace(month=1, day=1)
        )
    )
    for expert_id, starts_on, ends_on in rows:
        terms.setdefault(expert_id, {})[starts_on] = ends_on
    least = present_policy(look).least_a_year
    done = done_by_month(look, today.year, {})
    return {
        expert_id: standing(
            sum(each.services for each in done.get(expert_id, {}).values()), own, today, least
        )
        for expert_id, own in terms.items()
        if any(starts_on <= today <= ends_on for starts_on, ends_on in own.items())
    }
