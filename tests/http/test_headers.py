from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import staff
from tests.http.routes import routes_of
from tests.serving import Serve

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_every_route_answers_with_every_security_header(app: Flask) -> None:
    client, routes = app.test_client(), routes_of(app)
    assert len(routes) >= 100
    for route in routes:
        answer = client.open(route.path, method=route.method, buffered=True)
        got = answer.headers
        assert got["Content-Security-Policy"] == POLICY, route
        assert got["X-Content-Type-Options"] == "nosniff", route
        is_secret = route.path.startswith("/links/")
        assert got["Referrer-Policy"] == ("no-referrer" if is_secret else "same-origin"), route
        assert not is_secret or "noindex" in got["X-Robots-Tag"], route
        assert not is_secret or got["Cache-Control"] == "no-store", route
        assert got["Cross-Origin-Opener-Policy"] == "same-origin", route
        assert got["Cross-Origin-Resource-Policy"] == "same-origin", route
        assert "geolocation=()" in got["Permissions-Policy"], route
        assert got["Cache-Control"], route
        assert "Strict-Transport-Security" not in got, route


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize(
    ("path", "status"), [("/no/such/page", 404), ("/api/v1/no/such", 404), ("/%00", 404)]
)
def test_errors_carry_the_headers_too(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_what_the_signed_in_see_is_kept_nowhere(
    client: FlaskClient, sign_in: Any, store: Any
) -> None:
    assert client.get("/help").headers["Cache-Control"] == "private, no-cache"
    sign_in(client, staff(store))
    assert client.get("/help").headers["Cache-Control"] == "no-store"
    assert client.get("/api/v1/experts").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_static_files_live_long_under_an_address_of_their_content(client: FlaskClient) -> None:
    page = client.get("/login").get_data(as_text=True)
    assert "/static/app.js?v=" in page
    path = page.partition('src="/static/app.js')[2].partition('"')[0]
    lasting = client.get(f"/static/app.js{path}", buffered=True)
    assert lasting.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/app.js", buffered=True).headers["Cache-Control"] == "no-cache"
    assert client.get("/static/none.js").status_code == 404


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_cookies_over_tls_are_bound_to_the_host(serve: Serve, store: Any, csrf: Any) -> None:
    app = serve(base_url="https://mentors.example.cn")
    client = app.test_client()
    answer = client.get("/login", base_url="https://mentors.example.cn")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-page=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_pages_differ_by_who_asks_for_a_fragment(client: FlaskClient) -> None:
    assert "HX-Request" in client.get("/help").headers["Vary"]
