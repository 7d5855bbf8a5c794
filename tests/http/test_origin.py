from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.serving import Serve

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "rubbish"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_another_sites_page_changes_nothing(
    client: FlaskClient, csrf: Any, headers: dict[str, str]
) -> None:
    form = {**csrf(client, "/login"), "size": "l", "next": "/help"}
    answer = client.post("/display", data=form, headers=headers)
    assert answer.status_code == 403
    assert "size=" not in str(answer.headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        # A page of ours that hides its address.
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ],
)
def test_this_sites_own_pages_change_things(
    client: FlaskClient, csrf: Any, headers: dict[str, str]
) -> None:
    form = {**csrf(client, "/login"), "size": "l", "next": "/help"}
    assert client.post("/display", data=form, headers=headers).location == "/help"


def test_behind_a_proxy_the_public_address_is_our_own(serve: Serve, csrf: Any) -> None:
    client = serve(base_url="http://mentors.example.cn").test_client()
    form = {**csrf(client, "/login"), "size": "l", "next": "/help"}
    headers = {"Origin": "http://mentors.example.cn"}
    assert client.post("/display", data=form, headers=headers).status_code == 303


def test_links_from_other_sites_are_followed(client: FlaskClient) -> None:
    assert client.get("/help", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
