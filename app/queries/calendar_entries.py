"""Meetings as the calendars of their people keep them."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from app.domain.calendar_entry import KEPT_AFTER, SHOWN, Entry, public_place, status_of
from app.domain.errors import NotFoundError
from app.domain.privacy import mask_name
from app.domain.wording import clock_note
from app.models.booking import Booking, BookingExpert, BookingFounder, PanelAnswer
from app.models.expert import Expert
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.models.vocabulary import Term
from app.queries.message_texts import written
from app.unit_of_work import Reader

_OUT = frozenset({PanelAnswer.DECLINED, PanelAnswer.REPLACED})


class Look(Protocol):
    """A reader or a unit of work: whose rows are in scope."""

    @property
    def session(self) -> Session:
        """The session to ask."""

    def beyond_scope(self, reason: str) -> AbstractContextManager[None]:
        """See all rows for a while."""


def entry_of(reader: Reader, booking_id: UUID) -> Entry:
    """Return the one meeting as the actor's own calendar keeps it.

    Raises:
        NotFoundError: it is not the actor's, or a mere hold.
    """
    entries = _entries_of(reader, Booking.id == booking_id)
    if not entries:
        raise NotFoundError("booking.not_found")
    return entries[0]


def feed_of(reader: Reader) -> Sequence[Entry]:
    """Return the actor's meetings ahead and of the last month, also those called off."""
    entries = _entries_of(reader, Booking.ends_at > reader.now - KEPT_AFTER)
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.key))


def as_founder(look: Look, person_id: UUID, *where: ColumnElement[bool]) -> Sequence[Entry]:
    """Return the person's meetings as a founder; titles name the expert."""
    rows = look.session.execute(
        _meetings(Expert.name)
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .where(Booking.founder_person_id == person_id, *where)
    )
    return [
        _entry(booking, "founder", {"mentor": name}, service, f"/bookings/{booking.id}")
        for booking, service, name in rows
    ]


def as_companion(look: Look, person_id: UUID, *where: ColumnElement[bool]) -> Sequence[Entry]:
    """Return the meetings that were agreed, to which the person comes along with the founder."""
    with look.beyond_scope("the meetings to which a person comes along"):
        rows = look.session.execute(
            _meetings(Expert.name, ServiceSession.id)
            .join(Expert, Expert.id == Booking.lead_expert_id)
            .join(BookingFounder, BookingFounder.booking_id == Booking.id)
            # He is told of a meeting, never of a request: what was agreed has a session.
            .join(ServiceSession, ServiceSession.booking_id == Booking.id)
            .where(BookingFounder.person_id == person_id, *where)
        ).all()
    return [
        _entry(booking, "founder", {"mentor": name}, service, f"/sessions/{session_id}/confirm")
        for booking, service, name, session_id in rows
    ]


def as_mentor(look: Look, person_id: UUID, *where: ColumnElement[bool]) -> Sequence[Entry]:
    """Return the person's meetings as an expert, with the time on his own clock.

    Titles tell a founder's first character alone.
    """
    rows = look.session.execute(
        _meetings(BookingExpert.answer, Person.name, Expert.time_zone)
        .join(BookingExpert, BookingExpert.booking_id == Booking.id)
        .join(Expert, Expert.id == BookingExpert.expert_id)
        # Who declined, or was replaced, no longer sees who it was.
        .outerjoin(Person, Person.id == Booking.founder_person_id)
        .where(Expert.person_id == person_id, *where)
    )
    return [
        replace(
            _entry(
                booking,
                "mentor",
                {
                    "founder": mask_name(name) if name else booking.reference,
                    "clock": clock_note(booking.starts_at, booking.ends_at, "zh", zone),
                },
                service,
                "/mentor/calendar",
            ),
            status=status_of(booking.status, takes_part=answer not in _OUT),
        )
        for booking, service, answer, name, zone in rows
    ]


def of_place(reader: Reader, place_id: UUID) -> Sequence[Entry]:
    """Return the meetings at a place, ahead and of the last month; titles name nobody."""
    ahead = Booking.ends_at > reader.now - KEPT_AFTER
    rows = reader.session.execute(_meetings().where(Booking.place_id == place_id, ahead))
    return [_entry(booking, "place", {}, service, "/bureau") for booking, service in rows]


def _entries_of(reader: Reader, *where: ColumnElement[bool]) -> list[Entry]:
    person_id = reader.actor.person_id
    if person_id is None:
        return []
    entries = [
        *as_founder(reader, person_id, *where),
        *as_companion(reader, person_id, *where),
    ]
    if reader.actor.expert_id is not None:
        entries += as_mentor(reader, person_id, *where)
    return entries


def _meetings(*columns: Any) -> Select[Any]:
    named = and_(Term.vocabulary == "session_type", Term.code == Booking.session_type)
    return (
        select(Booking, Term.zh, *columns)
        .outerjoin(Term, named)
        .where(Booking.status.in_(SHOWN))
        .order_by(Booking.starts_at, Booking.id)
    )


def _entry(
    booking: Booking, side: str, others: dict[str, str], service: str | None, page: str
) -> Entry:
    facts = {"service": service or booking.reference, "reference": booking.reference, **others}
    title, note = written(f"calendar_entry.{side}", facts, "zh")
    return Entry(
        key=booking.id,
        sequence=booking.ics_sequence,
        status=status_of(booking.status),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        title=title,
        note=note,
        place=public_place(booking.place),
        page=page,
        stamped_at=_stamp(booking),
    )


def _stamp(booking: Booking) -> datetime:
    # Feeds are compared byte by byte: the instant must not depend on when somebody asks.
    return booking.booked_at or booking.starts_at
