"""A document fetched from an address that a person typed, without reaching what is not public.

Every host is resolved once, each address it has must be one of the public internet, and the
connection goes to the address that was looked at, so that a name cannot change its mind
in between. The same holds after each redirect.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from app.domain.busy_calendar import MOST_BYTES, Fault

MOST_REDIRECTS = 3
SECONDS = 10.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"https": 443, "http": 80}
_HEADERS = {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "Jieban"}
# Python calls these global, and a gateway may lead from them into a network of its own.
_GATEWAYS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))


class FetchError(Exception):
    """The document cannot be had; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


def resolve(host: str) -> Sequence[str]:
    """Return every address the host has."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Tell whether the address is one of the public internet, whatever it is wrapped in."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return False
        if any(parsed in network for network in _GATEWAYS):
            return False
    return parsed.is_global and not parsed.is_multicast


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches documents within limits of size, time and redirects.

    Attributes:
        allows_http: for rehearsals; elsewhere plain http is refused, also after a redirect.
        resolve: gives the addresses of a host.
        is_public: says which of them may be reached.
        context: how peers prove who they are.
        seconds: for everything together.
    """

    allows_http: bool = False
    resolve: Callable[[str], Sequence[str]] = resolve
    is_public: Callable[[str], bool] = is_public
    context: ssl.SSLContext | None = None
    seconds: float = SECONDS

    def fetch(self, address: str) -> bytes:
        """Return the document.

        Raises:
            FetchError: with the fault.
        """
        until = time.monotonic() + self.seconds
        for _ in range(MOST_REDIRECTS + 1):
            try:
                answer = self._ask(address, until)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise FetchError(Fault.UNREACHABLE) from error
            if isinstance(answer, bytes):
                return answer
            address = urljoin(address, answer)
        raise FetchError(Fault.TOO_MANY_REDIRECTS)

    def _ask(self, address: str, until: float) -> bytes | str:
        """Return the document, or where it is said to lie."""
        parts = urlsplit(address)
        if parts.scheme != "https" and not (self.allows_http and parts.scheme == "http"):
            raise FetchError(Fault.ADDRESS_REFUSED)
        if not parts.hostname or parts.username is not None:
            raise FetchError(Fault.ADDRESS_REFUSED)
        peer = self._peer(parts.hostname)
        port = parts.port or _PORTS[parts.scheme]
        raw = socket.create_connection((peer, port), timeout=_left(until))
        with _Line(raw, until) as line:
            if parts.scheme == "https":
                line.secure(self.context or ssl.create_default_context(), parts.hostname)
            connection = http.client.HTTPConnection(parts.hostname, port)
            connection.sock = line.end
            target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            connection.request("GET", target, headers={"Host": parts.netloc, **_HEADERS})
            with connection.getresponse() as response:
                if response.status in _REDIRECTS:
                    return response.getheader("Location") or ""
                body = _body(response)
            _left(until)
            return body

    def _peer(self, host: str) -> str:
        addresses = self.resolve(host)
        if not addresses or not all(map(self.is_public, addresses)):
            raise FetchError(Fault.ADDRESS_REFUSED)
        return addresses[0]


class _Line:
    """A connection that is cut at an instant.

    Whoever sends a byte now and then outlives every limit that is set on one look.
    """

    def __init__(self, end: socket.socket, until: float) -> None:
        self.end = end
        self._cutter = threading.Timer(max(0.0, until - time.monotonic()), self._cut)
        self._cutter.daemon = True

    def __enter__(self) -> "_Line":
        self._cutter.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._cutter.cancel()
        self.end.close()

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from now on, with whoever proves to be the host."""
        # The handshake comes after, so that it can be cut as well.
        end = context.wrap_socket(self.end, server_hostname=host, do_handshake_on_connect=False)
        self.end = end
        end.do_handshake()

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            self.end.shutdown(socket.SHUT_RDWR)


def _body(response: http.client.HTTPResponse) -> bytes:
    if response.status != http.client.OK:
        raise FetchError(Fault.UNREACHABLE)
    if response.getheader("Content-Encoding", "identity") != "identity":
        # What was not asked for may unpack to any size.
        raise FetchError(Fault.NOT_A_CALENDAR)
    body = response.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise FetchError(Fault.TOO_LARGE)
    return body


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
