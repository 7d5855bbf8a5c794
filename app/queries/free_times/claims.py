"""What people and rooms are taken for, and how many services that makes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from app.domain.availability import Span, monday_of
from app.domain.booking import BookingStatus
from app.domain.calendar import Month, day_ends_at, day_starts_at
from app.models.booking import Booking, Resource, ResourceClaim, ResourceKind
from app.models.expert import Expert
from app.queries.free_times.look import Look

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What somebody is taken for, pauses included, and when the service itself begins."""

    span: Span
    served_at: datetime


def claims_of(
    look: Look, kind: ResourceKind, ref_ids: Collection[UUID], days: Sequence[date]
) -> dict[UUID, list[Span]]:
    """Return the active claims of each thing in the weeks and months that the days touch."""
    found: dict[UUID, list[Span]] = defaultdict(list)
    for ref_id, starts_at, ends_at, _ in look.session.execute(
        claims_between(kind, ref_ids, *window(days))
    ):
        found[ref_id].append(Span(starts_at, ends_at))
    return found


def all_claimed(
    look: Look,
    ref_ids: Collection[UUID],
    days: Sequence[date],
    *,
    but_of: UUID | None = None,
    run_out_at: datetime | None = None,
) -> Mapping[UUID, Collection[Claimed]]:
    """Return the active claims of people and rooms alike, in one statement.

    Args:
        look: sees beyond the actor's scope when holds are left out.
        ref_ids: whose.
        days: in the weeks and months that they touch.
        but_of: the booking whose own claims are left out.
        run_out_at: when given, the claims of holds that have run out by then are left out.
    """
    statement = _between(*window(days)).where(Resource.ref_id.in_(ref_ids))
    if but_of is not None:
        statement = statement.where(ResourceClaim.booking_id.is_distinct_from(but_of))
    if run_out_at is not None:
        is_held = Booking.status == BookingStatus.ON_HOLD
        statement = statement.outerjoin(Booking, Booking.id == ResourceClaim.booking_id).where(
            or_(Booking.id.is_(None), ~is_held, Booking.hold_until > run_out_at)
        )
    found: dict[UUID, list[Claimed]] = {ref_id: [] for ref_id in ref_ids}
    for ref_id, starts_at, ends_at, served_at in look.session.execute(statement):
        found[ref_id].append(Claimed(Span(starts_at, ends_at), served_at))
    return found


def window(days: Sequence[date]) -> tuple[datetime, datetime]:
    """Return from when to when claims matter to the days: their weeks, months and pauses."""
    # A pause before the first morning can reach the last claim of the day before, one after the
    # last evening the first claim of the next month.
    first = day_starts_at(min(Month.of(days[0]).first_on, monday_of(days[0])) - _ONE_DAY)
    return first, day_ends_at(Month.of(days[-1]).following().first_on)


def claims_between(
    kind: ResourceKind, ref_ids: Collection[UUID], first: datetime, last: datetime
) -> Select[UUID, datetime, datetime, datetime]:
    """Return the statement of the active claims: of what, from, to, and when the service begins."""
    return _between(first, last).where(Resource.kind == kind, Resource.ref_id.in_(ref_ids))


def _between(first: datetime, last: datetime) -> Select[UUID, datetime, datetime, datetime]:
    return (
        select(Resource.ref_id, ResourceClaim.starts_at, ResourceClaim.ends_at, service_starts_at())
        .join(Resource, Resource.id == ResourceClaim.resource_id)
        .where(
            ResourceClaim.is_active,
            ResourceClaim.starts_at < last,
            ResourceClaim.ends_at > first,
        )
    )


def service_starts_at() -> ColumnElement[datetime]:
    """Return when the service of a claim begins: with the claim unless a pause comes first."""
    return func.coalesce(ResourceClaim.serves_at, ResourceClaim.starts_at)


def year_load(year: int) -> ColumnElement[int]:
    """Count the services of a year, for those experts alone who limit them."""
    served_at = service_starts_at()
    count = (
        select(func.count())
        .select_from(ResourceClaim)
        .join(Resource, Resource.id == ResourceClaim.resource_id)
        .where(
            Resource.kind == ResourceKind.EXPERT,
            Resource.ref_id == Expert.id,
            ResourceClaim.is_active,
            served_at >= day_starts_at(date(year, 1, 1)),
            served_at < day_starts_at(date(year + 1, 1, 1)),
        )
        .correlate(Expert)
        .scalar_subquery()
    )
    return case((Expert.yearly_limit.is_not(None), count), else_=0)
