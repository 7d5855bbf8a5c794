"""Signing in over HTTP: the try is entered, judged outside of any transaction, then opened."""

import logging
from dataclasses import dataclass

from app.domain.account import LONGEST_PASSWORD, SignInError
from app.domain.actor import SYSTEM
from app.http.actor import sign_in_secret
from app.http.edge import request_id, the_store
from app.services import accounts

log = logging.getLogger("jieban.security")


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign-in just opened: its secret, and whether the password is somebody else's choice."""

    secret: str
    must_change_password: bool


def sign_in(login: str, password: str) -> Entry:
    """Open a sign-in; one the browser had before ends.

    An unknown login costs the same time and gets the same answer as a wrong password.

    Raises:
        SignInError: when login and password do not go together.
        TooManyTriesError: when the next try must wait.
    """
    store = the_store()
    tried = store.execute(SYSTEM, accounts.begin_try, login)
    is_right = accounts.has_password(tried.password_hash, password[: LONGEST_PASSWORD + 1])
    if not is_right or tried.password_hash is None:
        log.warning("request %s: sign-in refused", request_id())
        raise SignInError
    stale = accounts.needs_rehash(tried.password_hash)
    rehashed = accounts.password_hash(password) if stale else None
    sign_out()
    secret = store.execute(SYSTEM, accounts.sign_in, tried, rehashed)
    return Entry(secret, tried.must_change_password)


def sign_out() -> None:
    """End the sign-in of the browser that asks, if it has one."""
    secret = sign_in_secret()
    if secret:
        the_store().execute(SYSTEM, accounts.sign_out, secret)
