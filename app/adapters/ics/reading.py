"""Somebody's own calendar read for busy times: fetched, then taken apart in a child process."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.adapters.ics.fetching import Fetcher, FetchError
from app.domain.availability import Span
from app.domain.busy_calendar import Fault, Parcel, Reading

CPU_SECONDS = 5
# The child's own limit counts the processor's time; this one ends a child that only waits.
WALL_SECONDS = 20
EXPANDING = (sys.executable, "-m", "app.adapters.ics.expanding")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads calendars; never raises for a calendar's fault.

    Attributes:
        fetcher: gets what lies at an address.
        host: entries of this host are the service's own and say nothing new.
        command: what takes a document apart.
        cpu_seconds: how much of a processor it may take.
        wall_seconds: after how long it is ended whatever it does.
    """

    fetcher: Fetcher
    host: str
    command: Sequence[str] = EXPANDING
    cpu_seconds: int = CPU_SECONDS
    wall_seconds: float = WALL_SECONDS

    def read(self, parcel: Parcel) -> Reading:
        """Return the busy times, or why there are none to be had."""
        document = parcel.content
        if document is None:
            try:
                document = self.fetcher.fetch(parcel.address or "")
            except FetchError as error:
                return Reading(fault=error.fault)
        return self._expanded(document, parcel)

    def _expanded(self, document: bytes, parcel: Parcel) -> Reading:
        question = {
            "zone": parcel.zone,
            "since": parcel.since.isoformat(),
            "until": parcel.until.isoformat(),
            "own": f"@{self.host}",
            "cpu_seconds": self.cpu_seconds,
        }
        try:
            done = subprocess.run(  # noqa: S603  # our own module, no word of the document's
                self.command,
                input=json.dumps(question).encode() + b"\n" + document,
                capture_output=True,
                timeout=self.wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Reading(fault=Fault.TOO_SLOW)
        if done.returncode < 0:
            # Ended by the limit on its processor time.
            return Reading(fault=Fault.TOO_SLOW)
        if done.returncode:
            return Reading(fault=Fault.NOT_A_CALENDAR)
        return _reading(json.loads(done.stdout))


def _reading(answer: dict[str, object]) -> Reading:
    if "fault" in answer:
        return Reading(fault=Fault(str(answer["fault"])))
    spans = answer["spans"]
    if not isinstance(spans, list):
        return Reading(fault=Fault.NOT_A_CALENDAR)
    return Reading(tuple(Span(*map(datetime.fromisoformat, pair)) for pair in spans))
