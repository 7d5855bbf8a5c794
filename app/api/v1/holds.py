"""A time kept for ten minutes: taken, turned into a request, or given back."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named
from app.api.v1.bookings import BookingBody, Note, alternatives_of, choice_of, offering, step
from app.domain.actor import Permission
from app.http.run import reading
from app.http.wire import jsonable
from app.queries.exchange import BookingDetail, booking_detail
from app.services import bookings


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBody:
    """What goes with a request."""

    note: Note = None
    may_pass_on: Annotated[
        bool, Named(says="Whether the next candidate is asked when this expert cannot.")
    ] = True


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/holds")(hold)
    blueprint.get("/holds/<uuid:hold_id>")(read_hold)
    blueprint.post("/holds/<uuid:hold_id>/request")(request_held)
    blueprint.post("/holds/<uuid:hold_id>/release")(release)


@operation(Permission.BOOK, answer=BookingDetail, status=201)
def hold(body: BookingBody) -> Any:
    """Keep a time until `hold_until` while the founder checks the details.

    A time that is gone is refused with `booking.time_taken` and the nearest `alternatives`.
    """
    with offering(lambda reader: alternatives_of(reader, body)):
        return step(bookings.hold, choice_of(body))


@operation(Permission.BOOK, answer=BookingDetail)
def read_hold(hold_id: UUID) -> Any:
    """Read a kept time; it stays under this address whatever becomes of it."""
    with reading() as reader:
        return jsonable(booking_detail(reader, hold_id))


@operation(Permission.BOOK, answer=BookingDetail)
def request_held(hold_id: UUID, body: RequestBody, version: int | None) -> Any:
    """Ask the expert for the kept time; a hold that has run out is `booking.hold_over`."""
    return step(
        bookings.request,
        hold_id,
        may_pass_on=body.may_pass_on,
        note=body.note,
        version=version,
    )


@operation(Permission.BOOK, answer=BookingDetail)
def release(hold_id: UUID, version: int | None) -> Any:
    """Give the kept time back; what is no longer on hold stays as it is."""
    return step(bookings.release, hold_id, version=version)
