"""Three readers that know nothing of each other, for every calendar the service writes."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import icalendar
import vobject

from tests.conftest import missing

SCRIPT = Path(__file__).parent / "vendor" / "read_calendars.mjs"
HOW_TO_GET = "apt-get install nodejs"


def read_by_all(documents: Sequence[bytes]) -> list[dict[str, Any]]:
    """Return what icalendar, vobject and ical.js agree on in each document."""
    first, second = by_icalendar(documents), by_vobject(documents)
    assert first == second
    assert first == by_ical_js(documents)
    return first


def by_icalendar(documents: Sequence[bytes]) -> list[dict[str, Any]]:
    def read(document: bytes) -> dict[str, Any]:
        calendar = icalendar.Calendar.from_ical(document)
        assert [event.errors for event in calendar.walk() if event.errors] == []
        return {
            "method": str(calendar["METHOD"]),
            "entries": [
                {
                    "uid": str(event["UID"]),
                    "sequence": int(event["SEQUENCE"]),
                    "starts_at": _text(event["DTSTART"].dt),
                    "ends_at": _text(event["DTEND"].dt),
                    "title": str(event["SUMMARY"]),
                    "place": str(event.get("LOCATION", "")),
                    "status": str(event["STATUS"]),
                }
                for event in calendar.walk("VEVENT")
            ],
        }

    return [read(document) for document in documents]


def by_vobject(documents: Sequence[bytes]) -> list[dict[str, Any]]:
    def read(document: bytes) -> dict[str, Any]:
        calendar = vobject.readOne(document.decode())
        return {
            "method": calendar.method.value,
            "entries": [
                {
                    "uid": event.uid.value,
                    "sequence": int(event.sequence.value),
                    "starts_at": _text(event.dtstart.value),
                    "ends_at": _text(event.dtend.value),
                    "title": event.summary.value,
                    "place": event.location.value if hasattr(event, "location") else "",
                    "status": event.status.value,
                }
                for event in calendar.contents.get("vevent", [])
            ],
        }

    return [read(document) for document in documents]


def by_ical_js(documents: Sequence[bytes]) -> list[dict[str, Any]]:
    node = shutil.which("node")
    if node is None:
        missing("node", HOW_TO_GET)
    texts = json.dumps([document.decode() for document in documents])
    command = [str(node), str(SCRIPT)]
    done = subprocess.run(
        command, input=texts, capture_output=True, text=True, timeout=30, check=True
    )
    found = json.loads(done.stdout)
    for calendar in found:
        for entry in calendar["entries"]:
            for name in ("starts_at", "ends_at"):
                entry[name] = _text(datetime.fromisoformat(entry[name]))
    return list(found)


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
