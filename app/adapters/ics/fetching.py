"""A document fetched from an address that a person typed; each redirect is checked anew."""

import http.client
import time
from dataclasses import dataclass
from urllib.parse import urljoin

from app.adapters.reaching import AddressRefusedError, Answer, Question, Reach
from app.domain.busy_calendar import MOST_BYTES, Fault

MOST_REDIRECTS = 3
SECONDS = 10.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {"Accept": "text/calendar", "Accept-Encoding": "identity"}


class FetchError(Exception):
    """The document cannot be had; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher(Reach):
    """Fetches documents within limits of size, time and redirects.

    Attributes:
        seconds: for everything together.
    """

    seconds: float = SECONDS

    def fetch(self, address: str) -> bytes:
        """Return the document.

        Raises:
            FetchError: with the fault.
        """
        until = time.monotonic() + self.seconds
        for _ in range(MOST_REDIRECTS + 1):
            question = Question(
                method="GET", address=address, headers=_HEADERS, most_bytes=MOST_BYTES
            )
            try:
                answer = self.ask(question, until)
            except AddressRefusedError as error:
                raise FetchError(Fault.ADDRESS_REFUSED) from error
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise FetchError(Fault.UNREACHABLE) from error
            if answer.status not in _REDIRECTS:
                return _document(answer)
            address = urljoin(address, answer.headers.get("Location", ""))
        raise FetchError(Fault.TOO_MANY_REDIRECTS)


def _document(answer: Answer) -> bytes:
    if answer.status != http.client.OK:
        raise FetchError(Fault.UNREACHABLE)
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        # What was not asked for may unpack to any size.
        raise FetchError(Fault.NOT_A_CALENDAR)
    if len(answer.body) > MOST_BYTES:
        raise FetchError(Fault.TOO_LARGE)
    return answer.body
