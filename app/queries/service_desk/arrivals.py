"""Who is expected at a desk today, and who of a meeting has come."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from app.domain.availability import Mode
from app.domain.calendar import day_ends_at, day_starts_at, local_day
from app.domain.desk_entry import UNDO_LENGTH, EntryKind
from app.domain.errors import NotFoundError
from app.domain.service_session import EARLIEST_CHECK_IN, NOT_HELD, SEEN, Evidence, Party
from app.models.booking import Booking
from app.models.desk_entry import DeskEntry
from app.models.expert import Expert
from app.models.person import IdentityLevel, Person
from app.models.service_session import Attendance, ServiceSession
from app.queries.agendas import AgendaMeeting
from app.queries.agendas.meetings import meetings
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody on the list of a meeting.

    Attributes:
        name: None where the reader may not know.
        is_seen: whether a desk has checked him in, and not he himself.
        entry_id: what the reader may still take back, until `undo_until`.
    """

    person_id: UUID
    name: str | None
    side: Party
    is_lead: bool
    is_identified: bool
    checked_in_at: datetime | None
    evidence: Evidence | None
    entry_id: UUID | None
    undo_until: datetime | None

    @property
    def is_seen(self) -> bool:
        """Tell whether a desk has seen him come."""
        return self.checked_in_at is not None and self.evidence in SEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """A meeting and its list; `is_open` says whether somebody can be checked in now."""

    session_id: UUID
    booking_id: UUID
    need_id: UUID
    reference: str
    session_type: str
    mode: Mode
    place: str
    starts_at: datetime
    ends_at: datetime
    from_at: datetime
    is_over: bool
    is_open: bool
    guests: tuple[Guest, ...]

    def of_side(self, side: str) -> tuple[Guest, ...]:
        """Return those of one side, who leads first."""
        return tuple(guest for guest in self.guests if guest.side == side)


def arrivals_of(reader: Reader, session_id: UUID) -> Arrivals:
    """Return who is expected at a meeting and who has come, in two statements.

    Raises:
        NotFoundError: there is no such meeting, or the actor may not know of it.
    """
    row = reader.session.execute(
        select(ServiceSession, Booking.id, Booking.need_id)
        .join(Booking, Booking.id == ServiceSession.booking_id)
        .where(ServiceSession.id == session_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("service_session.not_found")
    session, booking_id, need_id = row
    from_at = session.planned_starts_at - EARLIEST_CHECK_IN
    is_over = session.status not in NOT_HELD or reader.now >= session.planned_ends_at
    return Arrivals(
        session_id=session.id,
        booking_id=booking_id,
        need_id=need_id,
        reference=session.reference,
        session_type=session.session_type,
        mode=session.mode,
        place=session.place,
        starts_at=session.planned_starts_at,
        ends_at=session.planned_ends_at,
        from_at=from_at,
        is_over=is_over,
        is_open=not is_over and from_at <= reader.now,
        guests=_guests(reader, session_id),
    )


def expected_today(reader: Reader) -> tuple[AgendaMeeting, ...]:
    """Return the agreed meetings of today at which people may still come, in three statements."""
    today = local_day(reader.now)
    found = meetings(
        reader,
        max(day_starts_at(today), reader.now),
        day_ends_at(today),
        ServiceSession.status.in_(NOT_HELD),
    )
    return tuple(each for each in found if each.session_id is not None)


def _guests(reader: Reader, session_id: UUID) -> tuple[Guest, ...]:
    own = and_(
        DeskEntry.kind == EntryKind.ARRIVAL,
        DeskEntry.subject_id == Attendance.id,
        DeskEntry.entered_by_id == reader.actor.account_id,
        DeskEntry.undone_at.is_(None),
        DeskEntry.entered_at > reader.now - UNDO_LENGTH,
    )
    rows = reader.session.execute(
        select(Attendance, Person, Expert.name.label("expert"), DeskEntry)
        .outerjoin(Person, Person.id == Attendance.person_id)
        .outerjoin(Expert, Expert.id == Attendance.expert_id)
        .outerjoin(DeskEntry, own)
        .where(Attendance.service_session_id == session_id, Attendance.voided_at.is_(None))
        .order_by(Attendance.is_lead.desc(), Attendance.id)
    )
    return tuple(_guest(row.Attendance, row.Person, row.expert, row.DeskEntry) for row in rows)


def _guest(
    row: Attendance, person: Person | None, expert: str | None, entry: DeskEntry | None
) -> Guest:
    levels = {row.identity_level, person.identity_level if person else IdentityLevel.NONE}
    return Guest(
        person_id=row.person_id,
        name=expert or (person.name if person else None),
        side=row.side,
        is_lead=row.is_lead,
        is_identified=levels != {IdentityLevel.NONE},
        checked_in_at=row.checked_in_at,
        evidence=row.evidence,
        entry_id=entry.id if entry else None,
        undo_until=entry.entered_at + UNDO_LENGTH if entry else None,
    )
