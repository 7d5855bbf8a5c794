"""Changing one's own password."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.account import SHORTEST_PASSWORD, SHORTEST_STAFF_PASSWORD
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.http.actor import current_actor, drop_sign_in
from app.http.policy import own, policy
from app.http.run import run
from app.services import accounts
from app.web.shared.forms import Form

PASSWORD = "/password"  # noqa: S105  # an address


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(PASSWORD)(ask_password)
    blueprint.post(PASSWORD)(change_password)


@policy(Permission.USE_OWN_ACCOUNT, first=True)
def ask_password() -> ResponseReturnValue:
    """Ask for the present and the new password."""
    return _page(Form())


@own
@policy(Permission.USE_OWN_ACCOUNT, first=True)
def change_password() -> ResponseReturnValue:
    """Change the password; every browser signs in anew."""
    form = Form(request.form)
    try:
        if form.raw("password") != form.raw("again"):
            raise InvalidInputError.at("again", "account.password_differs")
        run(accounts.change_password, form.raw("present"), form.raw("password"))
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    flash(_("密码已经改好，请用新密码登录。"), "ok")
    response = redirect("/login", code=303)
    drop_sign_in(response)
    return response


def _page(form: Form) -> str:
    least = SHORTEST_STAFF_PASSWORD if current_actor().is_staff else SHORTEST_PASSWORD
    return render_template("public/password.html", form=form, least=least)
