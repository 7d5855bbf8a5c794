"""账户: who may sign in, with which roles; suspended, opened again, given a new password."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.account import Holding, first_password
from app.domain.actor import Permission, Role
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import vocabularies
from app.queries.account_lists import AccountFilter, AccountState, account_list, account_row
from app.services import accounts
from app.web.bureau.address import key_asked
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale
from app.web.shared.words import ROLE_NAMES

PAGE = "/bureau/accounts/<uuid:account_id>"
LONGEST = 100
FILTERS = ("q", "role", "state")
# Under this name the next page finds a password that is shown once.
SHOWN_ONCE = "shown_once"
PLACES = ("department", "street")
ROLES = tuple(role for role in Role if role is not Role.SYSTEM)


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/bureau/accounts")(accounts_page)
    blueprint.get(PAGE)(account)
    blueprint.post(f"{PAGE}/roles")(change_roles)
    blueprint.post(f"{PAGE}/suspend")(suspend_account)
    blueprint.post(f"{PAGE}/reactivate")(reactivate_account)
    blueprint.post(f"{PAGE}/password")(renew_password)


@policy(Permission.MANAGE_ACCOUNTS, logged=True)
def accounts_page() -> ResponseReturnValue:
    """Show the accounts that meet the filters, the newest first."""
    form, after = Form(request.args), key_asked(request.args.get("after"))
    try:
        wanted = _read(form)
    except InvalidInputError:
        wanted = None
    with reading() as reader:
        page = account_list(reader, wanted, after=after) if wanted else None
    kept = {name: form.raw(name) for name in FILTERS if form.given(name)}
    answer = render_template(
        "bureau/administering/accounts.html",
        page=page,
        form=form,
        kept=kept,
        roles=ROLES,
        role_names=ROLE_NAMES,
    )
    return answer, 200 if wanted else 422


@policy(Permission.MANAGE_ACCOUNTS, logged=True)
def account(account_id: UUID) -> ResponseReturnValue:
    """Show one account; a password just made is shown this once."""
    return show(account_id, Form(), password=session.pop(SHOWN_ONCE, None))


@policy(Permission.MANAGE_ACCOUNTS)
def change_roles(account_id: UUID) -> ResponseReturnValue:
    """Grant a role or take one away; whoever is signed in there signs in anew."""
    form = Form(request.form)

    def change() -> None:
        with form:
            act, role = form.choice("act", ("grant", "revoke")), form.choice("role", ROLES)
            places = {
                place: form.text(place, longest=LONGEST, required=False) or None for place in PLACES
            }
        if act == "grant":
            run(accounts.grant, login_of(account_id), Holding(Role(role), **places))
        else:
            run(accounts.revoke, login_of(account_id), Role(role))

    return act_on(account_id, form, change, _("角色已更改，这个账户要重新登录。"))


@policy(Permission.MANAGE_ACCOUNTS)
def suspend_account(account_id: UUID) -> ResponseReturnValue:
    """Let nobody sign in to the account any more, at once."""
    return act_on(
        account_id,
        Form(),
        lambda: run(accounts.suspend, login_of(account_id)),
        _("账户已停用，登录已全部退出。"),
    )


@policy(Permission.MANAGE_ACCOUNTS)
def reactivate_account(account_id: UUID) -> ResponseReturnValue:
    """Let the account be used again."""
    return act_on(
        account_id,
        Form(),
        lambda: run(accounts.reactivate, login_of(account_id)),
        _("账户已恢复，可以登录。"),
    )


@policy(Permission.MANAGE_ACCOUNTS)
def renew_password(account_id: UUID) -> ResponseReturnValue:
    """Make a new first password, shown once and to be changed at the first sign-in."""
    password = first_password()

    def renew() -> None:
        run(accounts.set_password, login_of(account_id), password)
        session[SHOWN_ONCE] = password

    return act_on(account_id, Form(), renew, _("已换成新的初始密码，原来的登录已退出。"))


def act_on(account_id: UUID, form: Form, act: Callable[[], Any], done: str) -> ResponseReturnValue:
    """Act on an account and lead back to it; a refusal stands on the page, the input kept."""
    try:
        act()
    except InvalidInputError as error:
        form.refuse(error)
        return show(account_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return show(account_id, form, refusal=why), status_of(error)
    flash(done, "ok")
    return redirect(url_for("bureau.account", account_id=account_id), code=303)


def show(
    account_id: UUID, form: Form, *, refusal: str | None = None, password: str | None = None
) -> str:
    """Return the page of an account."""
    with reading() as reader:
        row = account_row(reader, account_id)
        names = vocabularies.labels(reader, *PLACES, locale=reader_locale())
    return render_template(
        "bureau/administering/account.html",
        account=row,
        form=form,
        refusal=refusal,
        password=password,
        names=names,
        places={
            place: [Choice(code, text) for code, text in names.choices(place)] for place in PLACES
        },
        roles=ROLES,
        role_names=ROLE_NAMES,
    )


def login_of(account_id: UUID) -> str:
    """Return the login of the account that an address names."""
    with reading() as reader:
        return account_row(reader, account_id).login


def _read(form: Form) -> AccountFilter:
    with form:
        text = form.text("q", longest=LONGEST, required=False)
        role = form.choice("role", ROLES) if form.given("role") else ""
        state = form.choice("state", list(AccountState)) if form.given("state") else ""
    return AccountFilter(
        text=text or None,
        role=Role(role) if role else None,
        state=AccountState(state) if state else None,
    )
