"""积分: one expert's ledger of points, with what was taken back, and the rules behind it."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.point import PointPart
from app.http.policy import policy
from app.http.run import reading
from app.queries.points import point_ledger
from app.web.bureau.address import asked_year, one_of

PARTS = {"": None} | {each.value: each for each in PointPart}


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/duty/<uuid:expert_id>/points")(point_list)


@policy(Permission.READ_DUTY)
def point_list(expert_id: UUID) -> ResponseReturnValue:
    """Show the entries of a year; they sum to the balance, those of one part to it."""
    with reading() as reader:
        page = point_ledger(reader, expert_id, asked_year(reader.now))
    part = one_of(PARTS, request.args.get("part", ""))
    return render_template("bureau/duty/points.html", page=page, part=part)
