"""The rules every calendar document of the service keeps, checked without any library for them."""

import re
from collections.abc import Iterator, Mapping

MOST_OCTETS = 75
_PARAMETER_ZONE = re.compile(r"^DT(?:START|END)[^:]*;TZID=([^:;]+)")
_UTC = re.compile(r"^\d{8}T\d{6}Z$")


def faults(document: bytes, parameters: Mapping[str, str]) -> list[str]:
    """Return every rule that the document breaks, where it breaks it.

    Args:
        document: the bytes as they are sent.
        parameters: those of the MIME type they are sent under.
    """
    return [
        *_line_ends(document),
        *_folding(document),
        *_method(unfolded(document), parameters),
        *_zones(unfolded(document)),
        *_entries(unfolded(document)),
    ]


def unfolded(document: bytes) -> list[str]:
    """Return the content lines."""
    return document.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]


def values(document: bytes, name: str) -> list[str]:
    """Return the values of a property, whatever its parameters."""
    lines = (re.match(rf"{name}(?:;[^:]*)?:(.*)", line) for line in unfolded(document))
    return [line.group(1) for line in lines if line]


def _line_ends(document: bytes) -> Iterator[str]:
    if not document.endswith(b"\r\n"):
        yield "the document does not end with a line end"
    if re.search(rb"(?<!\r)\n|\r(?!\n)", document):
        yield "a line ends otherwise than by CRLF"
    if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", document):
        yield "a control character"
    if document.startswith(b"\xef\xbb\xbf"):
        yield "a byte order mark"


def _folding(document: bytes) -> Iterator[str]:
    for number, line in enumerate(document.split(b"\r\n"), start=1):
        if len(line) > MOST_OCTETS:
            yield f"line {number} has {len(line)} octets"
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            yield f"line {number} is folded inside a character"


def _method(lines: list[str], parameters: Mapping[str, str]) -> Iterator[str]:
    stated = [line.removeprefix("METHOD:") for line in lines if line.startswith("METHOD:")]
    if stated != [parameters.get("method")]:
        yield f"METHOD {stated} is not the MIME parameter {parameters.get('method')}"
    if parameters.get("charset") != "UTF-8":
        yield "the MIME type does not name UTF-8"


def _zones(lines: list[str]) -> Iterator[str]:
    defined = {line.removeprefix("TZID:") for line in lines if line.startswith("TZID:")}
    inside = False
    for line in lines:
        inside = (inside or line == "BEGIN:VEVENT") and line != "END:VEVENT"
        if inside and line.startswith("TZID"):
            yield "TZID as a property of an event"
        if inside and line.startswith(("DTSTART", "DTEND")):
            zone = _PARAMETER_ZONE.match(line)
            if zone is None:
                yield f"no zone: {line}"
            elif zone.group(1) not in defined:
                yield f"zone without VTIMEZONE: {zone.group(1)}"
            elif line.endswith("Z"):
                yield f"zone and UTC at once: {line}"


def _entries(lines: list[str]) -> Iterator[str]:
    method = next((line for line in lines if line.startswith("METHOD:")), "")
    for number, entry in enumerate(_events(lines), start=1):
        names = [re.split("[;:]", line)[0] for line in entry]
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "ORGANIZER", "SUMMARY"):
            if names.count(name) != 1:
                yield f"event {number} has {names.count(name)} of {name}"
        stamp = next((line.partition(":")[2] for line in entry if line.startswith("DTSTAMP")), "")
        if not _UTC.match(stamp):
            yield f"event {number}: DTSTAMP is no UTC instant"
        if method == "METHOD:CANCEL" and "STATUS:CANCELLED" not in entry:
            yield f"event {number} is cancelled and does not say so"
        if names.count("ATTENDEE") != (0 if method == "METHOD:PUBLISH" else 1):
            yield f"event {number} has {names.count('ATTENDEE')} attendees"


def _events(lines: list[str]) -> Iterator[list[str]]:
    """Yield the content lines of each event, those of its alarms left out."""
    entry: list[str] | None = None
    depth = 0
    for line in lines:
        if line == "BEGIN:VEVENT":
            entry, depth = [], 0
        elif line == "END:VEVENT" and entry is not None:
            yield entry
            entry = None
        elif entry is not None:
            depth += line.startswith("BEGIN:")
            if depth == 0:
                entry.append(line)
            depth -= line.startswith("END:")
