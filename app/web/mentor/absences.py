"""没谈成: the mentor reports that a meeting did not come about, or contests such a report."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.service_session import NoShow, Party, reportable
from app.http.policy import policy
from app.http.run import run
from app.services import service_sessions
from app.web.mentor.reports import look, reported
from app.web.mentor.words import ABSENCES
from app.web.shared.forms import Form
from app.web.shared.words import named

LONGEST_NOTE = 500
LONGEST_STATEMENT = 1000
REPORTED = reportable(Party.EXPERT)


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get("/mentor/sessions/<uuid:session_id>/no-show")(ask_absence)
    blueprint.post("/mentor/sessions/<uuid:session_id>/no-show")(report_absence)
    blueprint.post("/mentor/sessions/<uuid:session_id>/contest")(contest_absence)


@policy(Permission.RECORD_OUTCOME)
def ask_absence(session_id: UUID) -> ResponseReturnValue:
    """Ask why the meeting did not come about."""
    return _page(session_id, Form())


@policy(Permission.RECORD_OUTCOME)
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


@policy(Permission.RECORD_OUTCOME)
def contest_absence(session_id: UUID) -> ResponseReturnValue:
    """Contest the report that the mentor did not come, or that nobody could."""
    form = Form(request.form)
    try:
        with form:
            statement = form.text("statement", longest=LONGEST_STATEMENT)
        run(service_sessions.contest, session_id, statement)
    except InvalidInputError as error:
        form.refuse(error)
        return reported(look(session_id), form), 422
    return redirect(url_for("mentor.report", session_id=session_id), code=303)


def _page(session_id: UUID, form: Form) -> str:
    return render_template(
        "mentor/absence.html",
        page=look(session_id),
        form=form,
        reported=named(ABSENCES, REPORTED),
    )
