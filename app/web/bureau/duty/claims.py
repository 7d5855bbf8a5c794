"""激励申领: once for each pairing whose venture has run twelve months, checked by another."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.claim import LONGEST_EVIDENCE
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.claims import pairing_page
from app.services import claims
from app.web.bureau.address import one_of
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/duty/<uuid:expert_id>/claims"
_VERDICTS = {"approve": claims.approve, "refuse": claims.refuse}


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get(LIST)(claim_list)
    blueprint.post(f"{LIST}/ventures/<uuid:venture_id>")(make_claim)
    blueprint.post(f"{LIST}/<uuid:claim_id>")(check_claim)


@policy(Permission.READ_DUTY)
def claim_list(expert_id: UUID) -> ResponseReturnValue:
    """Show the ventures he tutored, when each may be claimed for, and what was claimed."""
    return _page(expert_id, Form())


@policy(Permission.CLAIM)
def make_claim(expert_id: UUID, venture_id: UUID) -> ResponseReturnValue:
    """Claim for a pairing, with what the register says; a second try changes nothing."""
    form = Form(request.form)
    try:
        with form:
            evidence = form.text("evidence", longest=LONGEST_EVIDENCE)
            seen_on = form.day("seen_on")
        run(claims.claim, expert_id, venture_id, evidence, seen_on)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(expert_id, form), 422
    except (ConflictError, RuleError) as error:
        return _refused(expert_id, form, error)
    flash(_("已登记申领，等复核人审批。一对结对只申领一次。"), "ok")
    return redirect(url_for("bureau.claim_list", expert_id=expert_id), code=303)


@policy(Permission.CHECK_CLAIM)
def check_claim(expert_id: UUID, claim_id: UUID) -> ResponseReturnValue:
    """Approve or refuse a claim; who entered it cannot."""
    verdict = one_of(_VERDICTS, request.form.get("verdict", ""))
    form = Form(request.form)
    try:
        with form:
            version = form.version()
        run(verdict, claim_id, version=version)
    except (ConflictError, RuleError) as error:
        return _refused(expert_id, Form(), error)
    flash(_("已复核。"), "ok")
    return redirect(url_for("bureau.claim_list", expert_id=expert_id), code=303)


def _refused(expert_id: UUID, form: Form, error: ConflictError | RuleError) -> ResponseReturnValue:
    why = error_text(error.code, error.facts, reader_locale())
    return _page(expert_id, form, why), status_of(error)


def _page(expert_id: UUID, form: Form, refusal: str | None = None) -> str:
    with reading() as reader:
        page = pairing_page(reader, expert_id)
    return render_template("bureau/duty/claims.html", page=page, form=form, refusal=refusal)
