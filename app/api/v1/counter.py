"""The counter of a clinic: which slots of today are free, and one given to who has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.v1.bookings import step
from app.domain.actor import Permission
from app.http.run import reading
from app.http.wire import jsonable
from app.queries import clinics
from app.queries.clinics import Counter
from app.queries.exchange import BookingDetail
from app.services import desk_entries


@dataclass(frozen=True, slots=True)
class SlotBody:
    """For whose need a slot is given, and which."""

    need_id: UUID
    starts_at: datetime


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/needs/<uuid:need_id>/counter")(read_counter)
    blueprint.post("/clinics/<uuid:clinic_id>/slots")(give_slot)


@operation(Permission.GIVE_SLOT, answer=Counter)
def read_counter(need_id: UUID) -> Any:
    """List the clinics of today at places of the asker's, with the slots that are free."""
    with reading() as reader:
        return jsonable(clinics.at_counter(reader, need_id))


@operation(Permission.GIVE_SLOT, answer=BookingDetail, status=201)
def give_slot(clinic_id: UUID, body: SlotBody) -> Any:
    """Give a free slot of today's clinic to the founder of a need, who stands at its counter.

    No notice is asked for and no answer waited for: the booking is accepted, the expert told.
    """
    return step(desk_entries.give_slot, body.need_id, clinic_id, body.starts_at)
