"""What each appointed expert has done in the year."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import Month, local_day
from app.domain.duty import Duty, standing
from app.domain.service_record import Status
from app.models.expert import Appointment
from app.queries.free_times import Look
from app.queries.service_counts import decisions


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
    done: Counter[str] = Counter()
    for number in range(1, today.month + 1):
        for version in decisions.of_month(look, Month(today.year, number)).values():
            if version.decision.status is Status.COUNTED:
                done.update(str(key) for key, _ in version.decision.expert_minutes)
    return {
        expert_id: standing(done[str(expert_id)], own, today)
        for expert_id, own in terms.items()
        if any(starts_on <= today <= ends_on for starts_on, ends_on in own.items())
    }
