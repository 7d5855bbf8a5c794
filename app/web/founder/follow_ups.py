"""办理情况: what became of the advice, said in a minute; or no more of it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import ConflictError, DomainError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries.follow_ups import follow_up as one
from app.services import follow_ups
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.follow_ups import STATE_NAMES, give_answer, state_choices
from app.web.shared.forms import Form

PAGE = "/followups/<uuid:follow_up_id>"


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get(PAGE)(follow_up)
    blueprint.post(PAGE)(answer_follow_up)
    blueprint.post(f"{PAGE}/stop")(stop_follow_ups)


@policy(Permission.ANSWER_FOLLOW_UP)
def follow_up(follow_up_id: UUID) -> ResponseReturnValue:
    """Show what is asked, or what was said."""
    return _page(follow_up_id, Form())


@policy(Permission.ANSWER_FOLLOW_UP)
def answer_follow_up(follow_up_id: UUID) -> ResponseReturnValue:
    """Keep what the founder says."""
    form = Form(request.form)
    try:
        give_answer(form, follow_up_id)
    except (InvalidInputError, ConflictError, RuleError) as error:
        return _refused(follow_up_id, form, error)
    return redirect(url_for("founder.follow_up", follow_up_id=follow_up_id), code=303)


@policy(Permission.ANSWER_FOLLOW_UP)
def stop_follow_ups(follow_up_id: UUID) -> ResponseReturnValue:
    """Ask nothing more of this meeting."""
    run(follow_ups.stop, follow_up_id)
    return redirect(url_for("founder.follow_up", follow_up_id=follow_up_id), code=303)


def _refused(follow_up_id: UUID, form: Form, error: DomainError) -> ResponseReturnValue:
    refusal = refusal_of(error)
    if isinstance(error, InvalidInputError):
        form.refuse(error)
        return _page(follow_up_id, form), refusal.status
    return _page(follow_up_id, form, refusal), refusal.status


def _page(follow_up_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    with reading() as reader:
        page = one(reader, follow_up_id)
    return render_template(
        "founder/follow_up.html",
        page=page,
        form=form,
        refusal=refusal,
        state_names=STATE_NAMES,
        state_choices=state_choices(),
    )
