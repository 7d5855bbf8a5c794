"""注销: somebody at the desk has signed that his data are to be deleted."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import service_desk
from app.queries.own_data import closing_of
from app.services import erasures
from app.web.bureau.counter.registration_form import read_sheet
from app.web.shared.forms import Form

_PAGE = "/bureau/desk/people/<uuid:person_id>/erase"


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(_PAGE)(ask_erasure)
    blueprint.post(_PAGE)(erase_person)


@policy(Permission.ENTER_ON_PAPER, logged=True)
def ask_erasure(person_id: UUID) -> ResponseReturnValue:
    """Tell what would happen, to be read out, and ask for the signed sheet."""
    return _page(person_id, Form({"kind": "signature"}))


@policy(Permission.ENTER_ON_PAPER)
def erase_person(person_id: UUID) -> ResponseReturnValue:
    """Delete his data; the sheet is filed."""
    form = Form(request.form)
    try:
        # The row is nobody's to read, so a second press is not answered with it.
        run(erasures.erase_on_paper, person_id, read_sheet(form), answer=lambda _row: None)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(person_id, form), 422
    flash(_("已注销，资料已删除。请把申请归档。"), "ok")
    return redirect(url_for("bureau.desk"), code=303)


def _page(person_id: UUID, form: Form) -> str:
    with reading() as reader:
        person = service_desk.desk_person(reader, person_id)
        page = closing_of(reader, person_id)
    return render_template("bureau/counter/erasure.html", page=page, person=person, form=form)
