"""What happened to a booking, by whom and when, as its people may read it in the trail."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import STAFF_ROLES, Role
from app.domain.booking import Side
from app.domain.errors import NotFoundError
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.queries.free_times import Look

TOLD = frozenset(
    {
        "requested", "accepted", "given", "declined", "withdrawn", "expired", "cancelled", "moved",
        "times_offered", "offer_taken", "offer_refused", "move_refused", "move_withdrawn",
        "superseded", "reassigned", "suspended", "resumed", "fulfilled",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turning:
    """One step of a booking; the span is the one it had after the step, `before` the earlier start.

    Attributes:
        step: what happened, as the trail calls it.
        by: the side that did it.
    """

    at: datetime
    step: str
    by: Side
    starts_at: datetime
    ends_at: datetime
    before: datetime | None


def history_of(look: Look, booking_id: UUID) -> tuple[Turning, ...]:
    """Return the steps of a booking the actor may know of, the first one first, in two statements.

    Raises:
        NotFoundError: there is none, or it is not the actor's.
    """
    found = look.session.scalars(select(Booking.id).where(Booking.id == booking_id)).first()
    if found is None:
        raise NotFoundError("booking.not_found")
    with look.beyond_scope("both sides may read what happened to their booking"):
        entries = look.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.entity == Booking.__tablename__, AuditEntry.entity_id == booking_id)
            .order_by(AuditEntry.entity_version)
        ).all()
    steps = ((entry, entry.action.partition(".")[2]) for entry in entries)
    return tuple(_turning(entry, step) for entry, step in steps if step in TOLD)


def _turning(entry: AuditEntry, step: str) -> Turning:
    body = json.loads(entry.body)
    row, before = body["row"], body["facts"].get("before")
    return Turning(
        at=entry.at,
        step=step,
        by=_side(body),
        starts_at=datetime.fromisoformat(row["starts_at"]),
        ends_at=datetime.fromisoformat(row["ends_at"]),
        before=datetime.fromisoformat(before) if before else None,
    )


def _side(body: Mapping[str, Any]) -> Side:
    roles = {Role(role) for role in body["roles"]}
    if roles & STAFF_ROLES:
        return Side.BUREAU
    if Role.MENTOR in roles and body["action"] not in _FOUNDERS_OWN:
        return Side.MENTOR
    return Side.FOUNDER if Role.FOUNDER in roles else Side.SYSTEM


# Somebody may be a founder and a mentor: what only a founder does tells as whom he acted.
_FOUNDERS_OWN = frozenset(
    {"booking.requested", "booking.withdrawn", "booking.offer_taken", "booking.offer_refused"}
)
