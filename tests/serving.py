"""The application as tests serve it: fixtures for pages and API alike.

A conftest takes them by `from tests.serving import app, bearer, client, csrf, serve, sign_in`.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select

from app.db import MachineNow
from app.domain.actor import SYSTEM, Actor
from app.factory import create_app
from app.http import edge, matchers
from app.models.account import Account, ApiToken, SignInSession
from app.services.accounts import secret_sha256
from app.settings import Environment, Settings
from app.unit_of_work import Store, UnitOfWork
from app.web.shared import years
from tests.databases import shared_folder

SECRET = "only for tests, thirty-two characters or more"
_FIELD = re.compile(r'name="(csrf_token|idempotency_key)" value="([^"]*)"')

_USUAL: list[Flask] = []

Serve = Callable[..., Flask]


class SignIn(Protocol):
    """Signs a client in as the actor or account, past the sign-in page."""

    def __call__(self, client: FlaskClient, who: Actor | Account) -> FlaskClient: ...


def settings(**values: Any) -> Settings:
    defaults: dict[str, Any] = {
        "environment": Environment.TEST,
        "database_url": "sqlite://",
        "secret_key": SECRET,
        "site_name": "历城创业导师",
        "base_url": "http://localhost",
        "smtp_url": None,
        "clock_file": None,
        "engine": "local",
        "embedding_model": None,
        "attachments": Path(shared_folder()) / "attachments",
    }
    return Settings(**{**defaults, **values})


@pytest.fixture
def serve(store: Store) -> Serve:
    """Make an application of the test's own, with other settings or routes."""
    return lambda **values: an_app(store, **values)


@pytest.fixture
def app(store: Store) -> Flask:
    """Return the usual application on the test's database; another test goes on with it."""
    return usual_app(store)


def usual_app(store: Store) -> Flask:
    """Return the one application of this process, on the store from now on.

    Making it anew would take longer than most tests, so that it gets no route and, but by
    monkeypatch, no setting.
    """
    if not _USUAL:
        _USUAL.append(an_app(store))
    (app,) = _USUAL
    app.extensions[edge.STORE] = store
    app.extensions[years.KNOWN].clear()
    matchers.install(app, app.extensions[edge.SETTINGS])
    return app


def an_app(store: Store, **values: Any) -> Flask:
    app = create_app(settings(**values), store=store)
    folder = Path(shared_folder()) / "templates"
    folder.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(store: Store) -> SignIn:
    return lambda client, who: signed_in(store, client, who)


def signed_in(store: Store, client: FlaskClient, who: Actor | Account) -> FlaskClient:
    """Sign a client in as the actor or account, past the sign-in page."""
    secret = f"secret of {account_id(who)}"
    _keep_once(
        store,
        SignInSession(
            account_id=account_id(who),
            token_sha256=secret_sha256(secret),
            created_at=MachineNow(),
            last_seen_at=MachineNow(),
        ),
    )
    client.set_cookie("sid", secret)
    return client


@pytest.fixture
def bearer(store: Store) -> Callable[[Actor | Account], dict[str, str]]:
    """Give the headers with which the API takes a request as the actor's."""
    return lambda who: bearing(store, who)


def bearing(store: Store, who: Actor | Account) -> dict[str, str]:
    """Return the headers of a program with a token of the actor's."""
    token = f"token of {account_id(who)}"
    _keep_once(
        store,
        ApiToken(
            account_id=account_id(who),
            token_sha256=secret_sha256(token),
            created_at=MachineNow(),
        ),
    )
    return {"Authorization": f"Bearer {token}"}


def _keep_once(store: Store, row: SignInSession | ApiToken) -> None:
    """Keep the row, unless the scene that the test begins with has left it."""

    def keep(uow: UnitOfWork) -> None:
        same = select(type(row).id).where(type(row).token_sha256 == row.token_sha256)
        if uow.one(same) is None:
            uow.add(row)

    store.execute(SYSTEM, keep)


@pytest.fixture
def csrf() -> Callable[[FlaskClient, str], dict[str, str]]:
    """Get a page and return the hidden fields that a form posted from it must carry."""

    def fields(client: FlaskClient, path: str) -> dict[str, str]:
        return dict(_FIELD.findall(client.get(path).get_data(as_text=True)))

    return fields


def account_id(who: Actor | Account) -> Any:
    return who.account_id if isinstance(who, Actor) else who.id
