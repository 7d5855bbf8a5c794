"""A time asked for, answered, moved, called off."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, OneOf, Text, Whole
from app.api.v1.experts import Limit
from app.api.v1.needs import Service
from app.api.v1.recusals import naming_others
from app.domain.actor import Permission
from app.domain.availability import FreeTime, Mode
from app.domain.booking import END_REASONS, BookingStatus, Side, TimeTakenError
from app.domain.booking_panel import MOST_ALTERNATES, MOST_COMPANIONS, MOST_EXPERTS, Company
from app.domain.errors import InvalidInputError
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.booking import Booking
from app.queries.booking_history import Turning, history_of
from app.queries.booking_pages import circumstances
from app.queries.exchange import (
    BookingDetail,
    BookingPage,
    Wanted,
    alternatives_for,
    alternatives_to,
    booking_detail,
    bookings_page,
)
from app.services import bookings, desk_entries
from app.services.bookings import Choice
from app.unit_of_work import Reader, UnitOfWork

LONGEST_NOTE = 500
PAGE_SIZE = 20
Note = Annotated[str | None, Text(LONGEST_NOTE)]
EndReason = OneOf.words(END_REASONS)
BureauReason = OneOf.words(code for code, row in END_REASONS.items() if row.side is Side.BUREAU)
MentorReason = OneOf.words(code for code, row in END_REASONS.items() if row.side is Side.MENTOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingBody:
    """The expert, time and way chosen for a need; without an end it has the usual length."""

    need_id: UUID
    expert_ids: Annotated[
        tuple[UUID, ...], Count(1, MOST_EXPERTS), Named(says="Several are a panel, for officers.")
    ]
    lead_expert_id: Annotated[UUID | None, Named(says="Of several, the first unless given.")] = None
    quorum: Annotated[
        int | None, Whole(1, MOST_EXPERTS), Named(says="How many must come; all unless given.")
    ] = None
    alternate_ids: Annotated[
        tuple[UUID, ...], Count(0, MOST_ALTERNATES), Named(says="Who is asked next, in order.")
    ] = ()
    companion_ids: Annotated[
        tuple[UUID, ...], Count(0, MOST_COMPANIONS), Named(says="Persons who come along.")
    ] = ()
    starts_at: datetime
    ends_at: datetime | None = None
    session_type: Annotated[str, Service]
    mode: Mode
    room_id: UUID | None = None
    note: Note = None
    may_pass_on: Annotated[
        bool, Named(says="Whether the next candidate is asked when this expert cannot.")
    ] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineBody:
    """Why the expert cannot."""

    reason: Annotated[str, MentorReason]
    note: Note = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBody:
    """Why it is called off; each side has reasons of its own."""

    reason: Annotated[str, EndReason]
    note: Note = None


@dataclass(frozen=True, slots=True)
class MoveBody:
    """The new time; the length stays."""

    starts_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignBody:
    """The other expert, why, and another time where the present one cannot be kept."""

    expert_id: UUID
    reason: Annotated[str, BureauReason]
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The steps of a booking, the first one first."""

    items: tuple[Turning, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingsQuery:
    """Which bookings are asked for."""

    status: BookingStatus | None = None
    cursor: UUID | None = None
    limit: Limit = PAGE_SIZE


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/bookings")(request_booking)
    blueprint.get("/bookings")(list_bookings)
    blueprint.get("/bookings/<uuid:booking_id>")(read_booking)
    blueprint.get("/bookings/<uuid:booking_id>/history")(read_history)
    blueprint.post("/bookings/<uuid:booking_id>/accept")(accept_booking)
    blueprint.post("/bookings/<uuid:booking_id>/decline")(decline_booking)
    blueprint.post("/bookings/<uuid:booking_id>/cancel")(cancel_booking)
    blueprint.post("/bookings/<uuid:booking_id>/move")(move_booking)
    blueprint.post("/bookings/<uuid:booking_id>/reassign")(reassign_booking)


@operation(Permission.BOOK, answer=BookingDetail, status=201)
def request_booking(body: BookingBody) -> Any:
    """Ask an expert for a time.

    A time that is gone is refused with `booking.time_taken` and the nearest `alternatives`, an
    expert who must stand aside with `expert.recusal` and others of the shortlist as `experts`.
    """
    asked = offering(lambda reader: alternatives_of(reader, body))
    with asked, naming_others(body.need_id, body.expert_ids[0]):
        return step(desk_entries.book, choice_of(body), note_to_expert=body.note)


@operation(Permission.READ_BOOKING, answer=BookingPage)
def list_bookings(query: BookingsQuery) -> Any:
    """List the bookings the asker may know of, the newest first."""
    with reading() as reader:
        found = bookings_page(reader, query.status, after=query.cursor, limit=query.limit)
    return jsonable(found)


@operation(Permission.READ_BOOKING, answer=BookingDetail)
def read_booking(booking_id: UUID) -> Any:
    """Read a booking; it names its service session once it is accepted."""
    with reading() as reader:
        return jsonable(booking_detail(reader, booking_id))


@operation(Permission.READ_BOOKING, answer=History)
def read_history(booking_id: UUID) -> Any:
    """Read what happened to a booking, by which side and when."""
    with reading() as reader:
        return jsonable(History(history_of(reader, booking_id)))


@operation(Permission.ANSWER_BOOKING, answer=BookingDetail)
def accept_booking(booking_id: UUID, version: int | None) -> Any:
    """Accept a request on behalf of its expert."""
    return step(bookings.accept, booking_id, version=version)


@operation(Permission.ANSWER_BOOKING, answer=BookingDetail)
def decline_booking(booking_id: UUID, body: DeclineBody, version: int | None) -> Any:
    """Decline a request on behalf of its expert."""
    return step(bookings.decline, booking_id, body.reason, note=body.note, version=version)


@operation(Permission.CANCEL_BOOKING, answer=BookingDetail)
def cancel_booking(booking_id: UUID, body: CancelBody, version: int | None) -> Any:
    """Take back a request, or call off an accepted meeting."""
    return step(bookings.cancel, booking_id, body.reason, note=body.note, version=version)


@operation(Permission.MOVE_BOOKING, answer=BookingDetail)
def move_booking(booking_id: UUID, body: MoveBody, version: int | None) -> Any:
    """Take another time of the same expert.

    A time that is gone is refused with `booking.time_taken` and the nearest `alternatives`.
    """
    with offering(lambda reader: alternatives_to(reader, booking_id, body.starts_at)):
        return step(bookings.move, booking_id, body.starts_at, version=version)


@operation(Permission.REASSIGN_BOOKING, answer=BookingDetail)
def reassign_booking(booking_id: UUID, body: ReassignBody, version: int | None) -> Any:
    """Ask another expert in its place, for the same need; the answer is the new booking.

    A time that is gone is refused with `booking.time_taken`; another can be given.
    """
    return step(
        bookings.reassign,
        booking_id,
        body.expert_id,
        body.reason,
        starts_at=body.starts_at,
        version=version,
    )


def alternatives_of(reader: Reader, body: BookingBody) -> Sequence[FreeTime]:
    """Return the times nearest to the one that was asked for."""
    wanted = Wanted(
        need_id=body.need_id,
        expert_id=body.expert_ids[0],
        session_type=body.session_type,
        mode=body.mode,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        other_ids=body.expert_ids[1:],
        companion_ids=body.companion_ids,
        place_id=body.room_id,
    )
    return alternatives_for(reader, wanted)


def choice_of(body: BookingBody) -> Choice:
    """Return what was chosen, with the place and the proposal that go with it."""
    expert_id = body.lead_expert_id or body.expert_ids[0]
    if expert_id not in body.expert_ids:
        raise InvalidInputError.at("lead_expert_id", "input.not_a_choice")
    others = list(body.expert_ids)
    others.remove(expert_id)
    with reading() as reader:
        around = circumstances(reader, body.need_id, expert_id)
    return Choice(
        need_id=body.need_id,
        expert_id=expert_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        mode=body.mode,
        session_type=body.session_type,
        proposal_id=around.proposal_id,
        may_pass_on=body.may_pass_on,
        place=around.place if body.mode is Mode.ONSITE else "",
        company=Company(
            expert_ids=tuple(others),
            quorum=body.quorum or len(body.expert_ids),
            companion_ids=body.companion_ids,
            alternate_ids=body.alternate_ids,
            place_id=body.room_id,
        ),
    )


def step(use_case: Callable[..., Booking], *args: Any, **kwargs: Any) -> Any:
    """Run a step of a booking and answer with the booking as it then stands."""

    def act(uow: UnitOfWork) -> BookingDetail:
        return _detail(uow, use_case(uow, *args, **kwargs))

    return run(act, answer=jsonable)


def _detail(uow: UnitOfWork, row: Booking) -> BookingDetail:
    uow.flush()
    return booking_detail(uow, row.id)


@contextmanager
def offering(alternatives: Callable[[Reader], Sequence[FreeTime]]) -> Iterator[None]:
    """Name the nearest free times beside a refusal of one that is gone."""
    try:
        yield
    except TimeTakenError as error:
        with reading() as reader:
            near = [
                {"starts_at": time.starts_at, "ends_at": time.ends_at}
                for time in alternatives(reader)
            ]
        raise TimeTakenError(**{**error.facts, "alternatives": near}) from error
