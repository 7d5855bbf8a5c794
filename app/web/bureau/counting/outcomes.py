"""核实: an officer calls the founder back, or compares a signed sheet."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError, NotFoundError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import bureau_desk
from app.services import outcomes
from app.web.shared.forms import Form

LONGEST_REMARK = 500
_WAYS = {"call_back": outcomes.certify, "paper_signature": outcomes.confirm_on_paper}


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/sessions/<uuid:session_id>/certification")(certification)
    blueprint.post("/bureau/sessions/<uuid:session_id>/certification")(certify)


@policy(Permission.CERTIFY_OUTCOME, logged=True)
def certification(session_id: UUID) -> ResponseReturnValue:
    """Ask what the founder said, and how."""
    return _page(session_id, Form({"way": "call_back"}))


@policy(Permission.CERTIFY_OUTCOME)
def certify(session_id: UUID) -> ResponseReturnValue:
    """Keep the founder's word as the officer heard or saw it."""
    form = Form(request.form)
    try:
        with form:
            way = form.choice("way", _WAYS)
            remark = form.text("remark", longest=LONGEST_REMARK)
            outcome_id = form.identifier("outcome_id")
        run(_WAYS[way], outcome_id, remark)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, form), 422
    flash(_("已记下创业者的确认，数字已重新决定。"), "ok")
    return redirect(url_for("bureau.session", session_id=session_id), code=303)


def _page(session_id: UUID, form: Form) -> str:
    with reading() as reader:
        page = bureau_desk.evidence(reader, session_id)
    if page.record is None:
        raise NotFoundError("outcome.not_found")
    return render_template("bureau/counting/certification.html", page=page, form=form)
