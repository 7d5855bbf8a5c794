"""我的履职: what the mentor has done this year and this term, and what he owes."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.domain.point import PointPart
from app.http.policy import policy
from app.http.run import reading
from app.queries import duty as queries
from app.queries.appraisals import appraisal_sheet
from app.queries.duty import Part
from app.queries.honours import valid_honours
from app.queries.points import point_ledger
from app.unit_of_work import Reader

_PARTS = {each.value: each for each in Part}
_POINT_PARTS = {"": None} | {each.value: each for each in PointPart}


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/mentor/duty")(duty)
    blueprint.get("/mentor/duty/<part>")(duty_rows)
    blueprint.get("/mentor/points")(points)


@policy(Permission.READ_OWN_DUTY)
def duty() -> ResponseReturnValue:
    """Show the mentor how he stands, in plain words."""
    with reading() as reader:
        page = queries.duty_sheet(reader, _own(reader), request.args.get("year", type=int))
        held = valid_honours(reader, page.id)
        given, marks = appraisal_sheet(reader, page.id)
    return render_template("mentor/duty.html", page=page, honours=held, given=given, marks=marks)


@policy(Permission.READ_OWN_DUTY)
def duty_rows(part: str) -> ResponseReturnValue:
    """Show the rows that sum to one of his numbers."""
    if part not in _PARTS:
        raise NotFoundError
    with reading() as reader:
        page = queries.duty_rows(
            reader, _own(reader), _PARTS[part], request.args.get("year", type=int)
        )
    return render_template("mentor/duty_rows.html", page=page)


@policy(Permission.READ_OWN_DUTY)
def points() -> ResponseReturnValue:
    """Show the ledger of his points; the entries sum to the balance."""
    with reading() as reader:
        page = point_ledger(reader, _own(reader), request.args.get("year", type=int))
    part = request.args.get("part", "")
    if part not in _POINT_PARTS:
        raise NotFoundError
    return render_template("mentor/points.html", page=page, part=_POINT_PARTS[part])


def _own(reader: Reader) -> UUID:
    if reader.actor.expert_id is None:
        raise NotFoundError("expert.not_found")
    return reader.actor.expert_id
