"""身份核验: a clerk has seen a document of somebody who was there."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.person import LONGEST_DOCUMENT
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import bureau_desk
from app.services import persons
from app.web.shared.forms import Form


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    address = "/bureau/sessions/<uuid:session_id>/people/<uuid:person_id>"
    blueprint.get(address)(identity)
    blueprint.post(address)(identify)


@policy(Permission.ENTER_ON_PAPER, logged=True)
def identity(session_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Ask which document was seen."""
    return _page(session_id, person_id, Form())


@policy(Permission.ENTER_ON_PAPER)
def identify(session_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Note the check; what the person attended is decided anew."""
    form = Form(request.form)
    try:
        with form:
            document = form.text("document", longest=LONGEST_DOCUMENT)
            form.checkbox("seen", required=True)
            version = form.integer("version", 1, 10**6)
        run(persons.identify, person_id, document, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, person_id, form), 422
    flash(_("已登记身份核验，这个人参加过的服务已重新决定是否计入。"), "ok")
    return redirect(url_for("bureau.session", session_id=session_id), code=303)


def _page(session_id: UUID, person_id: UUID, form: Form) -> str:
    with reading() as reader:
        page = bureau_desk.evidence(reader, session_id)
    found = [each for each in page.people if each.person_id == person_id]
    if not found or found[0].person_version is None:
        raise NotFoundError("person.not_found")
    return render_template("bureau/counter/identity.html", page=page, person=found[0], form=form)
