"""Security headers of every answer."""

from typing import cast

from flask import Flask, Response, g, request

from app.http.by_link import is_by_link
from app.http.edge import is_api, the_settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# What a page says whose address is a secret: to no other page, and to no search engine.
UNSEEN = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}
STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"


def install(app: Flask) -> None:
    """Put the headers on every answer of the application, errors included."""
    app.after_request(_secure)


def _secure(response: Response) -> Response:
    response.headers.update(HEADERS)
    if the_settings().has_https:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT_SECURITY
    if is_by_link():
        response.headers.update(UNSEEN)
    if request.endpoint == "static" and response.status_code < 400:
        return response
    response.headers["Cache-Control"] = "no-store" if _is_private() else "private, no-cache"
    if not is_api():
        response.vary.add("HX-Request")
    return response


def _is_private() -> bool:
    return is_api() or is_by_link() or cast(bool, g.get("is_private", False))
