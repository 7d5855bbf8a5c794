"""推荐给您的导师: who is proposed and why; made anew, or left to the bureau."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.need import LONGEST_BUREAU_REASON
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import booking_pages
from app.services import needs
from app.web.founder.matching import match
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.forms import Form


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get("/needs/<uuid:need_id>/mentors")(mentors_for)
    blueprint.post("/needs/<uuid:need_id>/refresh")(refresh)
    blueprint.post("/needs/<uuid:need_id>/ask-bureau")(ask_bureau)


@policy(Permission.READ_PROPOSALS)
def mentors_for(need_id: UUID) -> ResponseReturnValue:
    """Show who is proposed for the need, why, and when each can be met first."""
    with reading() as reader:
        page = booking_pages.proposals_page(reader, need_id)
    if page.need.is_draft:
        return redirect(url_for("founder.edit_need", need_id=need_id), code=303)
    return render_template("founder/mentors.html", page=page, form=Form())


@policy(Permission.READ_PROPOSALS)
def refresh(need_id: UUID) -> ResponseReturnValue:
    """Make the shortlist anew."""
    try:
        match(need_id)
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _page(need_id, Form(), refusal), refusal.status
    return redirect(url_for("founder.mentors_for", need_id=need_id), code=303)


@policy(Permission.SUBMIT_NEED)
def ask_bureau(need_id: UUID) -> ResponseReturnValue:
    """Leave the search to the bureau."""
    form = Form(request.form)
    try:
        with form:
            reason = form.text("reason", longest=LONGEST_BUREAU_REASON, required=False)
        run(needs.ask_bureau, need_id, reason)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(need_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _page(need_id, form, refusal), refusal.status
    return redirect(url_for("founder.mentors_for", need_id=need_id), code=303)


def _page(need_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    with reading() as reader:
        page = booking_pages.proposals_page(reader, need_id)
    return render_template("founder/mentors.html", page=page, form=form, refusal=refusal)
