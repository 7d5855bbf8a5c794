"""Claims of a booking on people's time, taken in one order so that nobody deadlocks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, insert, not_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.exc import StaleDataError

from app.domain.booking import BookingEvent, BookingStatus, next_status
from app.domain.ids import new_id
from app.domain.waiting_list import IN_LINE, WaitingKind, WaitingStatus
from app.models.booking import Booking, Resource, ResourceClaim, ResourceKind
from app.models.waiting_list import WaitingEntry
from app.unit_of_work import UnitOfWork

Key = tuple[ResourceKind, UUID]
# After and before a meeting.
Pauses = tuple[timedelta, timedelta]
NO_PAUSES: Pauses = (timedelta(), timedelta())
_INSERT: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class _Found(NamedTuple):
    """A resource as it is kept."""

    id: UUID
    revision: int


def lock(
    uow: UnitOfWork, keys: Collection[Key], seen: Mapping[Key, int] | None = None
) -> dict[Key, UUID]:
    """Lock the resources in order of their ids and return them; missing ones are made.

    Two bookings that contest several resources meet at the first one and wait there: without
    the order the exclusion constraint lets them deadlock (benchmarks/booking_race.py).
    Holds on these resources that have run out are released first, but for those of experts for
    whom people wait in line: these are released by the job that offers their time to the next.

    Args:
        uow: the transaction.
        keys: what is wanted.
        seen: the revisions when its hours were looked at.

    Raises:
        StaleDataError: hours have changed since; the store begins the use case anew.
    """
    known = seen if seen is not None else _find(uow, keys, lock_rows=False)
    if not known.keys() >= set(keys):
        insert_of = _INSERT[uow.session.get_bind().dialect.name]
        rows = [
            {"id": new_id(), "kind": kind, "ref_id": ref_id} for kind, ref_id in sorted(set(keys))
        ]
        uow.session.execute(insert_of(Resource).on_conflict_do_nothing(), rows)
    found = _find(uow, keys, lock_rows=True)
    if seen is not None and any(found[key].revision != seen.get(key, 0) for key in found):
        raise StaleDataError("hours changed between look and lock")
    resources = {key: each.id for key, each in found.items()}
    _release_run_out(uow, list(resources.values()))
    return resources


def revisions(uow: UnitOfWork, keys: Collection[Key]) -> Mapping[Key, int]:
    """Return the revisions of what is wanted, to be compared when it is locked."""
    return {key: each.revision for key, each in _find(uow, keys, lock_rows=False).items()}


def close_days(uow: UnitOfWork, expert_ids: Iterable[UUID]) -> None:
    """Let whoever has looked at the experts' hours look again before he books.

    Waits for those who are booking now: what they book can be found afterwards.
    """
    resources = lock(uow, [(ResourceKind.EXPERT, key) for key in expert_ids])
    uow.session.execute(
        update(Resource)
        .where(Resource.id.in_(resources.values()))
        .values(revision=Resource.revision + 1)
    )


def take(
    uow: UnitOfWork,
    booking: Booking,
    resources: Mapping[Key, UUID],
    pauses: Mapping[UUID, Pauses],
) -> None:
    """Claim the booking's time on each resource; an expert's includes the pauses around it.

    Args:
        uow: the transaction.
        booking: with its time.
        resources: what is claimed, locked.
        pauses: of each expert.

    Raises:
        TimeTakenError: when the database refuses an overlap.
    """
    rows = []
    for (_, ref_id), resource_id in sorted(resources.items(), key=lambda item: item[1]):
        late, early = pauses.get(ref_id, NO_PAUSES)
        rows.append(
            {
                "id": new_id(),
                "booking_id": booking.id,
                "resource_id": resource_id,
                "starts_at": booking.starts_at - early,
                "ends_at": booking.ends_at + late,
                "serves_at": booking.starts_at if early else None,
                "is_active": True,
            }
        )
    # One statement: psycopg logs a warning for each refusal inside a pipeline of many.
    uow.session.execute(insert(ResourceClaim).values(rows))


def shift(
    uow: UnitOfWork,
    booking: Booking,
    by: timedelta,
    pauses: Mapping[UUID, tuple[timedelta, timedelta]] | None = None,
) -> None:
    """Move the booking's active claims in time.

    Args:
        uow: the transaction.
        booking: still at its old time.
        by: how much later it will be.
        pauses: after and before, of the experts for whom they are others at the new time.

    Raises:
        TimeTakenError: when the database refuses an overlap.
    """
    for claim, ref_id in uow.session.execute(
        select(ResourceClaim, Resource.ref_id)
        .join(Resource, Resource.id == ResourceClaim.resource_id)
        .where(ResourceClaim.booking_id == booking.id, ResourceClaim.is_active)
        .order_by(ResourceClaim.resource_id)
    ).all():
        kept = claim.ends_at - booking.ends_at, booking.starts_at - claim.starts_at
        after, before = (pauses or {}).get(ref_id, kept)
        claim.starts_at = booking.starts_at + by - before
        claim.ends_at = booking.ends_at + by + after
        claim.serves_at = booking.starts_at + by if before else None
        uow.flush()


def keys_of(uow: UnitOfWork, booking_id: UUID) -> list[Key]:
    """Return what the booking claims."""
    rows = uow.session.execute(
        select(Resource.kind, Resource.ref_id)
        .join(ResourceClaim, ResourceClaim.resource_id == Resource.id)
        .where(ResourceClaim.booking_id == booking_id, ResourceClaim.is_active)
    )
    return [(kind, ref_id) for kind, ref_id in rows]


def free(uow: UnitOfWork, booking_id: UUID) -> None:
    """Give the booking's time back."""
    for claim in _of(uow, booking_id):
        claim.is_active = False


def free_one(uow: UnitOfWork, booking_id: UUID, key: Key) -> None:
    """Give back the time of one resource of the booking."""
    kind, ref_id = key
    for claim in _of(uow, booking_id, Resource.kind == kind, Resource.ref_id == ref_id):
        claim.is_active = False


def _of(uow: UnitOfWork, booking_id: UUID, *which: ColumnElement[bool]) -> Sequence[ResourceClaim]:
    return uow.all(
        select(ResourceClaim)
        .join(Resource, Resource.id == ResourceClaim.resource_id)
        .where(ResourceClaim.booking_id == booking_id, ResourceClaim.is_active, *which)
        .order_by(ResourceClaim.resource_id)
    )


def _find(uow: UnitOfWork, keys: Collection[Key], *, lock_rows: bool) -> dict[Key, _Found]:
    statement = (
        select(Resource.id, Resource.revision, Resource.kind, Resource.ref_id)
        .where(Resource.ref_id.in_([ref_id for _, ref_id in keys]))
        .order_by(Resource.id)
    )
    if lock_rows:
        statement = statement.with_for_update(key_share=True)
    rows = uow.session.execute(statement)
    return {
        (kind, ref): _Found(key, revision)
        for key, revision, kind, ref in rows
        if (kind, ref) in keys
    }


def _release_run_out(uow: UnitOfWork, resource_ids: Collection[UUID]) -> None:
    with uow.beyond_scope("holds that ran out on the same people's time"):
        gone = uow.all(
            select(Booking)
            .join(ResourceClaim, ResourceClaim.booking_id == Booking.id)
            .where(
                ResourceClaim.resource_id.in_(resource_ids),
                ResourceClaim.is_active,
                Booking.status == BookingStatus.ON_HOLD,
                Booking.hold_until <= uow.now,
                not_(_is_waited_for()),
            )
            .distinct()
        )
        for booking in gone:
            let_go(uow, booking)
        uow.flush()


def is_kept_in_line() -> ColumnElement[bool]:
    """Return the condition that a hold was made for somebody who waits in line."""
    return exists().where(
        WaitingEntry.reservation_id == Booking.id, WaitingEntry.status == WaitingStatus.OFFERED
    )


def _is_waited_for() -> ColumnElement[bool]:
    return exists().where(
        WaitingEntry.kind == WaitingKind.EXPERT,
        WaitingEntry.ref_id == Booking.lead_expert_id,
        WaitingEntry.status.in_(IN_LINE),
    )


def let_go(uow: UnitOfWork, booking: Booking) -> None:
    """Release a hold and its time."""
    booking.status = next_status(booking.status, BookingEvent.RELEASE)
    booking.hold_until = None
    free(uow, booking.id)
    uow.audit("booking.released", booking)
