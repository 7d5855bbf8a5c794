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

from app.db import MachineNow
from app.domain.actor import SYSTEM, Actor
from app.factory import create_app
from app.models.account import Account, ApiToken, SignInSession
from app.services.accounts import secret_sha256
from app.settings import Environment, Settings
from app.unit_of_work import Store, UnitOfWork
from tests.databases import shared_folder

SECRET = "only for tests, thirty-two characters or more"
_FIELD = re.compile(r'name="(csrf_token|idempotency_key)" value="([^"]*)"')

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
    }
    return Settings(**{**defaults, **values})


@pytest.fixture
def serve(store: Store) -> Serve:
    """Make an application on the test's database, with other settings where named."""

    def make(**values: Any) -> Flask:
        app = create_app(settings(**values), store=store)
        folder = Path(shared_folder()) / "templates"
        folder.mkdir(exist_ok=True)
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
        return app

    return make


@pytest.fixture
def app(serve: Serve) -> Flask:
    return serve()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(store: Store) -> SignIn:
    def enter(client: FlaskClient, who: Actor | Account) -> FlaskClient:
        secret = f"secret of {account_id(who)}"

        def open_session(uow: UnitOfWork) -> None:
            uow.add(
                SignInSession(
                    account_id=account_id(who),
                    token_sha256=secret_sha256(secret),
                    created_at=MachineNow(),
                    last_seen_at=MachineNow(),
                )
            )

        store.execute(SYSTEM, open_session)
        client.set_cookie("sid", secret)
        return client

    return enter


@pytest.fixture
def bearer(store: Store) -> Callable[[Actor | Account], dict[str, str]]:
    """Give the headers with which the API takes a request as the actor's."""

    def headers(who: Actor | Account) -> dict[str, str]:
        token = f"token of {account_id(who)}"

        def issue(uow: UnitOfWork) -> None:
            uow.add(
                ApiToken(
                    account_id=account_id(who),
                    token_sha256=secret_sha256(token),
                    created_at=MachineNow(),
                )
            )

        store.execute(SYSTEM, issue)
        return {"Authorization": f"Bearer {token}"}

    return headers


@pytest.fixture
def csrf() -> Callable[[FlaskClient, str], dict[str, str]]:
    """Get a page and return the hidden fields that a form posted from it must carry."""

    def fields(client: FlaskClient, path: str) -> dict[str, str]:
        return dict(_FIELD.findall(client.get(path).get_data(as_text=True)))

    return fields


def account_id(who: Actor | Account) -> Any:
    return who.account_id if isinstance(who, Actor) else who.id
