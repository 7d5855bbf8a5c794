"""计划目标 for everybody: what the district wants to reach, and how far it has come."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.plan import yuan
from app.http.policy import public
from app.http.run import reading
from app.queries.plan.published import published_plan


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/plan")(plan)


@public
def plan() -> ResponseReturnValue:
    """Show each target with what has been reached; small numbers are kept back."""
    with reading() as reader:
        page = published_plan(reader)
    return render_template("public/plan.html", page=page, yuan=yuan)
