"""Entries written as iCalendar documents (RFC 5545): same entries, same bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vCalAddress

from app.adapters.email import mailbox_of
from app.domain.calendar import ZONE
from app.domain.calendar_entry import Entry, EntryStatus, Invitation, Method
from app.domain.message import Attachment
from app.settings import Settings

PRODUCT = "-//Jieban//Calendar 1//ZH"
ZONE_NAME = "Asia/Shanghai"
FILE_NAME = "invite.ics"
_BEFORE = timedelta(hours=1)
# The district has had one offset since this day; meetings are later.
_SINCE = date(1991, 9, 15)


@dataclass(frozen=True, slots=True)
class Issuer:
    """In whose name calendars are written.

    Attributes:
        base_url: where the service is reached; its host is part of every entry's identity.
        name: what the service is called.
        mailbox: the address that invitations name as organiser.
    """

    base_url: str
    name: str
    mailbox: str

    @property
    def host(self) -> str:
        """The host that makes the identities of entries unique in the world."""
        return urlsplit(self.base_url).hostname or "localhost"


def issuer_of(settings: Settings) -> Issuer:
    """Return who writes calendars under the settings."""
    return Issuer(settings.base_url, settings.site_name, mailbox_of(settings))


def draw(sender: Issuer, invitation: Invitation) -> Attachment:
    """Return the invitation or the cancellation as a part of a letter."""
    event = _event(sender, invitation.entry)
    attendee = vCalAddress(f"mailto:{invitation.attendee}")
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    event["ATTENDEE"] = attendee
    return _document(sender, invitation.method, [event])


def publish(sender: Issuer, entries: Iterable[Entry], *, name: str | None = None) -> Attachment:
    """Return the entries as a document to be imported or subscribed to.

    Args:
        sender: in whose name.
        entries: what it holds.
        name: what a calendar that subscribes calls it; a single event has none.
    """
    return _document(sender, Method.PUBLISH, [_event(sender, entry) for entry in entries], name)


def _document(
    sender: Issuer, method: Method, events: Iterable[Event], name: str | None = None
) -> Attachment:
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method.value)
    if name is not None:
        calendar.add("X-WR-CALNAME", name)
        calendar.add("X-WR-TIMEZONE", ZONE_NAME)
        calendar.add("REFRESH-INTERVAL", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add_component(_zone())
    for event in events:
        event["ORGANIZER"] = _organizer(sender)
        calendar.add_component(event)
    return Attachment(
        name=FILE_NAME,
        subtype="calendar",
        parameters={"method": method.value, "charset": "UTF-8"},
        content=calendar.to_ical(),
    )


def _event(sender: Issuer, entry: Entry) -> Event:
    event = Event()
    link = f"{sender.base_url}{entry.page}"
    event.add("UID", f"{entry.key}@{sender.host}")
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", _whole(entry.stamped_at))
    event.add("DTSTART", entry.starts_at.astimezone(ZONE))
    event.add("DTEND", entry.ends_at.astimezone(ZONE))
    event.add("SUMMARY", entry.title)
    event.add("DESCRIPTION", f"{entry.note}\n{link}")
    if entry.place:
        event.add("LOCATION", entry.place)
    event.add("URL", link)
    event.add("STATUS", entry.status.value)
    event.add("TRANSP", "TRANSPARENT" if entry.status is EntryStatus.CANCELLED else "OPAQUE")
    event.add("CLASS", "PRIVATE")
    if entry.status is EntryStatus.CONFIRMED:
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", entry.title)
    alarm.add("TRIGGER", -_BEFORE)
    return alarm


def _zone() -> Timezone:
    zone = Timezone()
    zone.add("TZID", ZONE_NAME)
    standard = TimezoneStandard()
    standard.add("DTSTART", datetime.combine(_SINCE, time.min))
    standard.add("TZOFFSETFROM", timedelta(hours=8))
    standard.add("TZOFFSETTO", timedelta(hours=8))
    standard.add("TZNAME", "CST")
    zone.add_component(standard)
    return zone


def _organizer(sender: Issuer) -> vCalAddress:
    address = vCalAddress(f"mailto:{sender.mailbox}")
    address.params["CN"] = sender.name
    return address


def _whole(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)
