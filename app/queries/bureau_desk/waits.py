"""How long founders waited from their need to the first meeting about it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from app.domain.calendar import Month, day_starts_at, local_day
from app.domain.service_session import ServiceSessionStatus
from app.models.need import Need
from app.models.service_session import ServiceSession
from app.queries.free_times import Look

FIRST_MEETINGS = "first_meetings"
_HELD = (ServiceSessionStatus.FINISHED, ServiceSessionStatus.RULED)


def first_meetings(
    look: Look, months: Collection[Month], among: Collection[UUID] | None = None
) -> dict[UUID, int]:
    """Return the days waited for each meeting of the period that was its need's first.

    Args:
        look: what to read with.
        months: the period.
        among: only of these meetings; of all of them by default.
    """
    asked_for = first_met(months)
    if among is not None:
        asked_for = asked_for.where(ServiceSession.id.in_(among))
    rows = look.session.execute(asked_for)
    return {
        key: (local_day(met) - local_day(asked)).days for key, asked, met in rows if asked and met
    }


def first_met(months: Collection[Month]) -> Select[UUID, datetime | None, datetime | None]:
    """Return the meetings of the period that were their need's first, its start and their own."""
    earlier = aliased(ServiceSession)
    was_first = ~exists().where(
        earlier.need_id == ServiceSession.need_id,
        earlier.status.in_(_HELD),
        earlier.actual_start < ServiceSession.actual_start,
    )
    return (
        select(ServiceSession.id, Need.submitted_at, ServiceSession.actual_start)
        .join(Need, Need.id == ServiceSession.need_id)
        .where(
            ServiceSession.status.in_(_HELD),
            ServiceSession.actual_start >= day_starts_at(min(months).first_on),
            ServiceSession.actual_start < day_starts_at(max(months).following().first_on),
            Need.submitted_at.is_not(None),
            was_first,
        )
    )
