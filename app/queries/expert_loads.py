"""How much stands in the experts' calendars."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from app.domain.calendar import Month, day_starts_at, local_day
from app.models.booking import Resource, ResourceClaim, ResourceKind
from app.queries.free_times import Look


def month_loads(look: Look, month: Month | None = None) -> Mapping[UUID, int]:
    """Return how many meetings stand in each expert's calendar in the month, by default this."""
    month = month or Month.of(local_day(look.now))
    rows = look.session.execute(
        select(Resource.ref_id, func.count())
        .join(ResourceClaim, ResourceClaim.resource_id == Resource.id)
        .where(
            Resource.kind == ResourceKind.EXPERT,
            ResourceClaim.is_active,
            ResourceClaim.starts_at >= day_starts_at(month.first_on),
            ResourceClaim.starts_at < day_starts_at(month.following().first_on),
        )
        .group_by(Resource.ref_id)
    )
    return {ref_id: count for ref_id, count in rows}
