"""发件箱: every letter the service wrote, and what became of it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.job import DeliveryState
from app.http.edge import the_settings
from app.http.policy import policy
from app.http.run import reading
from app.queries.outbox import outbox as letters
from app.web.bureau.address import key_asked, one_of

_STATES = {"": None} | {state.value: state for state in DeliveryState}


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/outbox")(outbox)


@policy(Permission.READ_OUTBOX, logged=True)
def outbox() -> ResponseReturnValue:
    """Show the letters, the newest first."""
    given = request.args.get("state", "")
    state, after = one_of(_STATES, given), key_asked(request.args.get("after"))
    settings = the_settings()
    with reading() as reader:
        page = letters(reader, settings.base_url, settings.site_name, state=state, after=after)
    return render_template("bureau/outbox.html", page=page, given=given, states=list(DeliveryState))
