"""导师库: the appointed pool for everybody signed in, and one mentor's page."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.expert import ExpertCategory
from app.domain.ids import parse_id
from app.http.policy import policy
from app.http.run import reading
from app.queries.directory_pages import directory_page, mentor_page
from app.queries.honours import valid_honours
from app.web.shared.forms import Form


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/mentors")(directory)
    blueprint.get("/mentors/<uuid:mentor_id>")(profile)


@policy(Permission.READ_EXPERTS)
def directory() -> ResponseReturnValue:
    """Show a page of the pool, searched and by category."""
    form = Form(request.args)
    text, after = form.raw("q").strip(), parse_id(form.raw("after"))
    category = _category(form.raw("category"))
    status = 200
    with reading() as reader:
        try:
            page = directory_page(reader, text, category, after=after)
        except InvalidInputError as error:
            form.refuse(error)
            status = 422
            page = directory_page(reader, "", category)
    shown = render_template(
        "directory/mentors.html",
        page=page,
        form=form,
        text=text,
        category=category,
        categories=list(ExpertCategory),
    )
    return shown, status


@policy(Permission.READ_EXPERTS)
def profile(mentor_id: UUID) -> ResponseReturnValue:
    """Show one mentor, with the times at which he can be met first."""
    with reading() as reader:
        page = mentor_page(reader, mentor_id)
        held = valid_honours(reader, mentor_id)
    return render_template("directory/mentor.html", page=page, honours=held)


def _category(text: str) -> ExpertCategory | None:
    return ExpertCategory(text) if text in list(ExpertCategory) else None
