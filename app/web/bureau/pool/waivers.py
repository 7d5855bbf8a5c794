"""豁免: one officer proposes to let a pairing pass, another approves or refuses."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.waiver import LONGEST_REASON, WaiverRule
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import bureau_desk, vocabularies
from app.services import waivers
from app.web.bureau.address import one_of
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

_VERDICTS = {"approve": waivers.approve, "refuse": waivers.refuse}
_PAGE = "/bureau/needs/<uuid:need_id>/waivers/<uuid:expert_id>"


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get(_PAGE)(waiver)
    blueprint.post(_PAGE)(propose_waiver)
    blueprint.post(f"{_PAGE}/<uuid:waiver_id>")(check_waiver)


@policy(Permission.PROPOSE_WAIVER, Permission.CHECK_WAIVER, logged=True)
def waiver(need_id: UUID, expert_id: UUID) -> ResponseReturnValue:
    """Show what forbids the pairing, and what has been waived of it."""
    return _page(need_id, expert_id, Form())


@policy(Permission.PROPOSE_WAIVER)
def propose_waiver(need_id: UUID, expert_id: UUID) -> ResponseReturnValue:
    """Propose a waiver; nothing passes before a second officer has approved it."""
    form = Form(request.form)
    try:
        with form:
            rule = WaiverRule(form.choice("rule", list(WaiverRule)) or WaiverRule.CONFLICT)
            reason = form.text("reason", longest=LONGEST_REASON)
            agrees = form.checkbox("founder_agrees", required=True)
        run(waivers.propose, need_id, expert_id, rule, reason, founder_agrees=agrees)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(need_id, expert_id, form), 422
    flash(_("已提出豁免，等另一位工作人员复核。复核以前仍不能预约。"), "ok")
    return redirect(url_for("bureau.waiver", need_id=need_id, expert_id=expert_id), code=303)


@policy(Permission.CHECK_WAIVER, Permission.WAIVE_PAIRING_CAP)
def check_waiver(need_id: UUID, expert_id: UUID, waiver_id: UUID) -> ResponseReturnValue:
    """Approve or refuse a waiver; who proposed it cannot."""
    verdict = one_of(_VERDICTS, request.form.get("verdict", ""))
    with Form(request.form) as form:
        version = form.integer("version", 1, 10**6)
    run(verdict, waiver_id, version=version)
    flash(_("已复核。"), "ok")
    return redirect(url_for("bureau.waiver", need_id=need_id, expert_id=expert_id), code=303)


def _page(need_id: UUID, expert_id: UUID, form: Form) -> str:
    with reading() as reader:
        page = bureau_desk.waiver_page(reader, need_id, expert_id)
        names = vocabularies.labels(reader, "conflict_type", locale=reader_locale())
    return render_template("bureau/pool/waiver.html", page=page, names=names, form=form)
