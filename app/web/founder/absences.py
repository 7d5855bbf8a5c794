"""没有谈成: the founder reports that a meeting did not come about."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.service_session import NoShow, Party, reportable
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import booking_pages
from app.services import service_sessions
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.forms import Form

LONGEST_NOTE = 500
REPORTED = reportable(Party.FOUNDER)


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/sessions/<uuid:session_id>/no-show")(ask_absence)
    blueprint.post("/sessions/<uuid:session_id>/no-show")(report_absence)


@policy(Permission.CONFIRM_OUTCOME)
def ask_absence(session_id: UUID) -> ResponseReturnValue:
    """Ask why the meeting did not come about."""
    return _page(session_id, Form())


@policy(Permission.CONFIRM_OUTCOME)
def report_absence(session_id: UUID) -> ResponseReturnValue:
    """Report it; the mentor can contest the report in three working days."""
    form = Form(request.form)
    try:
        with form:
            who = form.choice("who", REPORTED)
            note = form.text("note", longest=LONGEST_NOTE, required=False)
        run(service_sessions.report_no_show, session_id, NoShow(who), note=note or None)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _page(session_id, form, refusal), refusal.status
    return redirect(url_for("founder.meeting", session_id=session_id), code=303)


def _page(session_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    with reading() as reader:
        page = booking_pages.meeting_page(reader, session_id)
    return render_template("founder/absence.html", page=page, form=form, refusal=refusal)
