"""裁定: an approver who had no hand in the meeting settles a dispute."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.dispute import LONGEST_TEXT, ON_ABSENCE, ON_NO_SHOW, ON_OUTCOME
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.service_record import Ruling
from app.domain.service_session import ServiceSessionStatus
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import bureau_desk, vocabularies
from app.services import disputes
from app.web.bureau.scheduling.times import read_times, times_of
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/sessions/<uuid:session_id>/ruling")(ruling)
    blueprint.post("/bureau/sessions/<uuid:session_id>/ruling")(rule)


@policy(Permission.RULE_DISPUTE, logged=True)
def ruling(session_id: UUID) -> ResponseReturnValue:
    """Ask what is held to be true, and on what grounds."""
    return _page(session_id)


@policy(Permission.RULE_DISPUTE)
def rule(session_id: UUID) -> ResponseReturnValue:
    """Rule; both sides read the grounds."""
    form = Form(request.form)
    try:
        with form:
            held = form.choice("ruling", [each.value for each in Ruling])
            text = form.text("text", longest=LONGEST_TEXT)
            dispute_id, version = form.identifier("dispute_id"), form.integer("version", 1, 10**6)
            sent = read_times(form) if held == Ruling.DELIVERED and form.given("day") else None
        actual = sent.understood() if sent else None
        run(disputes.rule, dispute_id, Ruling(held), text, actual=actual, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, form), 422
    flash(_("已裁定，双方会收到通知，数字已重新决定。"), "ok")
    return redirect(url_for("bureau.session", session_id=session_id), code=303)


def _page(session_id: UUID, form: Form | None = None) -> str:
    with reading() as reader:
        page = bureau_desk.evidence(reader, session_id)
        names = vocabularies.labels(reader, "no_show", locale=reader_locale())
    if page.open_dispute is None:
        raise NotFoundError("dispute.not_found")
    is_no_show = page.meeting.status is ServiceSessionStatus.CONTESTED
    fitting = ON_NO_SHOW if is_no_show else ON_OUTCOME
    if page.open_dispute.is_absence:
        is_no_show, fitting = False, ON_ABSENCE
    return render_template(
        "bureau/counting/ruling.html",
        page=page,
        form=form or Form(times_of(page.meeting)),
        is_no_show=is_no_show,
        rulings=_rulings(names, fitting),
    )


def _rulings(names: vocabularies.Labels, fitting: frozenset[Ruling]) -> list[Choice]:
    return [Choice(each, names.of("no_show", each)) for each in Ruling if each in fitting]
