"""Requests to addresses that people typed, without reaching what is not public.

Every host is resolved once, each address it has must be one of the public internet, and the
connection goes to the address that was looked at, so that a name cannot change its mind
in between. Nothing follows a redirect by itself: whoever does asks anew, and is checked anew.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from app.adapters.trust import trust

_PORTS = {"https": 443, "http": 80}
# Python calls these global, and a gateway may lead from them into a network of its own.
_GATEWAYS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))


class AddressRefusedError(Exception):
    """The address is not one that may be reached."""


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
class Question:
    """What is asked of an address, and how much of an answer is read."""

    method: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: at most one byte more than was asked for, so that too much shows."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Asks addresses of the outside world within limits.

    Attributes:
        allows_http: for rehearsals; elsewhere plain http is refused.
        resolve: gives the addresses of a host.
        is_public: says which of them may be reached.
        context: how peers prove who they are.
    """

    allows_http: bool = False
    resolve: Callable[[str], Sequence[str]] = resolve
    is_public: Callable[[str], bool] = is_public
    context: ssl.SSLContext | None = None

    def ask(self, question: Question, until: float) -> Answer:
        """Return the answer to one request.

        Args:
            question: what is asked.
            until: when the connection is cut, on the monotonic clock, whatever comes by then.

        Raises:
            AddressRefusedError: nothing was connected to.
            OSError, http.client.HTTPException, ValueError: no whole answer came in time.
        """
        parts, host = self._checked(question.address)
        port = parts.port or _PORTS[parts.scheme]
        raw = socket.create_connection((self._peer(host), port), timeout=left(until))
        with _Line(raw, until) as line:
            if parts.scheme == "https":
                line.secure(self.context or trust(), host)
            connection = http.client.HTTPConnection(host, port)
            connection.sock = line.end
            target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            headers = {"Host": parts.netloc, "User-Agent": "Jieban", **question.headers}
            connection.request(question.method, target, body=question.body, headers=headers)
            with connection.getresponse() as response:
                body = response.read(question.most_bytes + 1)
            left(until)
            return Answer(response.status, dict(response.headers), body)

    def _checked(self, address: str) -> tuple[SplitResult, str]:
        parts = urlsplit(address)
        if parts.scheme != "https" and not (self.allows_http and parts.scheme == "http"):
            raise AddressRefusedError
        if not parts.hostname or parts.username is not None:
            raise AddressRefusedError
        return parts, parts.hostname

    def _peer(self, host: str) -> str:
        addresses = self.resolve(host)
        if not addresses or not all(map(self.is_public, addresses)):
            raise AddressRefusedError
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


def left(until: float) -> float:
    """Return how many seconds are left.

    Raises:
        TimeoutError: none are.
    """
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
