"""说说您遇到的问题: writing a need, and what is understood of it; keeping, sending, changing."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.ids import parse_id
from app.domain.need import NeedStatus
from app.http.edge import is_fragment
from app.http.policy import policy
from app.http.run import reading, run
from app.models.need import Need
from app.queries import booking_pages
from app.queries.booking_pages import NeedView
from app.services import needs
from app.web.founder.matching import match
from app.web.founder.need_form import SUGGESTED, Offered, form_of, offered, read, understood
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.forms import Form


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/needs/new")(new_need)
    blueprint.post("/needs/understand")(understand)
    blueprint.post("/needs")(submit)
    blueprint.post("/needs/draft")(draft)
    for sent in ("/needs", "/needs/understand", "/needs/draft"):
        blueprint.get(sent)(to_form)
    blueprint.get("/needs/<uuid:need_id>/edit")(edit_need)
    blueprint.post("/needs/<uuid:need_id>/edit")(change_need)


@policy(Permission.SUBMIT_NEED)
def new_need() -> ResponseReturnValue:
    """Ask what the founder wants to solve."""
    return _page(Form({"session_type": SUGGESTED}))


@policy(Permission.SUBMIT_NEED)
def to_form() -> ResponseReturnValue:
    """Lead whoever opens an address that a form is sent to, to the form."""
    return redirect(url_for("founder.new_need"))


@policy(Permission.SUBMIT_NEED)
def understand() -> ResponseReturnValue:
    """Show what is understood so far; nothing is written. Without scripts the page comes back."""
    form = Form(request.form)
    if not is_fragment():
        return _page(form, _own(form))
    return render_template("founder/understood.html", seen=understood(form), known=_known())


@policy(Permission.SUBMIT_NEED)
def submit() -> ResponseReturnValue:
    """Send the need, have it matched, and show who is proposed."""
    form = Form(request.form)
    try:
        given = read(form, _known())
        need: Need = run(needs.submit, given, draft_id=parse_id(form.raw("draft")))
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form, _own(form)), 422
    match(need.id)
    return redirect(url_for("founder.mentors_for", need_id=need.id), code=303)


@policy(Permission.SUBMIT_NEED)
def draft() -> ResponseReturnValue:
    """Keep what is written so far."""
    form = Form(request.form)
    try:
        given = read(form, _known())
        run(needs.draft, given, draft_id=parse_id(form.raw("draft")))
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form, _own(form)), 422
    return redirect(url_for("founder.home"), code=303)


@policy(Permission.SUBMIT_NEED)
def edit_need(need_id: UUID) -> ResponseReturnValue:
    """Show a need or a draft for changing."""
    with reading() as reader:
        need = booking_pages.need_of(reader, need_id)
    return _page(form_of(need), need)


@policy(Permission.SUBMIT_NEED)
def change_need(need_id: UUID) -> ResponseReturnValue:
    """Change the need and have it matched anew."""
    form = Form(request.form)
    with reading() as reader:
        need = booking_pages.need_of(reader, need_id)
    try:
        given = read(form, _known())
        with form:
            version = form.version()
        changed: Need = run(needs.edit, need_id, given, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form, need), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _page(form, need, refusal), refusal.status
    if changed.status is NeedStatus.SUBMITTED:
        match(need_id)
    return redirect(url_for("founder.mentors_for", need_id=need_id), code=303)


def _known() -> Offered:
    with reading() as reader:
        return offered(reader)


def _own(form: Form) -> NeedView | None:
    need_id = parse_id(form.raw("need"))
    if need_id is None:
        return None
    with reading() as reader:
        return booking_pages.need_of(reader, need_id)


def _page(form: Form, need: NeedView | None = None, refusal: Refusal | None = None) -> str:
    return render_template(
        "founder/need.html",
        form=form,
        need=need,
        refusal=refusal,
        known=_known(),
        seen=understood(form),
    )
