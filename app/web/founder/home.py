"""我的创业服务: the next meeting, what is to be done, what has happened."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.http.policy import policy
from app.http.run import reading
from app.queries.founder_home import founder_home


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/me")(home)


@policy(Permission.READ_BOOKING)
def home() -> ResponseReturnValue:
    """Show the founder's first page."""
    with reading() as reader:
        page = founder_home(reader)
    return render_template("founder/home.html", page=page)
