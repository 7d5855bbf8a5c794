"""From where a word or a record comes: marks of browser and connection, compared, never read."""

import hashlib
import hmac
import secrets
from ipaddress import ip_address

from flask import g, request
from werkzeug.wrappers import Response

from app.domain.mail_link import Hand
from app.http.actor import signed_in_here
from app.http.edge import the_settings

COOKIE = "letter_device"
_KEPT_SECONDS = 120 * 24 * 3600
_BYTES, _LENGTH = 16, 22


def present_hand() -> Hand:
    """Return from where the present press comes; a browser without a mark gets one by `mark`."""
    device = request.cookies.get(COOKIE, "")
    if len(device) != _LENGTH:
        device = secrets.token_urlsafe(_BYTES)
    g.letter_device = device
    holder = signed_in_here()
    serves = holder is not None and (holder.expert_id is not None or holder.is_staff)
    return Hand(device=_mark("device", device), address=_address(), serves=serves)


def mark(response: Response) -> Response:
    """Leave its mark in the browser, where a hand was asked for."""
    device = g.get("letter_device")
    if device:
        response.set_cookie(
            COOKIE,
            device,
            max_age=_KEPT_SECONDS,
            secure=the_settings().has_https,
            httponly=True,
            samesite="Lax",
            path="/",
        )
    return response


def _address() -> str | None:
    """Return the mark of the address; behind a proxy all come from one, which says nothing."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return None
    return _mark("address", str(address)) if address.is_global else None


def _mark(kind: str, value: str) -> str:
    key = the_settings().secret_key.encode()
    return hmac.new(key, f"letter {kind}:{value}".encode(), hashlib.sha256).hexdigest()
