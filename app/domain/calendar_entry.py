"""A meeting as somebody's own calendar keeps it, and what is sent to that calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.booking import BookingStatus
from app.domain.privacy import private_pieces

# A calendar that was switched off for a month still learns of what was called off.
KEPT_AFTER = timedelta(days=30)


class Method(StrEnum):
    """What a calendar is asked to do with the entries of a document (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


class EntryStatus(StrEnum):
    """How sure a meeting is."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One meeting: title, time, place and page, and nothing about people that is private.

    Attributes:
        key: the booking, whose entry keeps its identity whatever happens to it.
        sequence: rises with each change of time, place or panel and with the cancellation.
        note: a sentence or two for everybody who may see the calendar.
        place: the name of a place; never somebody's address.
        page: the path of the page that tells more.
        stamped_at: when the entry was written as it stands.
    """

    key: UUID
    sequence: int
    status: EntryStatus
    starts_at: datetime
    ends_at: datetime
    title: str
    note: str
    place: str
    page: str
    stamped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One entry on its way to one mailbox, unchanged however often the letter is tried."""

    method: Method
    entry: Entry
    attendee: str

    def facts(self) -> dict[str, object]:
        """Return everything as plain JSON, to be kept with the delivery."""
        entry = self.entry
        return {
            "method": self.method.value,
            "attendee": self.attendee,
            "key": str(entry.key),
            "sequence": entry.sequence,
            "status": entry.status.value,
            "starts_at": entry.starts_at.isoformat(),
            "ends_at": entry.ends_at.isoformat(),
            "title": entry.title,
            "note": entry.note,
            "place": entry.place,
            "page": entry.page,
            "stamped_at": entry.stamped_at.isoformat(),
        }


def invitation_of(facts: Mapping[str, str | int]) -> Invitation:
    """Return the invitation that was kept as these facts."""
    return Invitation(
        method=Method(str(facts["method"])),
        attendee=str(facts["attendee"]),
        entry=Entry(
            key=UUID(str(facts["key"])),
            sequence=int(facts["sequence"]),
            status=EntryStatus(str(facts["status"])),
            starts_at=datetime.fromisoformat(str(facts["starts_at"])),
            ends_at=datetime.fromisoformat(str(facts["ends_at"])),
            title=str(facts["title"]),
            note=str(facts["note"]),
            place=str(facts["place"]),
            page=str(facts["page"]),
            stamped_at=datetime.fromisoformat(str(facts["stamped_at"])),
        ),
    )


_STATUS: Mapping[BookingStatus, EntryStatus] = {
    BookingStatus.REQUESTED: EntryStatus.TENTATIVE,
    BookingStatus.SUSPENDED: EntryStatus.TENTATIVE,
    BookingStatus.ACCEPTED: EntryStatus.CONFIRMED,
    BookingStatus.FULFILLED: EntryStatus.CONFIRMED,
    BookingStatus.NO_SHOW: EntryStatus.CONFIRMED,
    BookingStatus.DECLINED: EntryStatus.CANCELLED,
    BookingStatus.WITHDRAWN: EntryStatus.CANCELLED,
    BookingStatus.EXPIRED: EntryStatus.CANCELLED,
    BookingStatus.CANCELLED: EntryStatus.CANCELLED,
}
# A hold of ten minutes is nobody's appointment yet.
SHOWN = tuple(_STATUS)


def status_of(booking: BookingStatus, *, takes_part: bool = True) -> EntryStatus:
    """Return how a booking that is no mere hold stands in the calendar of one of its people.

    Args:
        booking: the booking's state.
        takes_part: false for an expert who declined or was replaced.
    """
    return _STATUS[booking] if takes_part else EntryStatus.CANCELLED


def public_place(place: str) -> str:
    """Return the name of the place, nothing where it tells a number, an address or a link."""
    return "" if private_pieces(place) else place
