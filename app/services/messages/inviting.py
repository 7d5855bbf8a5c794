"""What a letter asks its reader's calendar to do with a booking."""

from dataclasses import replace
from uuid import UUID

from app.domain.calendar_entry import EntryStatus, Invitation, Method
from app.domain.message import Audience, Notice
from app.models.booking import Booking
from app.queries.calendar_entries import as_companion, as_founder, as_mentor
from app.unit_of_work import UnitOfWork

# Of everybody else it is an expert whom a notice with a calendar part concerns.
_ENTRIES = {Audience.FOUNDER: as_founder, Audience.COMPANIONS: as_companion}


def invite(
    uow: UnitOfWork, notice: Notice, booking_id: UUID, person_id: UUID | None, address: str
) -> dict[str, object] | None:
    """Return the calendar part of a letter to one of the people of a booking, as plain JSON.

    None when the notice has none, or when the meeting is not agreed: a request that moves is
    in nobody's calendar yet.
    """
    if notice.calendar is None or person_id is None:
        return None
    entries = _ENTRIES.get(notice.to, as_mentor)(uow, person_id, Booking.id == booking_id)
    if not entries:
        return None
    entry = replace(entries[0], stamped_at=uow.now)
    if notice.calendar is Method.CANCEL:
        entry = replace(entry, status=EntryStatus.CANCELLED)
    elif entry.status is not EntryStatus.CONFIRMED:
        return None
    return Invitation(method=notice.calendar, entry=entry, attendee=address).facts()
