from uuid import UUID

import pytest

from app.domain.message import EVENTS
from app.domain.webhook import (
    WebhookKind,
    body_of,
    events_for,
    host_of,
    is_address,
    robot_call,
    secret_of,
    signature,
    signed_call,
)
from tests.moments import START

EVENT = UUID(int=7)


def test_the_same_event_is_always_the_same_bytes() -> None:
    one = body_of(EVENT, "need.submitted", START, {"b": "1", "a": "需"})
    assert one == body_of(EVENT, "need.submitted", START, {"a": "需", "b": "1"})
    assert one.startswith('{"data":{"a":"需","b":"1"},"event":"need.submitted","id":')


def test_a_signature_binds_body_time_and_secret() -> None:
    made = signature("s", 1, b"x")
    assert made == "82e21d3835959d69636bc0eb5dc175351c881f8e1358e14feb992898de41fce6"
    others = {signature("t", 1, b"x"), signature("s", 2, b"x"), signature("s", 1, b"y")}
    assert len({made, *others}) == 4


def test_each_receiver_and_each_generation_has_its_own_secret() -> None:
    made = {secret_of(key, UUID(int=n), g) for key in (b"a", b"b") for n in (1, 2) for g in (1, 2)}
    assert len(made) == 8
    assert all(len(secret) == 43 for secret in made)


def test_robots_hear_only_what_officers_are_told() -> None:
    assert events_for(WebhookKind.SIGNED) == sorted(EVENTS)
    assert "booking.expired" in events_for(WebhookKind.WECOM)
    assert "need.submitted" not in events_for(WebhookKind.DINGTALK)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://a.example.org", True),
        ("https://a.example.org:8443/in?x=1", True),
        ("http://a.example.org", False),
        ("https://a.example.org:0/", False),
        ("https://a.example.org:x/", False),
        ("https://[::1", False),
        ("https://" + "a" * 500, False),
        ("https://a b", False),
        ("https://a\r\nHost: b", False),
        ("//a.example.org", False),
    ],
)
def test_what_is_an_address(address: str, is_one: bool) -> None:
    assert is_address(address) is is_one


def test_of_an_address_only_the_host_is_shown() -> None:
    assert host_of("https://a.example.org:8443/in?key=1") == "a.example.org"
    for call in (
        signed_call("https://a/in?key=1", "{}", EVENT, "secret", 1),
        robot_call("https://a/in?key=1", "{}", "secret", 1),
    ):
        assert "key=1" not in repr(call)
        assert "secret" not in repr(call)


def test_a_robot_without_a_secret_is_given_none() -> None:
    assert robot_call("https://a/in?key=1", "{}", None, 1).address == "https://a/in?key=1"
    assert robot_call("https://a/in", "{}", "s", 1).address.startswith(
        "https://a/in?timestamp=1000&"
    )
