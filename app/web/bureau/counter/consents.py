"""单独同意书: the sheet that a sensitive group needs, and the one by which it is taken back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import service_desk
from app.services import persons
from app.web.bureau.counter.registration_form import read_sheet
from app.web.shared.forms import Form

_PAGE = "/bureau/desk/people/<uuid:person_id>/consent"
_BACK = f"{_PAGE}/withdraw"


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(_PAGE)(ask_consent)
    blueprint.post(_PAGE)(take_consent)
    blueprint.get(_BACK)(ask_withdrawal)
    blueprint.post(_BACK)(withdraw_consent)


@policy(Permission.ENTER_ON_PAPER, logged=True)
def ask_consent(person_id: UUID) -> ResponseReturnValue:
    """Ask how and when the sheet was signed, and where it is kept."""
    return _page(person_id, Form({"kind": "signature"}), "consent")


@policy(Permission.ENTER_ON_PAPER)
def take_consent(person_id: UUID) -> ResponseReturnValue:
    """Keep the sheet; an officer can verify the group now."""
    form = Form(request.form)
    try:
        run(persons.take_group_consent, person_id, read_sheet(form))
    except InvalidInputError as error:
        form.refuse(error)
        return _page(person_id, form, "consent"), 422
    flash(_("单独同意书已登记，现在可以核验群体。请把同意书归档。"), "ok")
    return redirect(url_for("bureau.person", person_id=person_id), code=303)


@policy(Permission.ENTER_ON_PAPER, logged=True)
def ask_withdrawal(person_id: UUID) -> ResponseReturnValue:
    """Tell what taking the consent back means, and ask for the signed sheet."""
    return _page(person_id, Form({"kind": "signature"}), "withdrawal")


@policy(Permission.ENTER_ON_PAPER)
def withdraw_consent(person_id: UUID) -> ResponseReturnValue:
    """Take the consent back; the group is erased at once."""
    form = Form(request.form)
    try:
        run(persons.withdraw_group_consent_on_paper, person_id, read_sheet(form))
    except InvalidInputError as error:
        form.refuse(error)
        return _page(person_id, form, "withdrawal"), 422
    flash(_("已撤回，群体已从资料里删除。请把撤回单归档。"), "ok")
    return redirect(url_for("bureau.person", person_id=person_id), code=303)


def _page(person_id: UUID, form: Form, name: str) -> str:
    with reading() as reader:
        page = service_desk.desk_person(reader, person_id)
    return render_template(f"bureau/counter/{name}.html", page=page, form=form)
