"""抽查: a sample drawn from closed months, its list, its results, and how to draw it again."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.adapters.sheets import write_comma_separated
from app.domain.actor import Permission
from app.domain.calendar import InvalidMonthError, Month
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.sample import (
    CONFIDENCES,
    LARGEST,
    LONGEST_NUMBER,
    MARGINS,
    Basis,
    Difference,
    SampleResult,
    size_for,
)
from app.http.policy import audit, policy
from app.http.run import reading, run
from app.http.status import status_of
from app.models.sample import Sample
from app.queries import samples as queries
from app.queries import vocabularies
from app.queries.samples import Found
from app.queries.service_counts.closed import closed_months
from app.services import samples
from app.services.samples import Draw
from app.web.bureau.address import one_of
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/samples"
ONE = f"{LIST}/<uuid:sample_id>"
USUAL_CONFIDENCE, USUAL_MARGIN, FEWEST = 95, 10, 20
DIFFERENCE_NAMES = {
    Difference.DATE: lazy_gettext("日期不对"),
    Difference.MINUTES: lazy_gettext("时长不对"),
    Difference.PERSONS: lazy_gettext("到场的人不对"),
    Difference.NEVER_HAPPENED: lazy_gettext("没有这次服务"),
}
RESULT_NAMES = {
    SampleResult.AGREED: lazy_gettext("与记录相符"),
    SampleResult.DIFFERS: lazy_gettext("与记录不符"),
    SampleResult.NOT_REACHED: lazy_gettext("没有联系上"),
}
FOUND_NAMES = {
    **{Found(each): name for each, name in RESULT_NAMES.items()},
    Found.OPEN: lazy_gettext("还没有打"),
}
_FOUND = {each.value: each for each in Found}


def register(blueprint: Blueprint) -> None:
    """Add the pages, the file and the act."""
    blueprint.get(LIST)(sample_list)
    blueprint.get(f"{LIST}/new")(new_sample)
    blueprint.post(f"{LIST}/new")(draw_sample)
    blueprint.get(ONE)(sample)
    blueprint.get(f"{ONE}/print")(sample_print)
    blueprint.get(f"{ONE}/list.csv")(sample_lines)


@policy(Permission.READ_SAMPLES)
def sample_list() -> ResponseReturnValue:
    """Show every sample that was drawn, the newest first."""
    with reading() as reader:
        rows = queries.sample_list(reader)
    return render_template("bureau/auditing/samples.html", rows=rows)


@policy(Permission.DRAW_SAMPLE)
def new_sample() -> ResponseReturnValue:
    """Ask from which months and how many; show what may be drawn from, and how many are needed."""
    return _form_page(Form(request.args))


@audit
@policy(Permission.DRAW_SAMPLE)
def draw_sample() -> ResponseReturnValue:
    """Draw a sample and freeze it."""
    form = Form(request.form)
    try:
        drawn: Sample = run(samples.draw, _read(form))
    except InvalidInputError as error:
        form.refuse(error)
        return _form_page(form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _form_page(form, why), status_of(error)
    flash(_("已抽取并固定，种子和名单不能再改。"), "ok")
    return redirect(url_for("bureau.sample", sample_id=drawn.id), code=303)


@policy(Permission.READ_SAMPLES, logged=True)
def sample(sample_id: UUID) -> ResponseReturnValue:
    """Show a sample: how it was drawn, its records, what the calls found."""
    asked = request.args.get("found", "")
    return _shown(sample_id, "bureau/auditing/sample.html", one_of(_FOUND, asked) if asked else "")


@policy(Permission.READ_SAMPLES, logged=True)
def sample_print(sample_id: UUID) -> ResponseReturnValue:
    """Show a sample with its results as it is printed, signed and filed."""
    return _shown(sample_id, "bureau/auditing/sample_print.html")


@policy(Permission.READ_SAMPLES, logged=True)
def sample_lines(sample_id: UUID) -> ResponseReturnValue:
    """Hand out the whole list a sample was drawn from, for the script that draws it again."""
    with reading() as reader:
        drawn = queries.sample_page(reader, sample_id).sample
        lines = queries.list_lines(reader, drawn)
    text = write_comma_separated(
        ["id", "type", "reference"], [[line.id, line.kind, line.reference] for line in lines]
    )
    name = f"{drawn.reference}.csv"
    return Response(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _read(form: Form) -> Draw:
    with form:
        first, last = _month(form, "first"), _month(form, "last")
        size = form.integer("size", 1, LARGEST)
        number = form.text("number", longest=LONGEST_NUMBER, required=False)
        basis = form.choice("basis", list(Basis))
        is_by_kind = form.checkbox("by_kind")
    return Draw(
        first=Month.parse(first),
        last=Month.parse(last),
        size=size,
        number=number,
        basis=Basis(basis),
        is_by_kind=is_by_kind,
    )


def _month(form: Form, name: str) -> str:
    """Read a month as one of the closed ones; to be called within `with form:`."""
    with reading() as reader:
        return form.choice(name, [str(month) for month in closed_months(reader)])


def _form_page(form: Form, refusal: str = "") -> str:
    with reading() as reader:
        months = sorted(closed_months(reader), reverse=True)
        first = _among(form.raw("first"), months)
        last = _among(form.raw("last"), [each for each in months if first and each >= first])
        basis = Basis.NEWEST if form.raw("basis") == Basis.NEWEST else Basis.FIRST
        lot = queries.find_lot(reader, first, last, basis) if first and last else None
    confidence = _percent(form.raw("confidence"), CONFIDENCES, USUAL_CONFIDENCE)
    margin = _percent(form.raw("margin"), MARGINS, USUAL_MARGIN)
    there = len(lot.records) if lot else 0
    needed = size_for(there, confidence, margin) if there else 0
    if not form.given("size") and not form.faults:
        asked = {name: form.raw(name) for name in ("number", "by_kind")}
        start = {"first": str(first), "last": str(last), "basis": basis.value}
        form = Form({**asked, **start, "size": str(max(needed, min(FEWEST, there)))})
    return render_template(
        "bureau/auditing/sample_new.html",
        months=[Choice(str(month), str(month)) for month in months],
        form=form,
        refusal=refusal,
        lot=lot,
        needed=needed,
        confidence=confidence,
        margin=margin,
        confidences=CONFIDENCES,
        margins=MARGINS,
    )


def _among(text: str, months: list[Month]) -> Month | None:
    """Return the closed month as written, or the newest one."""
    try:
        asked = Month.parse(text)
    except InvalidMonthError:
        asked = None
    return asked if asked in months else next(iter(months), None)


def _percent(text: str, known: tuple[int, ...], usual: int) -> int:
    return int(text) if text in map(str, known) else usual


def _shown(sample_id: UUID, template: str, found: Found | str = "") -> str:
    with reading() as reader:
        page = queries.sample_page(reader, sample_id)
        again = queries.redraw(reader, page.sample)
        names = vocabularies.labels(reader, "not_counted_reason", locale=reader_locale())
    return render_template(
        template,
        page=page,
        again=again,
        found=found,
        names=names,
        found_names=FOUND_NAMES,
        difference_names=DIFFERENCE_NAMES,
    )
