"""见面: signing in on the day, the founder's own word on the facts, contesting a no-show."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import (
    ConflictError,
    DomainError,
    InvalidInputError,
    NotFoundError,
    RuleError,
)
from app.domain.outcome import ConfirmationKind
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import booking_pages
from app.services import outcomes, service_sessions
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared import record_words
from app.web.shared.counting_words import COLUMNS, TO_FOUNDERS
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LONGEST_STATEMENT = 1000
AGREES, DISAGREES = "yes", "no"
MOST_VERSIONS = 10**6
LONGEST_SIGNATURE = 100
SCORES = ("5", "4", "3", "2", "1")


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get("/sessions/<uuid:session_id>/confirm")(meeting)
    blueprint.post("/sessions/<uuid:session_id>/confirm")(confirm)
    blueprint.post("/sessions/<uuid:session_id>/check-in")(check_in)
    blueprint.post("/sessions/<uuid:session_id>/contest")(contest)


@policy(Permission.CONFIRM_OUTCOME)
def meeting(session_id: UUID) -> ResponseReturnValue:
    """Show the facts of the meeting, the record, and what is asked of the founder."""
    return _page(session_id, Form())


@policy(Permission.CONFIRM_OUTCOME)
def confirm(session_id: UUID) -> ResponseReturnValue:
    """Take the founder's word on the facts; the rating is apart and voluntary."""
    form = Form(request.form)
    try:
        with form:
            agrees = form.choice("agrees", (AGREES, DISAGREES)) == AGREES
            disagrees = form.raw("agrees") == DISAGREES
            remark = form.text("remark", longest=LONGEST_STATEMENT, required=disagrees)
            score = form.choice("rating", SCORES) if form.given("rating") else ""
            read = form.integer("record", 1, MOST_VERSIONS) if form.given("record") else None
            signed_name = form.text("signed_name", longest=LONGEST_SIGNATURE, required=False)
        word = outcomes.OwnWord(
            agrees=agrees,
            rating=int(score) if score else None,
            remark=remark or None,
            version=read,
            signed_name=signed_name or None,
        )
        run(outcomes.say, _outcome_id(session_id), word, ConfirmationKind.SIGNED_IN)
    except (InvalidInputError, ConflictError, RuleError) as error:
        return _refused(session_id, form, error)
    return redirect(url_for("founder.meeting", session_id=session_id), code=303)


@policy(Permission.CONFIRM_OUTCOME)
def check_in(session_id: UUID) -> ResponseReturnValue:
    """Note that the founder has come."""
    try:
        run(service_sessions.check_in, session_id)
    except (InvalidInputError, ConflictError, RuleError) as error:
        return _refused(session_id, Form(), error)
    return redirect(url_for("founder.meeting", session_id=session_id), code=303)


@policy(Permission.CONFIRM_OUTCOME)
def contest(session_id: UUID) -> ResponseReturnValue:
    """Contest the report that the meeting did not come about."""
    form = Form(request.form)
    try:
        with form:
            statement = form.text("statement", longest=LONGEST_STATEMENT)
        run(service_sessions.contest, session_id, statement)
    except (InvalidInputError, ConflictError, RuleError) as error:
        return _refused(session_id, form, error)
    return redirect(url_for("founder.meeting", session_id=session_id), code=303)


def _outcome_id(session_id: UUID) -> UUID:
    with reading() as reader:
        word = booking_pages.meeting_page(reader, session_id).word
    if word is None:
        raise NotFoundError("outcome.not_found")
    return word.outcome_id


def _refused(session_id: UUID, form: Form, error: DomainError) -> ResponseReturnValue:
    refusal = refusal_of(error)
    if isinstance(error, InvalidInputError):
        form.refuse(error)
        return _page(session_id, form), refusal.status
    return _page(session_id, form, refusal), refusal.status


def _page(session_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    with reading() as reader:
        page = booking_pages.meeting_page(reader, session_id)
        extras = page.word.record.extras if page.word and page.word.record else None
        names = record_words.names_for(reader, extras, reader_locale())
    return render_template(
        "founder/meeting.html",
        page=page,
        form=form,
        refusal=refusal,
        names=names,
        why_founder=TO_FOUNDERS.__getitem__,
        why_column=COLUMNS.__getitem__,
    )
