"""书面答复: a founder asks an official in writing, reads the answer, says whether it helped."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.domain.ids import parse_id
from app.domain.written_answer import LONGEST_QUESTION
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import booking_pages
from app.queries.written_answers import official_named, written_answer
from app.services import written_answers
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.forms import Form

ANSWER = "/written-answers/<uuid:answer_id>"
ASK = "/needs/<uuid:need_id>/ask-in-writing"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(ASK)(ask_in_writing)
    blueprint.post(ASK)(send_question)
    blueprint.get(ANSWER)(written)
    blueprint.post(f"{ANSWER}/take")(take_in_writing)
    blueprint.post(f"{ANSWER}/withdraw")(withdraw_question)
    blueprint.post(f"{ANSWER}/say")(say)


@policy(Permission.ASK_IN_WRITING)
def ask_in_writing(need_id: UUID) -> ResponseReturnValue:
    """Ask for the question; it begins with the words of the need."""
    with reading() as reader:
        need = booking_pages.need_of(reader, need_id)
    return _ask(need_id, Form({"question": need.text[:LONGEST_QUESTION]}))


@policy(Permission.ASK_IN_WRITING)
def send_question(need_id: UUID) -> ResponseReturnValue:
    """Send the question to the official."""
    form = Form(request.form)
    try:
        with form:
            question = form.text("question", longest=LONGEST_QUESTION)
        row = run(written_answers.ask, need_id, _expert(), question)
    except InvalidInputError as error:
        form.refuse(error)
        return _ask(need_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _ask(need_id, form, refusal), refusal.status
    return redirect(url_for("founder.written", answer_id=row.id), code=303)


@policy(Permission.READ_BOOKING)
def written(answer_id: UUID) -> ResponseReturnValue:
    """Show a question: how it stands, the answer, what can be done."""
    return _page(answer_id, Form())


@policy(Permission.ASK_IN_WRITING)
def take_in_writing(answer_id: UUID) -> ResponseReturnValue:
    """Take an answer in writing in place of the meeting."""
    return _step(answer_id, written_answers.take)


@policy(Permission.ASK_IN_WRITING)
def withdraw_question(answer_id: UUID) -> ResponseReturnValue:
    """Take the question back, or leave the offer."""
    return _step(answer_id, written_answers.withdraw)


@policy(Permission.CONFIRM_OUTCOME)
def say(answer_id: UUID) -> ResponseReturnValue:
    """Say that the answer was read, and whether it helped."""
    form = Form(request.form)
    try:
        with form:
            helped = form.choice("helped", ("yes", "no")) == "yes"
    except InvalidInputError:
        return _page(answer_id, form), 422
    return _step(answer_id, written_answers.say, helped=helped)


def _step(answer_id: UUID, use_case: Callable[..., Any], **values: Any) -> ResponseReturnValue:
    form = Form(request.form)
    try:
        with form:
            version = form.version()
        run(use_case, answer_id, version=version, **values)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(answer_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _page(answer_id, form, refusal), refusal.status
    return redirect(url_for("founder.written", answer_id=answer_id), code=303)


def _expert() -> UUID:
    expert_id = parse_id(request.values.get("mentor", ""))
    if expert_id is None:
        raise NotFoundError("expert.not_found")
    return expert_id


def _ask(need_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    expert_id = _expert()
    with reading() as reader:
        need = booking_pages.need_of(reader, need_id)
        expert = official_named(reader, expert_id)
    return render_template(
        "founder/ask_in_writing.html",
        need=need,
        expert_id=expert_id,
        expert=expert,
        form=form,
        refusal=refusal,
    )


def _page(answer_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    with reading() as reader:
        page = written_answer(reader, answer_id)
    return render_template("founder/written.html", page=page, form=form, refusal=refusal)
