"""证明与聘书: issued to an expert, printed with a code, withdrawn where they no longer hold."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.certificate import LONGEST_REASON
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import certificates as queries
from app.services import certificates
from app.web.shared.certificates import paper, the_key
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/duty/<uuid:expert_id>/certificates"
ONE = "/bureau/certificates/<uuid:certificate_id>"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(LIST)(certificate_list)
    blueprint.post(LIST)(issue_certificate)
    blueprint.post(f"{LIST}/letters/<uuid:appointment_id>")(issue_letter)
    blueprint.get(ONE)(certificate)
    blueprint.post(f"{ONE}/withdraw")(withdraw_certificate)


@policy(Permission.READ_DUTY)
def certificate_list(expert_id: UUID) -> ResponseReturnValue:
    """Show what was issued to an expert, and ask for the period of a new one."""
    return _list(expert_id, Form())


@policy(Permission.ISSUE_CERTIFICATE)
def issue_certificate(expert_id: UUID) -> ResponseReturnValue:
    """Certify the counted services of a period as they stand now."""
    form = Form(request.form)
    try:
        with form:
            first_on, last_on = form.day("first_on"), form.day("last_on")
        issued = run(certificates.issue, expert_id, first_on, last_on, the_key())
    except InvalidInputError as error:
        form.refuse(error)
        return _list(expert_id, form), 422
    except RuleError as error:
        return _list(expert_id, form, _why(error)), status_of(error)
    return redirect(url_for("bureau.certificate", certificate_id=issued.id), code=303)


@policy(Permission.WITHDRAW_CERTIFICATE)
def issue_letter(expert_id: UUID, appointment_id: UUID) -> ResponseReturnValue:
    """Make the letter of one of his appointments."""
    issued = run(certificates.issue_letter, appointment_id, the_key())
    return redirect(url_for("bureau.certificate", certificate_id=issued.id), code=303)


@policy(Permission.READ_DUTY, logged=True)
def certificate(certificate_id: UUID) -> ResponseReturnValue:
    """Show a certificate, ready to be printed."""
    return _paper(certificate_id)


@policy(Permission.WITHDRAW_CERTIFICATE)
def withdraw_certificate(certificate_id: UUID) -> ResponseReturnValue:
    """Say that it no longer holds, and why."""
    form = Form(request.form)
    with reading() as reader:
        expert_id = queries.certificate(reader, certificate_id).expert_id
    try:
        with form:
            reason, version = form.text("reason", longest=LONGEST_REASON), form.version()
        run(certificates.withdraw, certificate_id, reason, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _list(expert_id, form), 422
    except ConflictError as error:
        return _list(expert_id, form, _why(error)), status_of(error)
    flash(_("已撤销。凭码核验的人会看到“已撤销”。"), "ok")
    return redirect(url_for("bureau.certificate_list", expert_id=expert_id), code=303)


def _paper(certificate_id: UUID) -> str:
    with reading() as reader:
        page = queries.certificate(reader, certificate_id)
    back = url_for("bureau.certificate_list", expert_id=page.expert_id)
    return paper(page, "bureau/duty/certificate.html", back)


def _list(expert_id: UUID, form: Form, refusal: str | None = None) -> str:
    with reading() as reader:
        page = queries.certificates_of(reader, expert_id)
        today = reader.now
    return render_template(
        "bureau/duty/certificates.html", page=page, form=form, refusal=refusal, today=today
    )


def _why(error: ConflictError | RuleError) -> str:
    return error_text(error.code, error.facts, reader_locale())
