"""Links with which nothing is done: each says why, calmly, and leads to signing in."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.errors import DomainError
from app.domain.mail_link import LinkState
from app.queries.mail_links import Link
from app.web.shared.refusals import LOGIN, sign_in_path

GONE = 410


def page(link: Link) -> ResponseReturnValue:
    """Return what was done with the link, or that it has run out or was revoked."""
    status = 200 if link.state is LinkState.DONE else GONE
    return _text(link.state.value, link), status


def settled(link: Link, how: str) -> str:
    """Return that the matter has been settled otherwise.

    Args:
        link: what was opened.
        how: where its subject stands by now.
    """
    return _text("settled", link, how=how)


def unknown() -> ResponseReturnValue:
    """Return that there is no such link."""
    return _text("unknown", None), 404


def busy(error: DomainError) -> ResponseReturnValue:
    """Return that links were opened too often from here."""
    return _text("busy", None), 429, {"Retry-After": str(error.facts["seconds"])}


def _text(kind: str, link: Link | None, **more: str) -> str:
    return render_template(
        "links/closed.html",
        kind=kind,
        link=link,
        sign_in=sign_in_path(link.page) if link else LOGIN,
        **more,
    )
