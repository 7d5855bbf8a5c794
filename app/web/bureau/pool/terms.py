"""聘期: renewed, extended, or ended at the expert's own wish; bookings follow at once."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import bureau_desk
from app.queries.duty import duty_sheet
from app.services import experts
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

ACTS = ("renew", "extend", "resign")
LONGEST_DOCUMENT = 200
LONGEST_REASON = 1000


def register(blueprint: Blueprint) -> None:
    """Add the page and its act."""
    blueprint.get("/bureau/mentors/<uuid:expert_id>/term")(term)
    blueprint.post("/bureau/mentors/<uuid:expert_id>/term")(decide_term)


@policy(Permission.APPOINT_EXPERT)
def term(expert_id: UUID) -> ResponseReturnValue:
    """Show the terms of an expert, and ask what shall become of them."""
    return _page(expert_id, Form())


@policy(Permission.APPOINT_EXPERT)
def decide_term(expert_id: UUID) -> ResponseReturnValue:
    """Renew or extend the term, or end it at his wish; what it covers stands, the rest waits."""
    form = Form(request.form)
    try:
        _decide(expert_id, form)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(expert_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(expert_id, form, why), status_of(error)
    flash(_("已保存。聘期以外的预约已挂起，聘期覆盖的已恢复，双方会收到通知。"), "ok")
    return redirect(url_for("bureau.mentor", expert_id=expert_id), code=303)


def _decide(expert_id: UUID, form: Form) -> None:
    with form:
        act, document = form.choice("act", ACTS), form.text("document", longest=LONGEST_DOCUMENT)
        starts_on = form.day("starts_on") if act == "renew" else None
        ends_on = form.day("ends_on") if act != "resign" else None
        reason = form.text("reason", longest=LONGEST_REASON) if form.given("reason") else ""
        version = form.version()
    if starts_on is not None and ends_on is not None:
        renewal = experts.Renewal(document, starts_on, ends_on, reason)
        run(experts.renew, expert_id, renewal, version=version)
    elif ends_on is not None:
        run(experts.extend, expert_id, document, ends_on, version=version)
    else:
        run(experts.resign, expert_id, document, version=version)


def _page(expert_id: UUID, form: Form, refusal: str | None = None) -> str:
    with reading() as reader:
        page = bureau_desk.pool_profile(reader, expert_id)
        duty = duty_sheet(reader, expert_id).standing
    return render_template("bureau/pool/term.html", page=page, form=form, refusal=refusal, own=duty)
