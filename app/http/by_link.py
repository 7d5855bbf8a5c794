"""Pages that a link in a letter opens: apart from whoever is signed in, and silent about it."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import current_app, g, request

from app.domain.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "jieban_by_link"


def by_link(view: View) -> View:
    """Let the view stand apart: nobody is signed in there, and nothing says where it is.

    Whoever acts in it is named by `act_as`. The sign-in of the browser is never looked at.
    """
    setattr(view, _ATTRIBUTE, True)
    return view


def is_by_link() -> bool:
    """Tell whether the present request is for such a view."""
    return hasattr(current_app.view_functions.get(request.endpoint or ""), _ATTRIBUTE)


def act_as(actor: Actor) -> None:
    """Go on as the reader of the letter, for this request alone."""
    if not is_by_link():
        raise RuntimeError("only a page of a letter's link is opened for somebody")
    g.link_holder = actor


def link_holder() -> Actor | None:
    """Return as whom the present request goes on, None before that is known."""
    return cast(Actor | None, g.get("link_holder"))
