"""听取说明: what the mentor says to a proposal to dismiss him, before anybody decides."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.dismissal import LONGEST_WORDS
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError
from app.http.actor import current_actor
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.models.dismissal import Dismissal
from app.queries import renewals as queries
from app.services import dismissals
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

PAGE = "/mentor/hearing"


def register(blueprint: Blueprint) -> None:
    """Add the page and the act."""
    blueprint.get(PAGE)(hearing)
    blueprint.post(PAGE)(answer_hearing)


@policy(Permission.READ_OWN_DUTY)
def hearing() -> ResponseReturnValue:
    """Show what is proposed, on which figures, and ask for his words."""
    return _page(Form())


@policy(Permission.READ_OWN_DUTY)
def answer_hearing() -> ResponseReturnValue:
    """Keep his words, once."""
    form = Form(request.form)
    try:
        with form:
            words = form.text("words", longest=LONGEST_WORDS)
        run(dismissals.hear, _own().id, words)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    except ConflictError as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(form, why), status_of(error)
    flash(_("已收到您的说明，复核人决定以前会看。"), "ok")
    return redirect(url_for("mentor.hearing"), code=303)


def _own() -> Dismissal:
    expert_id = current_actor().expert_id
    with reading() as reader:
        row = queries.open_dismissal(reader, expert_id) if expert_id else None
    if row is None:
        raise NotFoundError("dismissal.not_found")
    return row


def _page(form: Form, refusal: str | None = None) -> str:
    return render_template("mentor/hearing.html", row=_own(), form=form, refusal=refusal)
