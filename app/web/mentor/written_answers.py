"""书面答复: an official answers a simple question without a meeting."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.domain.written_answer import LONGEST_ANSWER, LONGEST_REMARK
from app.http.actor import current_actor
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.written_answers import written_answer, written_for
from app.services import written_answers
from app.web.shared.forms import Form

LIST = "/mentor/written-answers"
ANSWER = f"{LIST}/<uuid:answer_id>"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(LIST)(written_list)
    blueprint.get(ANSWER)(written)
    blueprint.post(ANSWER)(send_answer)
    blueprint.post(f"{ANSWER}/decline")(decline_question)
    blueprint.post("/mentor/requests/<uuid:booking_id>/offer-in-writing")(offer)


@policy(Permission.ANSWER_IN_WRITING)
def written_list() -> ResponseReturnValue:
    """Show what waits for an answer in writing, and what was answered."""
    actor = current_actor()
    if actor.expert_id is None:
        raise NotFoundError("expert.not_found")
    with reading() as reader:
        rows = written_for(reader, actor.expert_id)
    return render_template("mentor/written_list.html", rows=rows)


@policy(Permission.ANSWER_IN_WRITING)
def written(answer_id: UUID) -> ResponseReturnValue:
    """Show one question with the form for its answer."""
    return _page(answer_id, Form())


@policy(Permission.ANSWER_IN_WRITING)
def send_answer(answer_id: UUID) -> ResponseReturnValue:
    """Send the answer; what was written stays on the page when it is refused."""
    form = Form(request.form)
    try:
        with form:
            text = form.text("answer", longest=LONGEST_ANSWER)
            version = form.version()
        run(written_answers.answer, answer_id, text, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(answer_id, form), 422
    except (ConflictError, RuleError) as error:
        return _page(answer_id, form, error), status_of(error)
    flash(_("已发出。对方看过并答复以后，计为一件图文答复。"), "ok")
    return redirect(url_for("mentor.written_list"), code=303)


@policy(Permission.ANSWER_IN_WRITING)
def decline_question(answer_id: UUID) -> ResponseReturnValue:
    """Say why it cannot be answered in writing."""
    form = Form(request.form)
    try:
        with form:
            note = form.text("note", longest=LONGEST_REMARK)
            version = form.version()
        run(written_answers.decline, answer_id, note, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(answer_id, form), 422
    except (ConflictError, RuleError) as error:
        return _page(answer_id, form, error), status_of(error)
    flash(_("已告诉对方。"), "ok")
    return redirect(url_for("mentor.written_list"), code=303)


@policy(Permission.ANSWER_IN_WRITING)
def offer(booking_id: UUID) -> ResponseReturnValue:
    """Offer an answer in writing on a request; a refusal is said on the list of requests."""
    run(written_answers.offer, booking_id)
    flash(_("已问对方要不要书面答复。对方没有选以前，这个预约照旧等您回复。"), "ok")
    return redirect(url_for("mentor.home"), code=303)


def _page(answer_id: UUID, form: Form, refusal: ConflictError | RuleError | None = None) -> str:
    with reading() as reader:
        page = written_answer(reader, answer_id)
    return render_template("mentor/written.html", page=page, form=form, refusal=refusal)
