"""部门报送: figures that departments report of indicators, signed off by an approver."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission, may
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.ids import parse_id
from app.domain.plan import LONGEST_DOCUMENT, LONGEST_GROUNDS, CheckStatus
from app.http.actor import current_actor
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import vocabularies
from app.queries.plan import entered
from app.queries.plan.reporting import reportable
from app.services import plan
from app.services.plan import Report
from app.services.plan.reports import MOST
from app.web.bureau.address import key_asked, one_of
from app.web.bureau.plan.items import STATES
from app.web.bureau.plan.verdicts import decided
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/plan/reports"
ONE = f"{LIST}/<uuid:figure_id>"
LONGEST_PERIOD = 10


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(LIST)(reported_list)
    blueprint.get(f"{LIST}/new")(ask_report)
    blueprint.post(f"{LIST}/new")(send_report)
    blueprint.get(ONE)(reported_figure)
    blueprint.post(ONE)(check_report)


@policy(Permission.READ_PLAN, Permission.REPORT_PLAN)
def reported_list() -> ResponseReturnValue:
    """Show what departments reported; a liaison sees what is his department's."""
    state = request.args.get("state") or CheckStatus.PROPOSED.value
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        page = entered.report_entries(reader, one_of(STATES, state), after=after)
        names = vocabularies.labels(reader, "department", locale=reader_locale())
    may_report = may(current_actor(), Permission.REPORT_PLAN)
    return render_template(
        "bureau/plan/reports.html", page=page, state=state, names=names, may_report=may_report
    )


@policy(Permission.READ_PLAN, Permission.REPORT_PLAN)
def reported_figure(figure_id: UUID) -> ResponseReturnValue:
    """Show one reported figure."""
    return _one(figure_id, Form())


@policy(Permission.CHECK_PLAN)
def check_report(figure_id: UUID) -> ResponseReturnValue:
    """Sign a figure off, or send it back."""
    form, refusal = decided(figure_id, plan.approve_report, plan.refuse_report)
    if refusal is None:
        return redirect(url_for("bureau.reported_figure", figure_id=figure_id), code=303)
    return _one(figure_id, form, refusal.text), refusal.status


@policy(Permission.REPORT_PLAN)
def ask_report() -> ResponseReturnValue:
    """Ask for which indicator and period, how much, and what shows it."""
    return _page(Form(request.args.to_dict()), is_new=True)


@policy(Permission.REPORT_PLAN)
def send_report() -> ResponseReturnValue:
    """Report a figure; it counts once an approver has signed it off."""
    form = Form(request.form)
    try:
        with form:
            given = Report(
                code=form.text("code", longest=LONGEST_PERIOD),
                period=form.text("period", longest=LONGEST_PERIOD),
                amount=0 if form.checkbox("is_void") else form.integer("amount", 0, MOST),
                document=form.text("document", longest=LONGEST_DOCUMENT),
                note=form.text("note", longest=LONGEST_GROUNDS, required=form.given("replaces")),
                replaces=form.identifier("replaces") if form.given("replaces") else None,
                is_void=form.checkbox("is_void"),
            )
        run(plan.report, given)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(form, why), status_of(error)
    flash(_("已报送，等人社局复核签收。签收以前不计入。"), "ok")
    return redirect(url_for("bureau.reported_list"), code=303)


def _one(figure_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        row = entered.reported_figure(reader, figure_id)
        names = vocabularies.labels(reader, "department", locale=reader_locale())
    may_report = may(current_actor(), Permission.REPORT_PLAN)
    return render_template(
        "bureau/plan/report.html",
        row=row,
        form=form,
        names=names,
        refusal=refusal,
        may_report=may_report,
    )


def _page(form: Form, refusal: str = "", *, is_new: bool = False) -> str:
    replaced = parse_id(form.raw("replaces"))
    with reading() as reader:
        old = entered.reported_figure(reader, replaced) if replaced else None
        choices = [
            Choice(each.code, each.zh if reader_locale() == "zh" else each.en, each.unit)
            for each in reportable(reader)
        ]
    if old and is_new:
        form = Form(
            {
                "replaces": str(old.checked.id),
                "code": old.code,
                "period": old.period,
                "amount": str(old.shown),
                "document": old.document,
            }
        )
    return render_template(
        "bureau/plan/report_form.html", form=form, old=old, choices=choices, refusal=refusal
    )
