"""为什么没有推荐这位导师: the answer for a mentor picked from the directory."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.need import NeedClosedError
from app.http.matchers import fitted_pool
from app.http.policy import policy
from app.http.run import reading
from app.services import proposals


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/needs/<uuid:need_id>/mentors/<uuid:mentor_id>")(why)


@policy(Permission.READ_PROPOSALS)
def why(need_id: UUID, mentor_id: UUID) -> ResponseReturnValue:
    """Say in plain words why a mentor is proposed or not, and what would alter it."""
    pool = fitted_pool()
    try:
        with reading() as reader:
            page = proposals.explain(reader, need_id, mentor_id, pool)
    except NeedClosedError:
        return redirect(url_for("founder.mentors_for", need_id=need_id), code=303)
    return render_template("founder/why.html", page=page)
