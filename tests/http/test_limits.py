import io
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app.http.limits import BODY_LIMIT, UPLOAD_LIMIT, takes_file
from app.http.policy import public
from tests.serving import Serve

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])


@public
def take() -> Any:
    return str(len(request.form.get("text", "")) + len(request.get_data()))


@public
@takes_file
def take_file() -> Any:
    return str(len(request.files["file"].read()))


@pytest.fixture
def app(serve: Serve) -> Flask:
    app = serve()
    app.config["WTF_CSRF_ENABLED"] = False
    for path, view in (("/take", take), ("/api/take", take), ("/file", take_file)):
        app.add_url_rule(path, path, view, methods=["POST"])
    return app


def multipart(*parts: bytes) -> dict[str, Any]:
    head = b"--edge\r\nContent-Disposition: form-data; "
    body = b"\r\n".join((*(head + part for part in parts), b"--edge--\r\n"))
    return {"data": body, "content_type": "multipart/form-data; boundary=edge"}


def test_text_near_the_limit_is_taken(client: FlaskClient) -> None:
    answer = client.post("/take", data={"text": "x" * (BODY_LIMIT - 100)})
    assert (answer.status_code, answer.text) == (200, str(BODY_LIMIT - 100))


@pytest.mark.parametrize("path", ["/take", "/api/take", "/login", "/no/such/page"])
def test_more_than_a_mebibyte_is_refused_clearly(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"text": "x" * (BODY_LIMIT + 1)})
    assert answer.status_code == 413
    if path.startswith("/api"):
        assert answer.json["code"] == "request.too_large"
    else:
        assert "提交的内容太大" in answer.text


def test_a_body_of_no_stated_length_is_limited_too(client: FlaskClient) -> None:
    answer = client.post(
        "/api/take",
        input_stream=io.BytesIO(b"x" * (BODY_LIMIT + 1)),
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(("size", "status"), [(5 * BODY_LIMIT, 200), (UPLOAD_LIMIT + 1, 413)])
def test_a_file_may_be_larger_where_one_is_asked_for(
    client: FlaskClient, size: int, status: int
) -> None:
    part = b'name="file"; filename="experts.xlsx"\r\n\r\n' + b"x" * size
    assert client.post("/file", **multipart(part)).status_code == status


def test_a_thousand_and_one_fields_are_refused(client: FlaskClient) -> None:
    parts = [f'name="f{number}"\r\n\r\nx'.encode() for number in range(1001)]
    assert client.post("/take", **multipart(*parts)).status_code == 413
