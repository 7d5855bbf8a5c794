"""Who is signed in: one statement from the cookie or the bearer token to an Actor."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from flask import Flask, Request, g, request
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from app.domain.account import SEEN_EVERY
from app.domain.actor import ANONYMOUS, SYSTEM, Actor
from app.http.by_link import is_by_link, link_holder
from app.http.edge import is_api, request_id, the_settings, the_store
from app.queries import accounts as lookups
from app.services import accounts

Resolver = Callable[[Request], Actor | None]


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """What flask-login holds for the length of a request."""

    actor: Actor
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return the account's id."""
        return str(self.actor.account_id)


def install(app: Flask, bearer: Resolver) -> None:
    """Let every request know its actor: pages by cookie, the API by `bearer` alone."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    # The remember cookie cannot be revoked; a name nobody sends keeps it switched off.
    app.config["REMEMBER_COOKIE_NAME"] = "no-remember-cookie"

    def load(asked: Request) -> SignedInUser | None:
        actor = bearer(asked) if is_api() else _by_cookie(asked)
        g.is_private = actor is not None
        return SignedInUser(actor) if actor else None

    manager.request_loader(load)


def current_actor() -> Actor:
    """Return who asks; ANONYMOUS when nobody is signed in.

    On the page of a letter's link that is the reader of the letter, whoever is signed in.
    """
    if is_by_link():
        return link_holder() or replace(ANONYMOUS, request_id=request_id())
    if current_user.is_authenticated:
        return cast(SignedInUser, current_user).actor
    return replace(ANONYMOUS, request_id=request_id())


def signed_in_here() -> Actor | None:
    """Return who is signed in in the browser, without noting that the sign-in is in use."""
    secret = sign_in_secret()
    if not secret:
        return None
    with the_store().read(SYSTEM) as reader:
        found = lookups.signed_in(reader, accounts.secret_sha256(secret), request_id())
    return found.actor if found else None


def cookie_name() -> str:
    """Return the name of the sign-in cookie; over TLS its prefix binds it to this host and path."""
    return "__Host-sid" if the_settings().has_https else "sid"


def sign_in_secret() -> str | None:
    """Return the secret the browser sent, None when it sent none."""
    return request.cookies.get(cookie_name())


def keep_sign_in(response: Response, secret: str) -> None:
    """Give the browser the secret of its sign-in, until it closes."""
    response.set_cookie(
        cookie_name(),
        secret,
        secure=the_settings().has_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_sign_in(response: Response) -> None:
    """Take the secret from the browser."""
    response.delete_cookie(
        cookie_name(), secure=the_settings().has_https, httponly=True, samesite="Lax", path="/"
    )


def _by_cookie(asked: Request) -> Actor | None:
    secret = asked.cookies.get(cookie_name())
    if not secret:
        return None
    with the_store().read(SYSTEM) as reader:
        found = lookups.signed_in(reader, accounts.secret_sha256(secret), request_id())
    if found is None:
        return None
    if found.looked_at - found.last_seen_at >= SEEN_EVERY:
        the_store().execute(SYSTEM, accounts.see, found.id)
    g.must_change_password = found.must_change_password
    g.unread = found.unread
    return found.actor
