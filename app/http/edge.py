"""Which edge a request reaches, its number, and the store behind it."""

import secrets
from typing import cast

from flask import Flask, Response, current_app, g, has_request_context, request

from app.settings import Settings
from app.unit_of_work import Store

STORE = "jieban_store"
SETTINGS = "jieban_settings"
API_PREFIX = "/api/"
# Read over the telephone: no letters that are taken for each other.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REQUEST_ID_LENGTH = 10


def install(app: Flask, settings: Settings, store: Store) -> None:
    """Give the application its store and settings, and every request a number."""
    app.extensions[STORE] = store
    app.extensions[SETTINGS] = settings
    app.before_request(_number)
    app.after_request(_tell_number)


def the_store() -> Store:
    """Return the store of the application at work."""
    return cast(Store, current_app.extensions[STORE])


def the_settings() -> Settings:
    """Return the settings of the application at work."""
    return cast(Settings, current_app.extensions[SETTINGS])


def is_api() -> bool:
    """Tell whether a machine asks, which is answered in JSON."""
    return request.path.startswith(API_PREFIX)


def is_fragment() -> bool:
    """Tell whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def request_id() -> str | None:
    """Return the number of the request, None outside of one."""
    return cast(str, g.request_id) if has_request_context() and "request_id" in g else None


def _number() -> None:
    g.request_id = "".join(secrets.choice(_ALPHABET) for _ in range(REQUEST_ID_LENGTH))


def _tell_number(response: Response) -> Response:
    number = request_id()
    if number:
        response.headers["X-Request-Id"] = number
    return response
