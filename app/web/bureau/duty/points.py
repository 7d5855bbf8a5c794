"""积分: one expert's ledger of points, with what was taken back, and the rules behind it."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.http.policy import policy
from app.http.run import reading
from app.queries.points import point_ledger
from app.web.bureau.address import asked_year


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/duty/<uuid:expert_id>/points")(point_list)


@policy(Permission.READ_DUTY)
def point_list(expert_id: UUID) -> ResponseReturnValue:
    """Show the entries of a year; they sum to the balance."""
    with reading() as reader:
        page = point_ledger(reader, expert_id, asked_year(reader.now))
    return render_template("bureau/duty/points.html", page=page)
