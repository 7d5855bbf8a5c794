"""The first page: what this is, how to begin, whom to call."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from app.http.actor import current_actor
from app.http.policy import public
from app.web.shared.portal import home_of, portal_of


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/")(front_door)


@public
def front_door() -> ResponseReturnValue:
    """Show visitors what the service is; send who is signed in to his own first page."""
    actor = current_actor()
    if portal_of(actor) is not None:
        return redirect(home_of(actor), code=303)
    return render_template("public/front_door.html")
