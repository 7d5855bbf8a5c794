"""审计账户: opened for some days, prolonged with a reason, ended early."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.account import (
    LONGEST_AUDIT_DAYS,
    LONGEST_LOGIN,
    LONGEST_NAME,
    LONGEST_PURPOSE,
    USUAL_AUDIT_DAYS,
    first_password,
)
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.http.policy import policy
from app.http.run import run
from app.services import accounts
from app.web.bureau.administering.accounts import PAGE, SHOWN_ONCE, act_on
from app.web.shared.forms import Form

NEW = "/bureau/accounts/new-auditor"


def register(blueprint: Blueprint) -> None:
    """Add the form and the acts."""
    blueprint.get(NEW)(ask_auditor)
    blueprint.post(NEW)(open_auditor)
    blueprint.post(f"{PAGE}/prolong")(prolong_auditor)
    blueprint.post(f"{PAGE}/end")(end_auditor)


@policy(Permission.MANAGE_ACCOUNTS)
def ask_auditor() -> ResponseReturnValue:
    """Ask who is to audit, for how long, and by which order."""
    return _form(Form({"days": str(USUAL_AUDIT_DAYS)}))


@policy(Permission.MANAGE_ACCOUNTS)
def open_auditor() -> ResponseReturnValue:
    """Open the account; its first password is shown once, on the next page."""
    form, password = Form(request.form), first_password()
    try:
        with form:
            new = accounts.NewAuditor(
                login=form.text("login", longest=LONGEST_LOGIN),
                name=form.text("name", longest=LONGEST_NAME),
                password=password,
                days=form.integer("days", 1, LONGEST_AUDIT_DAYS),
                purpose=form.text("purpose", longest=LONGEST_PURPOSE),
            )
        made = accounts.secret_sha256(password)
        opened = run(accounts.open_auditor, new, answer=lambda row: {"id": row.id, "made": made})
    except InvalidInputError as error:
        form.refuse(error)
        return _form(form), 422
    if opened["made"] == made:
        session[SHOWN_ONCE] = password
    # Pressed twice, the account was opened by the first press, whose password is not known here.
    flash(_("审计账户已开通，到期自动停用。"), "ok")
    return redirect(url_for("bureau.account", account_id=opened["id"]), code=303)


@policy(Permission.MANAGE_ACCOUNTS)
def prolong_auditor(account_id: UUID) -> ResponseReturnValue:
    """Let the account serve longer."""
    form = Form(request.form)

    def prolong() -> None:
        with form:
            days = form.integer("days", 1, LONGEST_AUDIT_DAYS)
            reason, version = form.text("reason", longest=LONGEST_PURPOSE), form.version()
        run(accounts.prolong_auditor, account_id, days, reason, version=version)

    return act_on(account_id, form, prolong, _("审计期限已延长。"))


@policy(Permission.MANAGE_ACCOUNTS)
def end_auditor(account_id: UUID) -> ResponseReturnValue:
    """End the account now."""
    form = Form(request.form)

    def end() -> None:
        with form:
            reason, version = form.text("end_reason", longest=LONGEST_PURPOSE), form.version()
        run(accounts.end_auditor, account_id, reason, version=version)

    return act_on(account_id, form, end, _("审计账户已结束，登录已全部退出。"))


def _form(form: Form) -> str:
    return render_template(
        "bureau/administering/auditor_form.html", form=form, most=LONGEST_AUDIT_DAYS
    )
