"""服务证明: the mentor has his own counted services certified, and prints it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError, NotFoundError, RuleError
from app.http.actor import current_actor
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import certificates as queries
from app.services import certificates
from app.web.shared.certificates import paper, the_key
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LIST = "/mentor/certificates"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the act."""
    blueprint.get(LIST)(certificate_list)
    blueprint.post(LIST)(issue_certificate)
    blueprint.get(f"{LIST}/<uuid:certificate_id>")(certificate)


@policy(Permission.READ_OWN_DUTY)
def certificate_list() -> ResponseReturnValue:
    """Show what was issued to him, and ask for the period of a new one."""
    return _list(Form())


@policy(Permission.READ_OWN_DUTY)
def issue_certificate() -> ResponseReturnValue:
    """Certify his counted services of a period as they stand now."""
    form = Form(request.form)
    try:
        with form:
            first_on, last_on = form.day("first_on"), form.day("last_on")
        issued = run(certificates.issue, _own(), first_on, last_on, the_key())
    except InvalidInputError as error:
        form.refuse(error)
        return _list(form), 422
    except RuleError as error:
        return _list(form, error_text(error.code, error.facts, reader_locale())), status_of(error)
    return redirect(url_for("mentor.certificate", certificate_id=issued.id), code=303)


@policy(Permission.READ_OWN_DUTY)
def certificate(certificate_id: UUID) -> ResponseReturnValue:
    """Show one of his certificates, ready to be printed."""
    with reading() as reader:
        page = queries.certificate(reader, certificate_id)
    return paper(page, "mentor/certificate.html", url_for("mentor.certificate_list"))


def _list(form: Form, refusal: str | None = None) -> str:
    with reading() as reader:
        page = queries.certificates_of(reader, _own())
        today = reader.now
    return render_template(
        "mentor/certificates.html", page=page, form=form, refusal=refusal, today=today
    )


def _own() -> UUID:
    expert_id = current_actor().expert_id
    if expert_id is None:
        raise NotFoundError("expert.not_found")
    return expert_id
