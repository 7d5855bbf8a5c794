"""服务记录: the mentor's own ledger, and checking in to a meeting."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.domain.ids import parse_id
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import mentor_home as pages
from app.queries.mentor_home import Which
from app.services import service_sessions
from app.web.shared.counting_words import TO_MENTORS


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/mentor/sessions")(sessions)
    blueprint.post("/mentor/sessions/<uuid:session_id>/check-in")(check_in)


@policy(Permission.RECORD_OUTCOME)
def sessions() -> ResponseReturnValue:
    """Show the meetings of a year, what counted of them, and why the rest did not."""
    with reading() as reader:
        page = pages.ledger(reader, request.args.get("year", type=int), _which())
    return render_template("mentor/sessions.html", page=page, why_mentor=TO_MENTORS.__getitem__)


def _which() -> Which | None:
    given = request.args.get("which", "")
    if not given:
        return None
    if given not in {each.value for each in Which}:
        raise NotFoundError
    return Which(given)


@policy(Permission.RECORD_OUTCOME)
def check_in(session_id: UUID) -> ResponseReturnValue:
    """Note that the mentor is there."""
    run(service_sessions.check_in, session_id)
    flash(_("已签到。谈完以后请填写记录。"), "ok")
    clinic_id = parse_id(request.args.get("clinic", ""))
    if clinic_id:
        return redirect(url_for("mentor.clinic", clinic_id=clinic_id), code=303)
    return redirect(url_for("mentor.home"), code=303)
