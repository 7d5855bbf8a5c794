"""登记注册信息: an officer notes that the venture of a meeting has registered."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.venture import CODE_LENGTH, EntityType
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import bureau_desk, vocabularies
from app.services import venture_registrations
from app.services.venture_registrations import LONGEST_DOCUMENT, Registered
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

PAGE = "/bureau/sessions/<uuid:session_id>/registration"
FORMS = [form.value for form in EntityType if form is not EntityType.TEAM]


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(PAGE)(registration)
    blueprint.post(PAGE)(note_registration)


@policy(Permission.NOTE_REGISTRATION, logged=True)
def registration(session_id: UUID) -> ResponseReturnValue:
    """Ask what the document of the register shows."""
    return _page(session_id, None)


@policy(Permission.NOTE_REGISTRATION)
def note_registration(session_id: UUID) -> ResponseReturnValue:
    """Note it; what was held for the venture is decided anew."""
    form = Form(request.form)
    try:
        with form:
            kind = form.choice("entity_type", FORMS)
            code = form.text("venture_credit_code", longest=2 * CODE_LENGTH)
            on = form.day("registered_on")
            document = form.text("document", longest=LONGEST_DOCUMENT)
            venture_id, version = form.identifier("venture_id"), form.integer("version", 1, 10**6)
        shown = Registered(EntityType(kind), code, on, document)
        run(venture_registrations.note, venture_id, shown, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, form), 422
    flash(_("已登记注册信息，这个项目的服务已重新决定。"), "ok")
    return redirect(url_for("bureau.session", session_id=session_id), code=303)


def _page(session_id: UUID, form: Form | None) -> str:
    with reading() as reader:
        page = bureau_desk.evidence(reader, session_id)
        names = vocabularies.labels(reader, "entity_type", locale=reader_locale())
    venture = page.meeting.of_venture
    if venture is None:
        raise NotFoundError("venture.not_found")
    known = {
        "entity_type": venture.entity_type,
        "venture_credit_code": venture.credit_code or "",
        "registered_on": venture.registered_on.isoformat() if venture.registered_on else "",
    }
    return render_template(
        "bureau/counting/registration.html",
        page=page,
        venture=venture,
        form=form or Form(known),
        forms=[Choice(each, names.of("entity_type", each)) for each in FORMS],
    )
