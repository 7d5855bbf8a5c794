"""Letter size, colours and language, kept in cookies."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from app.http.edge import the_settings
from app.http.policy import own, public
from app.web.shared.display import YEAR_SECONDS, chosen_settings, safe_return


def register(blueprint: Blueprint) -> None:
    """Add the form's address."""
    blueprint.post("/display")(keep)


@own
@public
def keep() -> ResponseReturnValue:
    """Keep the settings that were chosen and go back to the page."""
    response = redirect(safe_return(request.form.get("next", "")), code=303)
    for name, value in chosen_settings(request.form).items():
        response.set_cookie(
            name,
            value,
            max_age=YEAR_SECONDS,
            secure=the_settings().has_https,
            samesite="Lax",
            path="/",
        )
    return response
