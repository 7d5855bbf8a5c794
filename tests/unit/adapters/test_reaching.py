"""Sixty ways to write an address that lies inside: none of them is connected to."""

import socket
import threading
from collections.abc import Iterator, Sequence

import pytest

from app.adapters.posting import Poster
from app.adapters.reaching import is_public
from app.domain.webhook import Call, CallFailedError

# This machine, private networks, links, carriers, documentation, tests, multicast, wrapped in six.
FORMS = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1"),
    *("0177.1", "017700000001", "0x7f.0x0.0x0.0x1", "127.255.255.254", "0", "0.0", "0x0"),
    *("10.0.0.7", "10.1", "167772167", "0xa000007", "012.0.0.7", "172.16.0.1", "172.31.255.254"),
    *("192.168.0.1", "192.168.1", "3232235521", "0300.0250.0.1", "169.254.169.254", "2852039166"),
    *("0xa9fea9fe", "0251.0376.0251.0376", "100.64.0.1", "100.127.255.254", "192.0.0.1"),
    *("192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250"),
    *("240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[fe80::1]"),
    *("[fc00::1]", "[fd12:3456:789a::1]", "[ff02::1]", "[2001:db8::1]", "[100::1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.7]", "[::ffff:8.8.8.8]"),
    *("[::ffff:a9fe:a9fe]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a00:7]"),
    *("[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a00:7::1]", "[2002:c0a8:1::]"),
]


def numeric(host: str) -> Sequence[str]:
    """Resolve as the system does, without asking anybody."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(entry[4][0]) for entry in found]


@pytest.fixture
def connected() -> Iterator[tuple[int, list[socket.socket]]]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        server.settimeout(0.05)
        seen: list[socket.socket] = []
        stopped = threading.Event()

        def accept() -> None:
            while not stopped.is_set():
                try:
                    seen.append(server.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1], seen
        stopped.set()
        thread.join()
        for end in seen:
            end.close()


def post(address: str, **values: object) -> str:
    poster = Poster(**{"allows_http": True, "seconds": 0.3, **values})
    with pytest.raises(CallFailedError) as refused:
        poster.post(Call(address=address, headers={}, body=b"{}"))
    return str(refused.value)


def test_of_sixty_forms_of_addresses_inside_none_is_connected_to(
    connected: tuple[int, list[socket.socket]],
) -> None:
    port, seen = connected
    assert len(set(FORMS)) >= 60
    for form in FORMS:
        assert post(f"http://{form}:{port}/", resolve=numeric) == "address refused", form
    assert seen == []


def test_control_without_the_guard_they_are(connected: tuple[int, list[socket.socket]]) -> None:
    port, seen = connected
    post(f"http://2130706433:{port}/", resolve=numeric, is_public=lambda _: True)
    assert len(seen) == 1


def test_a_name_that_has_one_address_inside_is_refused_whole(
    connected: tuple[int, list[socket.socket]],
) -> None:
    port, seen = connected
    answers = [["8.8.8.8", "127.0.0.1"], ["127.0.0.1"], []]
    for answer in answers:
        assert post(f"http://a.example.org:{port}/", resolve=lambda _, a=answer: a) == (
            "address refused"
        )
    assert seen == []
    assert is_public("8.8.8.8")


def test_a_receiver_that_gives_no_answer_is_waited_for_once() -> None:
    asked = []

    def resolve(host: str) -> Sequence[str]:
        asked.append(host)
        raise socket.gaierror("no such name")

    poster = Poster(allows_http=True, resolve=resolve)
    for _ in range(3):
        with pytest.raises(CallFailedError, match="no such name"):
            poster.post(Call(address="http://a.example.org/", headers={}, body=b"{}"))
    assert asked == ["a.example.org"]


def test_only_https_is_spoken_outside_rehearsals() -> None:
    for address in ("http://a.example.org/", "ftp://a.example.org/", "https://u:p@a.example.org/"):
        assert post(address, allows_http=False, resolve=lambda _: ["8.8.8.8"]) == "address refused"
