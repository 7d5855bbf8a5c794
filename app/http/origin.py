"""Changes come from this site's own pages, or are refused (Fetch Metadata, Origin)."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from app.domain.errors import ForbiddenError
from app.http.edge import is_api, the_settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_ATTRIBUTE = "jieban_from_unseen_pages"

View = TypeVar("View", bound=Callable[..., Any])
OWN_SITES = frozenset({"same-origin", "none"})


class ForeignOriginError(ForbiddenError):
    """Another site's page sent this request."""

    default_code = "request.foreign_origin"


def from_unseen_pages(view: View) -> View:
    """Let the view take what pages send that hide their address; its form token still counts."""
    setattr(view, _ATTRIBUTE, True)
    return view


def install(app: Flask) -> None:
    """Refuse requests that change something and were sent by another site's page."""
    app.before_request(_refuse_foreign)


def _refuse_foreign() -> None:
    # The API takes no cookie, so another site's page cannot act for anybody there.
    if request.method in SAFE_METHODS or is_api():
        return
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site not in OWN_SITES:
        raise ForeignOriginError
    origin = request.headers.get("Origin")
    # A page that does not say where it is (Referrer-Policy) sends "null" for its origin; most
    # browsers say beside it that it is ours.
    if origin == "null" and (site == "same-origin" or _takes_null()):
        return
    own = {request.host, urlsplit(the_settings().base_url).netloc}
    if origin is not None and urlsplit(origin).netloc not in own:
        raise ForeignOriginError


def _takes_null() -> bool:
    return hasattr(current_app.view_functions.get(request.endpoint or ""), _ATTRIBUTE)
