"""Signing in and out."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.demo_sign_ins import DemoSignIns, demo_sign_ins
from app.domain.account import SignInError, TooManyTriesError
from app.domain.actor import SYSTEM
from app.domain.errors import DomainError, FieldError, InvalidInputError
from app.http import sign_in as signing_in
from app.http.actor import current_actor, drop_sign_in, keep_sign_in
from app.http.edge import the_settings, the_store
from app.http.policy import own, public
from app.http.status import status_of
from app.queries.accounts import AccountLine, account_lines
from app.settings import Environment
from app.web.shared.display import safe_return
from app.web.shared.forms import Form
from app.web.shared.layout import is_served
from app.web.shared.portal import home_of, portal_of

LOGIN = "/login"
LONGEST_TYPED_LOGIN = 200


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(LOGIN)(ask)
    blueprint.post(LOGIN)(enter)
    blueprint.post("/logout")(leave)


@public
def ask() -> ResponseReturnValue:
    """Ask for login and password; who is signed in goes on."""
    if portal_of(current_actor()) is not None:
        return redirect(_goal(request.args.get("next", "")), code=303)
    return _page(Form({"next": request.args.get("next", "")}))


@own
@public
def enter() -> ResponseReturnValue:
    """Sign in and go on to where one wanted."""
    form = Form(request.form)
    try:
        with form:
            login = form.text("login", longest=LONGEST_TYPED_LOGIN)
            if not form.raw("password"):
                form.text("password", longest=1)
        entry = signing_in.sign_in(login, form.raw("password"))
    except (InvalidInputError, SignInError, TooManyTriesError) as error:
        form.refuse(_at_field(error))
        return _page(form), status_of(error), _retry_after(error)
    # A fresh cookie of the page, and with it a fresh token against forged requests.
    session.clear()
    if entry.must_change_password:
        flash(_("这是工作人员给您的初始密码，请在“我的账户”里改成自己的密码。"), "warn")
    response = redirect(safe_return(_local(form.raw("next")), "/"), code=303)
    keep_sign_in(response, entry.secret)
    return response


@own
@public
def leave() -> ResponseReturnValue:
    """Sign out here; nothing of the pages stays in this browser."""
    signing_in.sign_out()
    session.clear()
    response = redirect("/", code=303)
    drop_sign_in(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _page(form: Form) -> str:
    demo, lines = _demo()
    return render_template("public/login.html", form=form, demo=demo, lines=lines)


def _demo() -> tuple[DemoSignIns | None, Sequence[AccountLine]]:
    if the_settings().environment is not Environment.DEMO:
        return None, ()
    demo = demo_sign_ins()
    with the_store().read(SYSTEM) as reader:
        return demo, account_lines(reader, demo.logins)


def _at_field(error: DomainError) -> InvalidInputError:
    if isinstance(error, InvalidInputError):
        return error
    return InvalidInputError(errors=[FieldError("password", error.code, error.facts)])


def _retry_after(error: DomainError) -> dict[str, str]:
    return {"Retry-After": str(error.facts["seconds"])} if "seconds" in error.facts else {}


def _local(path: str) -> str:
    here = urlsplit(path).path
    return path if here != LOGIN and is_served(here) else ""


def _goal(path: str) -> str:
    return safe_return(_local(path), home_of(current_actor()))
