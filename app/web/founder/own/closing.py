"""注销账户: what goes, what stays and why, before the founder decides."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError, NotFoundError
from app.http.actor import drop_sign_in
from app.http.policy import policy
from app.http.run import reading, run
from app.queries.own_data import closing_of
from app.services import erasures
from app.web.founder.own.data import PAGE
from app.web.shared.forms import Form


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(f"{PAGE}/close")(ask_closing)
    blueprint.post(f"{PAGE}/close")(close_account)


@policy(Permission.USE_OWN_DATA)
def ask_closing() -> ResponseReturnValue:
    """Tell what would happen, and ask for the password."""
    return _page(Form())


@policy(Permission.USE_OWN_DATA)
def close_account() -> ResponseReturnValue:
    """Delete the founder's data and close his account."""
    form = Form(request.form)
    try:
        with form:
            form.checkbox("understood", required=True)
        run(erasures.erase_oneself, form.raw("password"))
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    flash(_("您的账户已注销，资料已删除。谢谢您用过我们的服务，以后需要，随时可以重新登记。"), "ok")
    response = redirect("/login", code=303)
    drop_sign_in(response)
    return response


def _page(form: Form) -> str:
    with reading() as reader:
        if reader.actor.person_id is None:
            raise NotFoundError("person.not_found")
        page = closing_of(reader, reader.actor.person_id)
    return render_template("founder/own/closing.html", page=page, form=form)
