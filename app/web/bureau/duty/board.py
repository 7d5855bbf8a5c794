"""履职: the duty board of the pool, one expert's meters, and the rows behind each number."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.duty import Colour
from app.domain.expert import ExpertCategory
from app.domain.service_record.slices import LONGEST_NAME, UnknownFilterError
from app.http.policy import policy
from app.http.run import reading
from app.queries import duty as queries
from app.queries import vocabularies
from app.queries.appraisals import appraisal_sheet
from app.queries.duty import BoardFilter, BoardOrder, Part
from app.queries.honours import valid_honours
from app.web.bureau.address import asked_year, one_of
from app.web.shared.layout import reader_locale

FILTERS = ("year", "category", "department", "colour", "unused", "order", "view")
VIEWS = {"meters": False, "months": True}
_CATEGORIES = {"": None} | {each.value: each for each in ExpertCategory}
_COLOURS = {"": None} | {each.value: each for each in Colour}
_UNUSED = {"": False, "yes": True}
_ORDERS = {each.value: each for each in BoardOrder}
_PARTS = {each.value: each for each in Part}
LAST_PAGE = 10_000


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/bureau/duty")(duty_board)
    blueprint.get("/bureau/duty/<uuid:expert_id>")(duty_sheet)
    blueprint.get("/bureau/duty/<uuid:expert_id>/<part>")(duty_rows)


@policy(Permission.READ_DUTY)
def duty_board() -> ResponseReturnValue:
    """Show everybody appointed in the year, by default who needs attention first."""
    asked = {name: value for name in FILTERS if (value := request.args.get(name))}
    wanted = BoardFilter(
        category=one_of(_CATEGORIES, asked.get("category", "")),
        department=_short(asked.get("department")),
        colour=one_of(_COLOURS, asked.get("colour", "")),
        is_unused=one_of(_UNUSED, asked.get("unused", "")),
    )
    order = one_of(_ORDERS, asked.get("order", BoardOrder.COLOUR.value))
    by_month = one_of(VIEWS, asked.get("view", "meters"))
    with reading() as reader:
        page = queries.duty_board(reader, asked_year(reader.now), wanted, order, _page())
        names = vocabularies.labels(reader, "department", locale=reader_locale())
    return render_template(
        "bureau/duty/board.html",
        page=page,
        names=names,
        asked=asked,
        order=order,
        by_month=by_month,
    )


@policy(Permission.READ_DUTY)
def duty_sheet(expert_id: UUID) -> ResponseReturnValue:
    """Show one expert's meters, his months and what the forecast rests on."""
    with reading() as reader:
        page = queries.duty_sheet(reader, expert_id, asked_year(reader.now))
        held = valid_honours(reader, expert_id)
        given, marks = appraisal_sheet(reader, expert_id)
    return render_template(
        "bureau/duty/sheet.html", page=page, honours=held, given=given, marks=marks
    )


@policy(Permission.READ_DUTY)
def duty_rows(expert_id: UUID, part: str) -> ResponseReturnValue:
    """Show the rows that sum to one number of an expert's duties."""
    with reading() as reader:
        page = queries.duty_rows(reader, expert_id, one_of(_PARTS, part), asked_year(reader.now))
    return render_template("bureau/duty/rows.html", page=page)


def _page() -> int:
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= LAST_PAGE:
        raise UnknownFilterError(value=text[:LONGEST_NAME])
    return int(text)


def _short(text: str | None) -> str | None:
    if text is not None and len(text) > LONGEST_NAME:
        raise UnknownFilterError(value=text[:LONGEST_NAME])
    return text
