"""Busy times of a calendar that somebody else wrote: `python -m app.adapters.ics.expanding`.

It runs as a process of its own with limits on time and memory that no document gets around.
Standard input is one line of JSON and then the document; standard output is JSON: the spans,
or the fault. A calendar of which any part is not understood is refused whole, because what was
left out would be offered as free.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar.cal.component import Component

from app.adapters.ics.screening import RefusedError, screened
from app.domain.availability import Span
from app.domain.busy_calendar import MOST_TIMES, Fault, merged

MEMORY = 1024**3
_SLICE = timedelta(days=7)
# A fault in one of these would make a busy time disappear, or lie elsewhere.
_TELLING = frozenset(
    {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "FREEBUSY"}
)


def expand(
    document: bytes, zone: ZoneInfo, since: datetime, until: datetime, own: str
) -> list[Span]:
    """Return when the calendar's owner is busy.

    Args:
        document: as it was fetched or uploaded.
        zone: in whose wall time days and floating times are told.
        since: what ended before is left out.
        until: how far repetitions are followed.
        own: entries whose identity ends so are the service's own; it knows of them already.

    Raises:
        RefusedError: with the fault.
    """
    screened(document)
    try:
        calendars = Calendar.from_ical(document, multiple=True)
    except ValueError as error:
        raise RefusedError(Fault.NOT_A_CALENDAR) from error
    spans: set[tuple[datetime, datetime]] = set()
    for calendar in calendars:
        _ensure_whole(calendar)
        for starts_at, ends_at in _busy(calendar, zone, since, until, own):
            spans.add((max(starts_at, since), min(ends_at, until)))
            if len(spans) > MOST_TIMES:
                raise RefusedError(Fault.TOO_MANY_TIMES)
    return [Span(*span) for span in spans if span[0] < span[1]]


def _ensure_whole(calendar: Component) -> None:
    for component in calendar.walk():
        if any(name in _TELLING for name, _ in component.errors or ()):
            raise RefusedError(Fault.NOT_A_CALENDAR)
        if component.name == "VEVENT" and "DTSTART" not in component:
            raise RefusedError(Fault.NOT_A_CALENDAR)


def _busy(
    calendar: Calendar, zone: ZoneInfo, since: datetime, until: datetime, own: str
) -> Iterator[tuple[datetime, datetime]]:
    yield from _free_busy(calendar)
    query = recurring_ical_events.of(calendar, skip_bad_series=False)
    count, at = 0, since
    while at < until:
        try:
            found = query.between(at, min(at + _SLICE, until))
        except ValueError as error:
            raise RefusedError(Fault.RULE_REFUSED) from error
        count += len(found)
        if count > 2 * MOST_TIMES:
            raise RefusedError(Fault.TOO_MANY_TIMES)
        for event in found:
            if _takes_time(event, own):
                starts, ends = event["DTSTART"].dt, event["DTEND"].dt
                yield _instant(starts, zone), _instant(ends, zone)
        at += _SLICE


def _free_busy(calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    for component in calendar.walk("VFREEBUSY"):
        given = component.get("FREEBUSY", [])
        for period in given if isinstance(given, list) else [given]:
            if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                yield period.start.astimezone(UTC), period.end.astimezone(UTC)


def _takes_time(event: Component, own: str) -> bool:
    return (
        str(event.get("STATUS", "")).upper() != "CANCELLED"
        and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() != "FREE"
        and not str(event.get("UID", "")).endswith(own)
    )


def _instant(value: date, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min, zone)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC)


def _limit(cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Answer one question from standard input on standard output."""
    asked: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    _limit(asked["cpu_seconds"])
    document = sys.stdin.buffer.read()
    since, until = (datetime.fromisoformat(asked[name]) for name in ("since", "until"))
    try:
        spans = expand(document, ZoneInfo(asked["zone"]), since, until, asked["own"])
        answer: dict[str, Any] = {
            "spans": [
                [span.starts_at.isoformat(), span.ends_at.isoformat()] for span in merged(spans)
            ]
        }
    except RefusedError as error:
        answer = {"fault": error.fault.value}
    except MemoryError:
        answer = {"fault": Fault.TOO_LARGE.value}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
