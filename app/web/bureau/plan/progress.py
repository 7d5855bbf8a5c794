"""工作进展表: twenty items by department, filled in by liaisons, signed off by the bureau."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.calendar import local_day
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.plan import LONGEST_DOCUMENT, ReportPeriod
from app.domain.plan.progress import (
    LONGEST_FIGURE,
    LONGEST_WORDS,
    MOST_AMOUNT,
    MOST_FIGURES,
    Progress,
    ProgressFigure,
)
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import vocabularies
from app.queries.plan import progress as queries
from app.queries.plan.progress import EntryPage, ProgressFilter
from app.services.plan import progress
from app.web.bureau.address import one_of
from app.web.bureau.plan.verdicts import decided
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

TABLE = "/bureau/plan/progress"
ONE = f"{TABLE}/<uuid:entry_id>"
LONGEST_PERIOD = 10
# A form reads whole numbers of nine digits.
MOST_TYPED = min(MOST_AMOUNT, 999_999_999)
_NAMED = ("department", "plan_item")
_FILTERS = {each.value: each for each in ProgressFilter}
_ACTS = {"save": progress.save_progress, "submit": progress.submit_progress}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(TABLE)(progress_table)
    blueprint.get(f"{TABLE}/print")(progress_print)
    blueprint.post(f"{TABLE}/open")(open_round)
    blueprint.get(ONE)(progress_entry)
    blueprint.post(ONE)(write_progress)
    blueprint.post(f"{ONE}/verdict")(check_progress)


@policy(Permission.READ_PLAN, Permission.REPORT_PLAN)
def progress_table() -> ResponseReturnValue:
    """Show the whole table to the bureau, and to a liaison what is his department's."""
    return _table(Form(), "bureau/plan/progress.html")


@policy(Permission.READ_PLAN, Permission.REPORT_PLAN)
def progress_print() -> ResponseReturnValue:
    """Show the table as it is printed."""
    return _table(Form(), "bureau/plan/progress_print.html")


@policy(Permission.ENTER_PLAN)
def open_round() -> ResponseReturnValue:
    """Ask every department how its items went in a period."""
    form = Form(request.form)
    try:
        with form:
            period = form.text("period", longest=LONGEST_PERIOD)
            due_on = form.day("due_on") if form.given("due_on") else None
        run(progress.open_round, period, due_on)
    except InvalidInputError as error:
        form.refuse(error)
        return _table(form, "bureau/plan/progress.html"), 422
    except ConflictError as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _table(form, "bureau/plan/progress.html", why), status_of(error)
    flash(_("已发起填报，各部门联络员会收到通知。"), "ok")
    return redirect(url_for("bureau.progress_table", period=period.upper()), code=303)


@policy(Permission.READ_PLAN, Permission.REPORT_PLAN)
def progress_entry(entry_id: UUID) -> ResponseReturnValue:
    """Show one entry: the form while it may be filled in, and every version of it."""
    return _one(entry_id, Form())


@policy(Permission.REPORT_PLAN)
def write_progress(entry_id: UUID) -> ResponseReturnValue:
    """Keep what is written so far, or hand it in."""
    form = Form(request.form)
    try:
        with form:
            act = form.choice("act", tuple(_ACTS))
            said = _said(form, is_whole=act == "submit")
            version = form.version()
        run(_ACTS[act], entry_id, said, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _one(entry_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _one(entry_id, form, why), status_of(error)
    flash(_("已提交，等人社局签收。") if act == "submit" else _("草稿已保存。"), "ok")
    return redirect(url_for("bureau.progress_entry", entry_id=entry_id), code=303)


@policy(Permission.CHECK_PLAN)
def check_progress(entry_id: UUID) -> ResponseReturnValue:
    """Sign an entry off, or send it back with words."""
    form, refusal = decided(entry_id, progress.sign_progress, progress.return_progress)
    if refusal is None:
        return redirect(url_for("bureau.progress_entry", entry_id=entry_id), code=303)
    return _one(entry_id, form, refusal.text), refusal.status


def _said(form: Form, *, is_whole: bool) -> Progress:
    """Read what is said of an item; to be called within `with form:`."""
    figures = []
    for number in range(1, MOST_FIGURES + 1):
        if form.given(f"name_{number}") or form.given(f"amount_{number}"):
            name = form.text(f"name_{number}", longest=LONGEST_FIGURE)
            amount = form.integer(f"amount_{number}", 0, MOST_TYPED)
            unit = form.text(f"unit_{number}", longest=LONGEST_FIGURE)
            figures.append(ProgressFigure(name, amount, unit))
    return Progress(
        words=form.text("words", longest=LONGEST_WORDS, required=is_whole),
        figures=tuple(figures),
        document=form.text("document", longest=LONGEST_DOCUMENT, required=False),
    )


def _table(form: Form, template: str, refusal: str = "") -> str:
    which = one_of(_FILTERS, request.args.get("state") or ProgressFilter.ALL.value)
    with reading() as reader:
        page = queries.progress_table(reader, request.args.get("period") or None)
        names = vocabularies.labels(reader, *_NAMED, locale=reader_locale())
        today = local_day(reader.now)
    if page.may_open and not form.given("period"):
        form = form if form.faults else Form({"period": ReportPeriod.quarter_of(today).code})
    return render_template(
        template,
        page=page,
        entries=page.of(which),
        state=which,
        names=names,
        form=form,
        refusal=refusal,
    )


def _one(entry_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        page = queries.progress_entry(reader, entry_id)
        names = vocabularies.labels(reader, *_NAMED, locale=reader_locale())
    if page.entry.may_write and not form.faults and not form.given("act"):
        form = Form(_written(page))
    return render_template(
        "bureau/plan/progress_entry.html",
        page=page,
        names=names,
        form=form,
        refusal=refusal,
        places=_places(form),
    )


def _places(form: Form) -> range:
    """Return the places for figures: those filled in, one more, and three at the least."""
    filled = [
        number
        for number in range(1, MOST_FIGURES + 1)
        if form.given(f"name_{number}") or form.given(f"amount_{number}")
    ]
    return range(1, min(MOST_FIGURES, max(3, max(filled, default=0) + 1)) + 1)


def _written(page: EntryPage) -> dict[str, str]:
    values = {"words": page.entry.words, "document": page.entry.document}
    for number, each in enumerate(page.entry.figures, start=1):
        values |= {
            f"name_{number}": each.name,
            f"amount_{number}": str(each.amount),
            f"unit_{number}": each.unit,
        }
    return values
