"""Pages that explain: accessibility, personal data, help."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.http.policy import public


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/accessibility")(accessibility)
    blueprint.get("/privacy")(privacy)
    blueprint.get("/help")(help_page)


@public
def accessibility() -> ResponseReturnValue:
    """Say what was done for readers with a disability and whom to tell about hurdles."""
    return render_template("public/accessibility.html")


@public
def privacy() -> ResponseReturnValue:
    """Say which personal data is kept, what for, who sees it, how long."""
    return render_template("public/privacy.html")


@public
def help_page() -> ResponseReturnValue:
    """Answer what people ask most."""
    return render_template("public/help.html")
