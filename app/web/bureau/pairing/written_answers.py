"""代问: the desk asks an official for an answer in writing on behalf of a founder."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.domain.ids import parse_id
from app.domain.written_answer import LONGEST_QUESTION
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.written_answers import need_words, official_named, written_about
from app.services import written_answers
from app.web.shared.forms import Form

ASK = "/bureau/needs/<uuid:need_id>/ask-in-writing"


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(ASK)(ask_in_writing)
    blueprint.post(ASK)(send_question)


@policy(Permission.ENTER_ON_PAPER)
def ask_in_writing(need_id: UUID) -> ResponseReturnValue:
    """Ask for the question; what was asked about the need before stands beside it."""
    with reading() as reader:
        words = need_words(reader, need_id)
    return _page(need_id, Form({"question": words[:LONGEST_QUESTION]}))


@policy(Permission.ENTER_ON_PAPER)
def send_question(need_id: UUID) -> ResponseReturnValue:
    """Send the question to the official."""
    form = Form(request.form)
    try:
        with form:
            question = form.text("question", longest=LONGEST_QUESTION)
        run(written_answers.ask, need_id, _expert(), question)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(need_id, form), 422
    except (ConflictError, RuleError) as error:
        return _page(need_id, form, error), status_of(error)
    flash(_("已请这位导师书面答复，两个工作日内有结果。"), "ok")
    return redirect(url_for("bureau.need", need_id=need_id), code=303)


def _expert() -> UUID:
    expert_id = parse_id(request.values.get("mentor", ""))
    if expert_id is None:
        raise NotFoundError("expert.not_found")
    return expert_id


def _page(need_id: UUID, form: Form, refusal: ConflictError | RuleError | None = None) -> str:
    expert_id = _expert()
    with reading() as reader:
        need_words(reader, need_id)
        expert = official_named(reader, expert_id)
        earlier = written_about(reader, need_id)
    return render_template(
        "bureau/pairing/ask_in_writing.html",
        need_id=need_id,
        expert_id=expert_id,
        expert=expert,
        earlier=earlier,
        form=form,
        refusal=refusal,
    )
