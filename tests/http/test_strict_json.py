from typing import Any

import pytest
from flask import Flask, jsonify, request
from flask.testing import FlaskClient

from app.http.policy import public
from tests.serving import Serve

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])


@public
def echo() -> Any:
    return jsonify(request.get_json())


@pytest.fixture
def app(serve: Serve) -> Flask:
    app = serve()
    app.config["WTF_CSRF_ENABLED"] = False
    app.add_url_rule("/api/echo", "echo", echo, methods=["POST"])
    return app


def send(client: FlaskClient, body: bytes, content_type: str = "application/json") -> Any:
    return client.post("/api/echo", data=body, content_type=content_type)


def test_plain_json_comes_back_as_it_was(client: FlaskClient) -> None:
    body = '{"b":1,"a":["中","😀",null,1.5,true]}'
    assert send(client, body.encode()).text.strip() == body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b"\xff\xfe",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": "\\ud800"}',
        b'{"\\ud800": 1}',
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"1" * 10_000,
    ],
)
def test_what_has_no_one_meaning_is_400_with_a_code(client: FlaskClient, body: bytes) -> None:
    answer = send(client, body)
    assert (answer.status_code, answer.json["code"]) == (400, "request.malformed")


def test_another_type_is_415(client: FlaskClient) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded"):
        assert send(client, b"{}", content_type).json["code"] == "request.media_type"
