"""Addresses that people type: what is public is fetched within limits, nothing else is reached."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any

import pytest

from app.adapters.ics import Fetcher
from app.adapters.ics.fetching import FetchError
from app.adapters.reaching import is_public, resolve
from app.domain.busy_calendar import MOST_BYTES, Fault

DOCUMENT = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site: Any = self.server
        site.asked.append((self.path, self.headers["Host"]))
        name = self.path.strip("/").partition("?")[0]
        if name == "slow":
            self._drip()
        elif name.startswith("hop"):
            left = int(name.removeprefix("hop"))
            self._answer(302, Location=f"/hop{left - 1}" if left else "/calendar.ics")
        elif name == "away":
            self._answer(302, Location="http://inside.example.org/secret")
        elif name == "plain":
            self._answer(302, Location="ftp://example.org/a.ics")
        elif name == "huge":
            self._answer(200, b"x" * (MOST_BYTES + 1))
        elif name == "packed":
            self._answer(200, b"x", **{"Content-Encoding": "gzip"})
        elif name == "gone":
            self._answer(404)
        else:
            self._answer(200, DOCUMENT)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        stop: threading.Event = self.server.stopped  # type: ignore[attr-defined]  # of the test
        while not stop.wait(0.05):
            try:
                self.wfile.write(b"x")
            except OSError:
                return

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def running() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.asked, server.stopped = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.stopped.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site() -> Iterator[Any]:
    with running() as server:
        yield server


HOSTS = {"public.example.org": ["127.0.0.1"], "inside.example.org": ["10.0.0.7"]}


def fetcher(**values: Any) -> Fetcher:
    """A fetcher for which this machine is the public internet, and ten-dot is not."""
    defaults: dict[str, Any] = {
        "allows_http": True,
        "resolve": HOSTS.__getitem__,
        "is_public": lambda address: address.startswith("127."),
    }
    return Fetcher(**{**defaults, **values})


def address(site: Any, path: str) -> str:
    return f"http://public.example.org:{site.server_address[1]}/{path}"


def fault(asked: str, **values: Any) -> Fault:
    with pytest.raises(FetchError) as refused:
        fetcher(**values).fetch(asked)
    return refused.value.fault


def test_a_document_is_fetched_from_the_address_looked_at_under_its_own_name(site) -> None:
    assert fetcher().fetch(address(site, "calendar.ics?key=1")) == DOCUMENT
    port = site.server_address[1]
    assert site.asked == [("/calendar.ics?key=1", f"public.example.org:{port}")]


def test_three_redirects_are_followed_and_no_fourth(site) -> None:
    assert fetcher().fetch(address(site, "hop2")) == DOCUMENT
    assert fault(address(site, "hop3")) is Fault.TOO_MANY_REDIRECTS


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("away", Fault.ADDRESS_REFUSED),
        ("plain", Fault.ADDRESS_REFUSED),
        ("huge", Fault.TOO_LARGE),
        ("packed", Fault.NOT_A_CALENDAR),
        ("gone", Fault.UNREACHABLE),
    ],
)
def test_what_leads_inside_is_too_large_packed_or_gone_is_refused(site, path, cause) -> None:
    assert fault(address(site, path)) is cause
    assert len(site.asked) == 1


def test_a_server_that_drips_is_cut_off_in_time(site) -> None:
    began = monotonic()
    assert fault(address(site, "slow"), seconds=0.5) is Fault.UNREACHABLE
    assert monotonic() - began < 5


def test_a_name_that_means_this_machine_is_never_connected_to(site) -> None:
    asked = address(site, "calendar.ics")
    assert fault(asked, is_public=is_public) is Fault.ADDRESS_REFUSED
    assert fault(asked, resolve=lambda _: ["8.8.8.8", "127.0.0.1"], is_public=is_public) is (
        Fault.ADDRESS_REFUSED
    )
    assert fault(asked, resolve=lambda _: []) is Fault.ADDRESS_REFUSED
    assert site.asked == []


def test_a_name_that_changes_its_mind_is_asked_once(site) -> None:
    answers = [["127.0.0.1"], ["10.0.0.7"]]
    assert fetcher(resolve=lambda _: answers.pop(0)).fetch(address(site, "x")) == DOCUMENT
    assert answers == [["10.0.0.7"]]


def test_plain_http_passes_in_rehearsals_alone(site) -> None:
    assert fault(address(site, "x"), allows_http=False) is Fault.ADDRESS_REFUSED


@pytest.mark.parametrize(
    "asked", ["http://me:x@public.example.org/", "http:///x", "gopher://public.example.org/"]
)
def test_odd_addresses_are_refused(asked: str) -> None:
    assert fault(asked) is Fault.ADDRESS_REFUSED


def test_a_host_without_an_answer_is_unreachable() -> None:
    def nobody(_: str) -> list[str]:
        raise socket.gaierror("no such name")

    assert fault("http://nobody.example.org/", resolve=nobody) is Fault.UNREACHABLE


def test_https_is_spoken_with_the_hosts_own_name_checked(site) -> None:
    asked = address(site, "x").replace("http://", "https://")
    assert fault(asked) is Fault.UNREACHABLE


@pytest.mark.parametrize(
    ("address", "is_it"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  # refused, not bound
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:8.8.8.8", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::1", False),
        ("2002:7f00:1::", False),
        ("not an address", False),
    ],
)
def test_only_the_public_internet_is_public(address: str, is_it: bool) -> None:
    assert is_public(address) is is_it


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f000001", "[::1]"])
def test_other_spellings_of_this_machine_are_found_out(name: str) -> None:
    try:
        addresses = resolve(name.strip("[]"))
    except OSError:
        return
    assert not any(map(is_public, addresses))
