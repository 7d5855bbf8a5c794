"""没谈成: the mentor reports that a meeting did not come about."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.service_session import NoShow
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import mentor_home as pages
from app.services import service_sessions
from app.web.mentor.words import ABSENCES, named
from app.web.shared.forms import Form

LONGEST_NOTE = 500
# Who did not come himself does not report it here: the other side or the desk does.
REPORTED = (NoShow.FOUNDER, NoShow.TECHNICAL, NoShow.BOTH)


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/mentor/sessions/<uuid:session_id>/no-show")(ask_absence)
    blueprint.post("/mentor/sessions/<uuid:session_id>/no-show")(report_absence)


@policy(Permission.REPORT_NO_SHOW)
def ask_absence(session_id: UUID) -> ResponseReturnValue:
    """Ask why the meeting did not come about."""
    return _page(session_id, Form())


@policy(Permission.REPORT_NO_SHOW)
def report_absence(session_id: UUID) -> ResponseReturnValue:
    """Report it; the other side can contest the report in three working days."""
    form = Form(request.form)
    try:
        with form:
            who = form.choice("who", REPORTED)
            note = form.text("note", longest=LONGEST_NOTE, required=False)
        run(service_sessions.report_no_show, session_id, NoShow(who), note=note or None)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, form), 422
    return redirect(url_for("mentor.report", session_id=session_id), code=303)


def _page(session_id: UUID, form: Form) -> str:
    with reading() as reader:
        page = pages.report_page(reader, session_id)
    return render_template(
        "mentor/absence.html", page=page, form=form, reported=named(ABSENCES, REPORTED)
    )
