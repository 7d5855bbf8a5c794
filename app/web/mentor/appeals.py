"""申诉: a mentor says why a service of his should count; the bureau answers in words."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.appeal import LONGEST_TEXT
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import mentor_home as pages
from app.services import appeals
from app.web.shared.counting_words import BARS, COLUMNS, TO_MENTORS
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

PATH = "/mentor/sessions/<uuid:session_id>/appeal"


def register(blueprint: Blueprint) -> None:
    """Add the page and the act."""
    blueprint.get(PATH)(appeal)
    blueprint.post(PATH)(open_appeal)


@policy(Permission.APPEAL)
def appeal(session_id: UUID) -> ResponseReturnValue:
    """Show why a service does not count, what was said against it and the answers."""
    return _page(session_id, Form())


@policy(Permission.APPEAL)
def open_appeal(session_id: UUID) -> ResponseReturnValue:
    """Appeal against the decision that stands."""
    form = Form(request.form)
    try:
        with form:
            statement = form.text("statement", longest=LONGEST_TEXT)
        run(appeals.open_appeal, session_id, statement)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(session_id, form, why), status_of(error)
    flash(_("申诉已收到。没有经手这次服务的工作人员会答复您。"), "ok")
    return redirect(url_for("mentor.appeal", session_id=session_id), code=303)


def _page(session_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        page = pages.appeal_page(reader, session_id)
    return render_template(
        "mentor/appeal.html",
        page=page,
        form=form,
        refusal=refusal,
        why_mentor=TO_MENTORS.__getitem__,
        why_column=COLUMNS.__getitem__,
        why_barred=BARS.__getitem__,
    )
