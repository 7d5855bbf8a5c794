"""Other times for a booking: offered by one side, taken or declined by the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Text
from app.api.v1.bookings import MoveBody, step
from app.domain.actor import Permission
from app.domain.booking import TimeTakenError
from app.domain.time_offer import LONGEST_NOTE, MOST_TIMES
from app.http.run import reading
from app.queries.booking_pages import times_offered
from app.queries.exchange import BookingDetail, alternatives_to
from app.services import bookings


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferBody:
    """One to three starts; the length stays."""

    times: Annotated[tuple[datetime, ...], Count(1, MOST_TIMES)]
    note: Annotated[str | None, Text(LONGEST_NOTE)] = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/bookings/<uuid:booking_id>/counter-offer")(offer_times)
    blueprint.post("/bookings/<uuid:booking_id>/take-offer")(take_offer)
    blueprint.post("/bookings/<uuid:booking_id>/decline-offer")(decline_offer)


@operation(Permission.OFFER_TIMES, answer=BookingDetail)
def offer_times(booking_id: UUID, body: OfferBody, version: int | None) -> Any:
    """Put other times, all free at this moment, before the other side.

    For a request this is the mentor's answer, and `offer.answer_by` the founder's deadline. An
    agreed meeting stays as it is until the other side takes one of the times.
    """
    return step(bookings.offer_times, booking_id, body.times, note=body.note, version=version)


@operation(Permission.OFFER_TIMES, answer=BookingDetail)
def take_offer(booking_id: UUID, body: MoveBody, version: int | None) -> Any:
    """Take one of the offered times; a request is agreed with it at once.

    A time that is gone is refused with `booking.time_taken`, the `others` that were offered and
    are free, and the nearest `alternatives`.
    """
    with _offering(booking_id, body.starts_at):
        return step(bookings.take_offer, booking_id, body.starts_at, version=version)


@operation(Permission.OFFER_TIMES, answer=BookingDetail)
def decline_offer(booking_id: UUID, version: int | None) -> Any:
    """Take none: a request ends and the next candidate is asked, an agreed meeting stays."""
    return step(bookings.decline_offer, booking_id, version=version)


@contextmanager
def _offering(booking_id: UUID, starts_at: datetime) -> Iterator[None]:
    try:
        yield
    except TimeTakenError as error:
        with reading() as reader:
            offer = times_offered(reader, booking_id)
            near = alternatives_to(reader, booking_id, starts_at)
        others = [time for time in offer.times if time.is_free] if offer else []
        facts = {
            name: [{"starts_at": time.starts_at, "ends_at": time.ends_at} for time in times]
            for name, times in (("others", others), ("alternatives", near))
        }
        raise TimeTakenError(**{**error.facts, **facts}) from error
