import statistics
import time
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.account import Holding
from app.domain.actor import SYSTEM, Role
from app.models.account import Account, SignInFailure, SignInSession
from app.services import accounts
from app.settings import Environment
from app.unit_of_work import Store, UnitOfWork
from tests.builders import a_founder, a_mentor, an_expert, staff
from tests.serving import Serve

PASSWORD = "seven quiet herons wade"
sqlite_only = pytest.mark.parametrize("dialect", ["sqlite"])


def registered(store: Store, role: Role = Role.FOUNDER, **values: Any) -> Account:
    new = {"login": "lixiao", "name": "李晓", "password": PASSWORD, "holdings": (Holding(role),)}
    return store.execute(SYSTEM, accounts.register, accounts.NewAccount(**{**new, **values}))


def enter(client: FlaskClient, csrf: Any, **typed: str) -> Any:
    form = {**csrf(client, "/help"), "login": "lixiao", "password": PASSWORD, **typed}
    return client.post("/login", data=form)


def sid(client: FlaskClient) -> str | None:
    cookie = client.get_cookie("sid")
    return cookie.value if cookie else None


def put_back(store: Store, model: Any, column: str, past: timedelta) -> None:
    def use_case(uow: UnitOfWork) -> None:
        for row in uow.all(select(model)):
            setattr(row, column, getattr(row, column) - past)

    store.execute(SYSTEM, use_case)


def test_the_right_password_opens_the_way(client: FlaskClient, csrf: Any, store: Store) -> None:
    registered(store)
    answer = enter(client, csrf, login=" LiXiao ")
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/").location == "/me"
    assert "李晓" in client.get("/help").text


@pytest.mark.parametrize(
    "typed",
    [
        {"password": PASSWORD + "x"},
        {"password": PASSWORD.upper()},
        {"password": "x" * 100_000},
        {"login": "nobody"},
        {"login": "nobody", "password": "x"},
    ],
)
def test_wrong_password_and_unknown_login_get_the_same_answer(
    client: FlaskClient, csrf: Any, store: Store, typed: dict[str, str]
) -> None:
    registered(store)
    answer = enter(client, csrf, **typed)
    assert answer.status_code == 422
    assert "登录名或密码不对" in answer.text
    assert 'autocomplete="current-password"' in answer.text
    assert PASSWORD not in answer.text
    assert sid(client) is None


@sqlite_only
def test_an_unknown_login_costs_the_same_time(client: FlaskClient, csrf: Any, store: Store) -> None:
    registered(store)
    times: dict[str, list[float]] = {"lixiao": [], "nobody": []}
    enter(client, csrf, login="first")
    for _ in range(12):
        for login, taken in times.items():
            form = {**csrf(client, "/login"), "login": login, "password": "wrong"}
            put_back(store, SignInFailure, "wait_until", timedelta(hours=1))
            begun = time.perf_counter()
            client.post("/login", data=form)
            taken.append(time.perf_counter() - begun)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert min(known, unknown) > 0.01
    assert abs(known - unknown) < 0.5 * max(known, unknown)


@sqlite_only
@pytest.mark.parametrize("typed", [{"login": ""}, {"password": ""}, {"login": "x" * 201}])
def test_an_unfinished_form_names_its_field(
    client: FlaskClient, csrf: Any, typed: dict[str, str]
) -> None:
    answer = enter(client, csrf, **typed)
    assert answer.status_code == 422
    assert f'href="#{next(iter(typed))}"' in answer.text


def test_the_cookie_changes_at_sign_in_and_the_one_before_is_worthless(
    client: FlaskClient, app: Flask, csrf: Any, store: Store
) -> None:
    registered(store)
    client.set_cookie("sid", "planted by somebody")
    enter(client, csrf)
    first = sid(client)
    assert first not in (None, "planted by somebody")
    client.get("/")
    enter(client, csrf)
    second = sid(client)
    assert second not in (None, first)
    other = app.test_client()
    other.set_cookie("sid", str(first))
    assert other.get("/password").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: FlaskClient, csrf: Any, store: Store
) -> None:
    registered(store)
    (cookie,) = [c for c in enter(client, csrf).headers.getlist("Set-Cookie") if c[:4] == "sid="]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


@sqlite_only
def test_over_tls_the_cookie_is_secure_and_host_bound(
    serve: Serve, csrf: Any, store: Store
) -> None:
    registered(store)
    client = serve(base_url="https://localhost").test_client()
    page = client.get("/login", base_url="https://localhost").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"csrf_token": token, "login": "lixiao", "password": PASSWORD}
    answer = client.post("/login", data=form, base_url="https://localhost")
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-sid=")]
    assert "Secure" in cookie
    assert client.get("/password", base_url="https://localhost").status_code == 200


@pytest.mark.parametrize(("role", "minutes"), [(Role.FOUNDER, 30), (Role.OFFICER, 15)])
def test_silence_ends_a_sign_in_and_leads_back_afterwards(
    client: FlaskClient, csrf: Any, store: Store, role: Role, minutes: int
) -> None:
    registered(store, role)
    enter(client, csrf)
    put_back(store, SignInSession, "last_seen_at", timedelta(minutes=minutes - 1))
    assert client.get("/password").status_code == 200
    put_back(store, SignInSession, "last_seen_at", timedelta(minutes=minutes))
    assert client.get("/password").location == "/login?next=%2Fpassword"
    assert enter(client, csrf, next="/password").location == "/password"


def test_use_is_noted_at_most_once_a_minute(client: FlaskClient, csrf: Any, store: Store) -> None:
    def last_seen() -> Any:
        with store.read(SYSTEM) as reader:
            return reader.session.scalars(select(SignInSession.last_seen_at)).one()

    registered(store)
    enter(client, csrf)
    first = last_seen()
    client.get("/help")
    assert last_seen() == first
    put_back(store, SignInSession, "last_seen_at", timedelta(seconds=61))
    client.get("/help")
    assert last_seen() >= first


def test_ten_hours_end_a_sign_in_however_busy(client: FlaskClient, csrf: Any, store: Store) -> None:
    registered(store)
    enter(client, csrf)
    put_back(store, SignInSession, "created_at", timedelta(hours=10))
    assert client.get("/password").status_code == 303


def test_guessing_is_slowed_even_for_the_right_password_and_never_ends_for_good(
    client: FlaskClient, csrf: Any, store: Store
) -> None:
    registered(store)
    for _ in range(5):
        assert enter(client, csrf, password="wrong").status_code == 422
    answer = enter(client, csrf)
    assert answer.status_code == 429
    assert "请过 1 秒再试" in answer.text
    assert answer.headers["Retry-After"] == "1"
    put_back(store, SignInFailure, "wait_until", timedelta(minutes=15))
    assert enter(client, csrf).status_code == 303


def test_signing_out_ends_it_here_and_leaves_nothing(
    client: FlaskClient, csrf: Any, store: Store
) -> None:
    registered(store)
    enter(client, csrf)
    secret = str(sid(client))
    answer = client.post("/logout", data=csrf(client, "/help"))
    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert sid(client) is None
    client.set_cookie("sid", secret)
    assert client.get("/password").status_code == 303
    assert client.post("/logout", data=csrf(client, "/help")).status_code == 303


@sqlite_only
def test_a_token_against_forgery_of_before_is_worthless_after_sign_in(
    client: FlaskClient, csrf: Any, store: Store
) -> None:
    registered(store)
    before = csrf(client, "/login")
    enter(client, csrf)
    assert client.post("/logout", data=before).status_code == 400


PLACES_OF_OTHERS = [
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\x00//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "/.evil.example",
    "//localhost@evil.example",
    "/login",
    "/login?next=/help",
    "/logout",
    "/no/such/page",
    "／／evil.example",
    "/help\r\nSet-Cookie: a=b",
]


@sqlite_only
@pytest.mark.parametrize("place", PLACES_OF_OTHERS)
def test_signing_in_never_leads_off_the_site_or_nowhere(
    client: FlaskClient, csrf: Any, store: Store, place: str
) -> None:
    registered(store)
    assert enter(client, csrf, next=place).location == "/"
    assert client.get(f"/login?next={quote(place)}").location == "/me"


@sqlite_only
@pytest.mark.parametrize("place", ["/help", "/help?x=1&y=/help", "/password", "/help#fee"])
def test_signing_in_leads_back_to_a_page_of_this_site(
    client: FlaskClient, csrf: Any, store: Store, place: str
) -> None:
    registered(store)
    assert enter(client, csrf, next=place).location == place


@sqlite_only
def test_everybody_begins_in_his_own_portal(app: Flask, store: Store, sign_in: Any) -> None:
    homes = {
        "/me": a_founder(store),
        "/mentor": a_mentor(store, an_expert(store)),
        "/bureau": staff(store, Role.AUDIT_ADMIN),
    }
    for home, who in homes.items():
        assert sign_in(app.test_client(), who).get("/").location == home


@sqlite_only
def test_the_demo_lists_its_sign_ins_and_opens_them(serve: Serve, csrf: Any, store: Store) -> None:
    demo = {"login": "heyuhe", "name": "何雨禾", "password": "demo-2026-jieban", "is_demo": True}
    registered(store, **demo)
    client = serve(environment=Environment.DEMO).test_client()
    page = client.get("/login").text
    assert "何雨禾" in page
    assert "创业者" in page
    assert "林知远" not in page
    answer = enter(client, csrf, login="heyuhe", password="demo-2026-jieban")
    assert answer.location == "/"


@sqlite_only
@pytest.mark.parametrize("environment", [Environment.TEST, Environment.PRODUCTION])
def test_elsewhere_no_sign_in_is_shown(
    serve: Serve, store: Store, environment: Environment
) -> None:
    registered(store, login="heyuhe", name="何雨禾")
    page = serve(environment=environment).test_client().get("/login").text
    assert "何雨禾" not in page
    assert "demo-2026" not in page
