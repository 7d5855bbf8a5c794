"""计划目标: every indicator beside its pace line, and the rows that sum to each."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError
from app.domain.plan import LONGEST_DOCUMENT, IndicatorKind, Line, yuan
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import plan as queries
from app.queries.plan import Asked, IndicatorPage
from app.services import plan
from app.services.plan import BaseChange
from app.web.bureau.address import Address, key_asked, month_asked
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale
from app.web.shared.pace_chart import PaceChart

TABLE = "/bureau/plan"
ONE = f"{TABLE}/indicators/<code>"
FILTERS = frozenset({"year", "month", "until", "line", "after"})


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(TABLE)(plan_table)
    blueprint.get(ONE)(plan_indicator)
    blueprint.get(f"{ONE}/base")(ask_base)
    blueprint.post(f"{ONE}/base")(set_base)


@policy(Permission.READ_PLAN)
def plan_table() -> ResponseReturnValue:
    """Show every indicator in a year, how it stands, and from when it is counted."""
    year = _year(request.args.get("year"))
    with reading() as reader:
        page = queries.plan_page(reader, year)
    return render_template("bureau/plan/plan.html", page=page, yuan=yuan)


@policy(Permission.READ_PLAN, logged=True)
def plan_indicator(code: str) -> ResponseReturnValue:
    """Show one indicator by months, and the rows that sum to the figure the address names."""
    address = Address({name: text for name, text in request.args.items() if name in FILTERS})
    after = key_asked(address.given("after"))
    with reading() as reader:
        page = queries.indicator_page(reader, code, _asked(address, reader.today), after=after)
    return render_template(
        "bureau/plan/indicator.html",
        page=page,
        address=address,
        yuan=yuan,
        chart=_chart(page),
    )


@policy(Permission.CHECK_PLAN)
def ask_base(code: str) -> ResponseReturnValue:
    """Ask from when the indicator is to be counted."""
    return _base_page(code, Form())


@policy(Permission.CHECK_PLAN)
def set_base(code: str) -> ResponseReturnValue:
    """Count the indicator from another base date, from a day on."""
    form = Form(request.form)
    try:
        with form:
            change = BaseChange(
                valid_from=form.day("valid_from"),
                baseline_on=form.day("baseline_on"),
                due_on=form.day("due_on") if form.given("due_on") else None,
                document=form.text("document", longest=LONGEST_DOCUMENT),
            )
        run(plan.set_base, code, change)
    except InvalidInputError as error:
        form.refuse(error)
        return _base_page(code, form), 422
    except ConflictError as error:
        return _base_page(code, form, error_text(error.code, error.facts, reader_locale())), 409
    flash(_("已登记新的基期。"), "ok")
    return redirect(url_for("bureau.plan_indicator", code=code), code=303)


def _base_page(code: str, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        page = queries.indicator_page(reader, code, Asked())
        today = reader.today
    if not form.given("valid_from") and not form.faults:
        form = Form(_present(page, today))
    return render_template("bureau/plan/base.html", page=page, form=form, refusal=refusal)


def _present(page: IndicatorPage, today: date) -> Mapping[str, str]:
    base = page.figure.base
    return {
        "valid_from": today.isoformat(),
        "baseline_on": base.baseline_on.isoformat(),
        "due_on": base.due_on.isoformat() if base.due_on else "",
    }


def _asked(address: Address, today: date) -> Asked:
    """Return which rows an address names.

    Raises:
        NotFoundError: it names a year or a line that there is not.
    """
    line = address.given("line")
    if line is not None and line not in set(Line):
        raise NotFoundError("plan.row_not_found")
    return Asked(
        year=_year(address.given("year")),
        month=_month(address.given("month"), today),
        until=_month(address.given("until"), today),
        line=Line(line) if line else None,
    )


def _month(text: str | None, today: date) -> Month | None:
    return month_asked(text, today) if text else None


def _year(text: str | None) -> int | None:
    """Return the year as written, None for the present one.

    Raises:
        NotFoundError: it is no year.
    """
    if not text:
        return None
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise NotFoundError("plan.no_such_year")
    return int(text)


def _chart(page: IndicatorPage) -> PaceChart:
    is_long = page.figure.kind is not IndicatorKind.YEARLY
    names = [
        _("%(year)s年%(number)s月", year=point.month.year, number=point.month.number)
        if is_long
        else _("%(number)s月", number=point.month.number)
        for point in page.months
    ]
    return PaceChart(
        tuple(names),
        tuple(point.value for point in page.months),
        tuple(point.expected for point in page.months),
        page.figure.target.scale,
    )
