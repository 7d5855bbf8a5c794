"""An expert's own calendar, read for the times in which he is busy elsewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from app.domain.availability import Span
from app.domain.errors import ConflictError, InvalidInputError, RuleError

MOST_CALENDARS = 3
MOST_BYTES = 1024 * 1024
MOST_EVENTS = 2_000
MOST_TIMES = 2_000
KNOWN_AHEAD = timedelta(days=120)
READ_EVERY = timedelta(minutes=30)
# Older than this, what was read says nothing of today.
GOOD_FOR = timedelta(hours=24)
LONGEST_ADDRESS = 500
LONGEST_NAME = 100
_SECURE = frozenset({"https", "webcal", "webcals"})


class CalendarSource(StrEnum):
    """Where a calendar comes from."""

    ADDRESS = "address"
    FILE = "file"


class Fault(StrEnum):
    """Why a calendar could not be read; its wording stands under `busy_calendar.<value>`."""

    ADDRESS_REFUSED = "address_refused"
    UNREACHABLE = "unreachable"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_LARGE = "too_large"
    NOT_A_CALENDAR = "not_a_calendar"
    NOT_UTF8 = "not_utf8"
    TOO_MANY_EVENTS = "too_many_events"
    TOO_MANY_TIMES = "too_many_times"
    RULE_REFUSED = "rule_refused"
    ZONE_UNKNOWN = "zone_unknown"
    TOO_SLOW = "too_slow"


class TooManyCalendarsError(RuleError):
    """The expert has as many calendars as are read for one person."""

    default_code = "busy_calendar.too_many"


class SameCalendarError(ConflictError):
    """The expert has added this address already."""

    default_code = "busy_calendar.added_already"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one try: spans, in order and apart from each other, or why there are none."""

    spans: tuple[Span, ...] = ()
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a reader needs for one try.

    Attributes:
        content: the file, for one that was uploaded.
        address: where to fetch it else.
        zone: in whose wall time days and floating times are told.
        since: times that ended before do not matter.
        until: how far ahead repetitions are followed.
    """

    content: bytes | None
    address: str | None
    zone: str
    since: datetime
    until: datetime


def clean_address(text: str, *, allows_http: bool = False) -> str:
    """Return the address as it is fetched.

    Raises:
        InvalidInputError: at field `address`: it is none, it is not secure, or it holds a password.
    """
    address = text.strip()
    if len(address) > LONGEST_ADDRESS:
        raise InvalidInputError.at("address", "input.too_long", longest=LONGEST_ADDRESS)
    parts = _split(address)
    if parts.scheme not in _SECURE and not (allows_http and parts.scheme == "http"):
        raise InvalidInputError.at("address", "busy_calendar.https_only")
    if parts.username is not None or parts.password is not None:
        raise InvalidInputError.at("address", "busy_calendar.no_password")
    scheme = "http" if parts.scheme == "http" else "https"
    return parts._replace(scheme=scheme, fragment="").geturl()


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise InvalidInputError.at("address", "busy_calendar.no_address") from None
    if not parts.hostname or any(character.isspace() for character in address):
        raise InvalidInputError.at("address", "busy_calendar.no_address")
    return parts


def shown_address(address: str) -> str:
    """Return the host alone: the rest of such an address is as good as a password."""
    return f"{urlsplit(address).hostname}/…"


def merged(spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those that meet made one, empty ones left out."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: each.starts_at):
        if span.ends_at <= span.starts_at:
            continue
        if found and span.starts_at <= found[-1].ends_at:
            if span.ends_at > found[-1].ends_at:
                found[-1] = Span(found[-1].starts_at, span.ends_at)
        else:
            found.append(span)
    return tuple(found)
