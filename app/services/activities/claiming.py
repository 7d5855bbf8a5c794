"""The time of those in front and of the place, claimed for an activity under the one law."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from app.models.activity import Activity
from app.models.booking import ResourceClaim, ResourceKind
from app.services.bookings import claims
from app.unit_of_work import UnitOfWork


def settle(uow: UnitOfWork, activity: Activity, expert_ids: Collection[UUID]) -> None:
    """Have the activity claim its time for exactly these experts and its place.

    Listeners claim nothing: who has a seat may have another meeting (decisions on claims).

    Raises:
        TimeTakenError: when the database refuses an overlap.
    """
    keys = {(ResourceKind.EXPERT, key) for key in expert_ids}
    if activity.place_id is not None:
        keys.add((ResourceKind.ROOM, activity.place_id))
    resources = set(claims.lock(uow, keys).values())
    held = {claim.resource_id: claim for claim in _of(uow, activity.id)}
    for claim in held.values():
        claim.is_active = False
    # What is given up is free before anything is taken.
    uow.flush()
    for resource_id in sorted(resources):
        found = held.get(resource_id)
        row = found or uow.add(ResourceClaim(activity_id=activity.id, resource_id=resource_id))
        row.starts_at, row.ends_at, row.is_active = activity.starts_at, activity.ends_at, True
        uow.flush()


def free(uow: UnitOfWork, activity_id: UUID) -> None:
    """Give the activity's time back."""
    for claim in _of(uow, activity_id):
        claim.is_active = False


def _of(uow: UnitOfWork, activity_id: UUID) -> list[ResourceClaim]:
    statement = (
        select(ResourceClaim)
        .where(ResourceClaim.activity_id == activity_id)
        .order_by(ResourceClaim.resource_id)
    )
    return list(uow.all(statement))
