"""Changes come from this site's own pages, or are refused (Fetch Metadata, Origin)."""

from urllib.parse import urlsplit

from flask import Flask, request

from app.domain.errors import ForbiddenError
from app.http.edge import is_api, the_settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})


class ForeignOriginError(ForbiddenError):
    """Another site's page sent this request."""

    default_code = "request.foreign_origin"


def install(app: Flask) -> None:
    """Refuse requests that change something and were sent by another site's page."""
    app.before_request(_refuse_foreign)


def _refuse_foreign() -> None:
    # The API takes no cookie, so another site's page cannot act for anybody there.
    if request.method in SAFE_METHODS or is_api():
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITES:
        raise ForeignOriginError
    origin = request.headers.get("Origin")
    own = {request.host, urlsplit(the_settings().base_url).netloc}
    if origin is not None and urlsplit(origin).netloc not in own:
        raise ForeignOriginError
