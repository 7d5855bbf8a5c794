"""公开数字: what the district's mentors have done, month by month, for everybody."""

from flask import Blueprint, Response, make_response, render_template

from app.domain.actor import ANONYMOUS
from app.domain.small_cells import is_small
from app.http.edge import the_store
from app.http.policy import public
from app.queries.public_figures import public_figures
from app.web.shared.layout import reader_locale


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/figures")(figures)


@public
def figures() -> Response:
    """Show the figures of closed months; numbers that point at a few people are not shown."""
    with the_store().read(ANONYMOUS) as reader:
        page = public_figures(reader, reader_locale())
    return make_response(render_template("public/figures.html", page=page, is_small=is_small))
