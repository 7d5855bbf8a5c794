"""口径变更: the rows of the policy; a new one proposed, checked, tried on the past, withdrawn."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.policy_change import (
    LATEST_CLOSING,
    LONGEST_REASON,
    MOST_DAYS,
    MOST_MINUTES,
    TYPES,
    Numbers,
    numbers_of,
)
from app.domain.service_record import CountingPolicy
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.models.policy_change import PolicyChange
from app.queries import policy_changes as pages
from app.services import policy_changes
from app.web.bureau.address import one_of
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/policies"
ONE = f"{LIST}/<uuid:change_id>"
_VERDICTS = {"enter": policy_changes.enter, "refuse": policy_changes.refuse}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(LIST)(policy_list)
    blueprint.get(f"{LIST}/new")(new_policy)
    blueprint.post(f"{LIST}/new")(propose_policy)
    blueprint.get(ONE)(policy_change)
    blueprint.post(f"{ONE}/check")(check_policy)
    blueprint.post(f"{ONE}/withdraw")(withdraw_policy)


@policy(Permission.READ_COUNTS)
def policy_list() -> ResponseReturnValue:
    """Show every row of the policy and every change of it."""
    with reading() as reader:
        page = pages.policies(reader)
    return render_template("bureau/counting/policies.html", page=page)


@policy(Permission.PROPOSE_POLICY)
def new_policy() -> ResponseReturnValue:
    """Show the numbers in force, to be changed from a coming month on."""
    return _form(None)


@policy(Permission.PROPOSE_POLICY)
def propose_policy() -> ResponseReturnValue:
    """Propose a row; nothing holds before another person has entered it."""
    form = Form(request.form)
    try:
        with form:
            valid_from, numbers = form.day("valid_from"), _numbers(form)
            reason = form.text("reason", longest=LONGEST_REASON)
        made: PolicyChange = run(policy_changes.propose, valid_from, numbers, reason)
    except InvalidInputError as error:
        form.refuse(error)
        return _form(form), 422
    except (ConflictError, RuleError) as error:
        return _form(form, _why(error)), status_of(error)
    flash(_("已提出。先在过去的月份上预演，再由另一个人复核；复核以前口径不变。"), "ok")
    return redirect(url_for("bureau.policy_change", change_id=made.id), code=303)


@policy(Permission.READ_COUNTS)
def policy_change(change_id: UUID) -> ResponseReturnValue:
    """Show one change: what it sets anew, who is behind it, and its previews."""
    return _page(change_id, Form())


@policy(Permission.CHECK_POLICY)
def check_policy(change_id: UUID) -> ResponseReturnValue:
    """Enter the row or refuse it; who proposed it can do neither."""
    verdict = one_of(_VERDICTS, request.form.get("verdict", ""))
    form = Form(request.form)
    try:
        with form:
            version = form.version()
        run(verdict, change_id, version=version)
    except (ConflictError, RuleError) as error:
        return _page(change_id, Form(), _why(error)), status_of(error)
    flash(_("已复核。"), "ok")
    return redirect(url_for("bureau.policy_change", change_id=change_id), code=303)


@policy(Permission.PROPOSE_POLICY)
def withdraw_policy(change_id: UUID) -> ResponseReturnValue:
    """Take back a change that is not in force; its row stays on the list."""
    form = Form(request.form)
    try:
        with form:
            reason, version = form.text("reason", longest=LONGEST_REASON), form.version()
        run(policy_changes.withdraw, change_id, reason, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(change_id, form), 422
    except (ConflictError, RuleError) as error:
        return _page(change_id, form, _why(error)), status_of(error)
    flash(_("已撤回。这一行留在清单里，不会用它判断任何记录。"), "ok")
    return redirect(url_for("bureau.policy_change", change_id=change_id), code=303)


def _why(error: ConflictError | RuleError) -> str:
    return error_text(error.code, error.facts, reader_locale())


def _numbers(form: Form) -> Numbers:
    """Read the numbers; to be called within `with form:`."""
    return Numbers(
        min_minutes={each: form.integer(f"min_{each.value}", 0, MOST_MINUTES) for each in TYPES},
        standard_minutes={
            each: form.integer(f"standard_{each.value}", 1, MOST_MINUTES) for each in TYPES
        },
        merge_gap_minutes=form.integer("merge_gap_minutes", 0, MOST_MINUTES),
        close_working_day=form.integer("close_working_day", 1, LATEST_CLOSING),
        overrun_cap_minutes=_optional(form, "overrun_cap_minutes", MOST_MINUTES),
        late_confirmation_days=_optional(form, "late_confirmation_days", MOST_DAYS),
    )


def _optional(form: Form, name: str, most: int) -> int | None:
    return form.integer(name, 0, most) if form.given(name) else None


def _as_sent(in_force: CountingPolicy) -> dict[str, str]:
    numbers = numbers_of(in_force)
    plain = {
        "merge_gap_minutes": numbers.merge_gap_minutes,
        "close_working_day": numbers.close_working_day,
        "overrun_cap_minutes": numbers.overrun_cap_minutes,
        "late_confirmation_days": numbers.late_confirmation_days,
        **{f"min_{each.value}": numbers.min_minutes[each] for each in TYPES},
        **{f"standard_{each.value}": numbers.standard_minutes[each] for each in TYPES},
    }
    return {name: "" if value is None else str(value) for name, value in plain.items()}


def _form(form: Form | None, refusal: str = "") -> str:
    with reading() as reader:
        page = pages.policies(reader)
    return render_template(
        "bureau/counting/policy_new.html",
        page=page,
        form=form or Form(_as_sent(page.rows[0])),
        refusal=refusal,
        types=TYPES,
        most={"minutes": MOST_MINUTES, "days": MOST_DAYS, "closing": LATEST_CLOSING},
    )


def _page(change_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        page = pages.change(reader, change_id)
    return render_template(
        "bureau/counting/policy_change.html",
        page=page,
        form=form,
        refusal=refusal,
    )
