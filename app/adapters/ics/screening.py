"""What a calendar document must be before a parser sees it."""

import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from app.domain.busy_calendar import MOST_BYTES, MOST_EVENTS, Fault

MOST_COMPONENTS = 10_000
DEEPEST = 4
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_RULE = re.compile(r"^(?:RRULE|EXRULE)(?:;[^:]*)?:(.*)$", re.IGNORECASE)
_FREQUENCY = re.compile(r"(?:^|;)FREQ=([A-Z]+)", re.IGNORECASE)
_ZONE = re.compile(r'^[A-Z-]+;(?:[^:"]|"[^"]*")*?TZID=("[^"]*"|[^;:]+)', re.IGNORECASE)
_ZONE_DEFINED = re.compile(r"^TZID(?:;[^:]*)?:(.*)$", re.IGNORECASE)


class RefusedError(Exception):
    """The document is refused whole; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


def screened(document: bytes) -> None:
    """Refuse what no limit of a parser would stop in time, and what would be misread.

    Raises:
        RefusedError: with the fault.
    """
    if len(document) > MOST_BYTES:
        raise RefusedError(Fault.TOO_LARGE)
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedError(Fault.NOT_UTF8) from None
    if "\0" in text:
        raise RefusedError(Fault.NOT_UTF8)
    lines = [line for line in _unfolded(text) if line.strip()]
    _ensure_nested(lines)
    for line in lines:
        rule = _RULE.match(line)
        if rule is not None and not _is_plain(rule.group(1)):
            raise RefusedError(Fault.RULE_REFUSED)
    _ensure_zones(lines)


def _unfolded(text: str) -> Iterator[str]:
    joined: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t"):
            joined.append(line[1:])
            continue
        if joined:
            yield "".join(joined)
        joined = [line]
    yield "".join(joined)


def _ensure_nested(lines: list[str]) -> None:
    """Refuse what does not begin and end as a calendar, is cut off, too deep or too long."""
    open_names: list[str] = []
    components = events = 0
    for line in lines:
        verb, _, name = line.strip().upper().partition(":")
        if verb == "BEGIN":
            components += 1
            events += name == "VEVENT"
            open_names.append(name)
        elif not open_names or (verb == "END" and open_names.pop() != name):
            raise RefusedError(Fault.NOT_A_CALENDAR)
        if len(open_names) > DEEPEST:
            raise RefusedError(Fault.NOT_A_CALENDAR)
        if events > MOST_EVENTS or components > MOST_COMPONENTS:
            raise RefusedError(Fault.TOO_MANY_EVENTS)
    if open_names or not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise RefusedError(Fault.NOT_A_CALENDAR)


def _is_plain(rule: str) -> bool:
    frequencies = {match.upper() for match in _FREQUENCY.findall(rule)}
    return len(frequencies) == 1 and frequencies <= _FREQUENCIES


def _ensure_zones(lines: list[str]) -> None:
    defined = {match.group(1) for line in lines if (match := _ZONE_DEFINED.match(line))}
    for line in lines:
        match = _ZONE.match(line)
        if match is not None:
            name = match.group(1).strip('"')
            known = name in defined or name in WINDOWS_TO_OLSON or name in available_timezones()
            if not known:
                raise RefusedError(Fault.ZONE_UNKNOWN)
