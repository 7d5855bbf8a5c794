"""签名: an expert of a panel signs when he was there, under the record of its lead."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError
from app.http.policy import policy
from app.http.run import run
from app.services import service_sessions
from app.services.service_sessions import LONGEST_DISSENT, OwnTimes
from app.web.mentor import own_clock
from app.web.mentor.reports import look, reported
from app.web.shared.forms import Form


def register(blueprint: Blueprint) -> None:
    """Add the act; its form is on the page of the report."""
    blueprint.post("/mentor/sessions/<uuid:session_id>/sign")(sign)


@policy(Permission.RECORD_OUTCOME)
def sign(session_id: UUID) -> ResponseReturnValue:
    """Sign one's own times; who does not agree with the record says in what."""
    form, page = Form(request.form), look(session_id)
    try:
        with form:
            in_at, out_at = form.time_of_day("in_at", step=1), form.time_of_day("out_at", step=1)
            dissent = form.text("dissent", longest=LONGEST_DISSENT, required=False)
        meeting = (
            page.actual_start or page.meeting.starts_at,
            page.actual_end or page.meeting.ends_at,
        )
        own = OwnTimes(own_clock.within(in_at, *meeting), own_clock.within(out_at, *meeting))
        run(service_sessions.sign, session_id, own, dissent=dissent or None)
    except InvalidInputError as error:
        form.refuse(error)
        return reported(page, form), 422
    except ConflictError as error:
        return reported(look(session_id), conflict=error), 409
    flash(_("已签名。您的时间按这个计入。"), "ok")
    return redirect(url_for("mentor.report", session_id=session_id), code=303)
