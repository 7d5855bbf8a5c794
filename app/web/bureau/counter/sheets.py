"""登记表: printed to be filled in by hand, and typed in later as one batch."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.calendar import local_day
from app.domain.errors import ConflictError, InvalidInputError
from app.domain.paper_sheet import ALPHABET, MARKS, MOST_ROWS, sheet_number
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import vocabularies
from app.services import desk_entries
from app.web.bureau.counter.sheet_form import (
    WRITTEN,
    faulty_rows,
    named,
    read_sheet,
    rows_shown,
)
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

SHEETS = "/bureau/desk/sheets"
PRINTED_ROWS = 12


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(f"{SHEETS}/blank")(blank_sheet)
    blueprint.get(f"{SHEETS}/new")(new_sheet)
    blueprint.post(f"{SHEETS}/new")(enter_sheet)


@policy(Permission.ENTER_ON_PAPER)
def blank_sheet() -> ResponseReturnValue:
    """Show a sheet with a number of its own and numbered rows, to be printed."""
    with reading() as reader:
        today = local_day(reader.now)
    number = sheet_number(today, [secrets.randbelow(len(ALPHABET)) for _ in range(MARKS)])
    return render_template("bureau/counter/sheet_blank.html", number=number, rows=PRINTED_ROWS)


@policy(Permission.ENTER_ON_PAPER)
def new_sheet() -> ResponseReturnValue:
    """Ask for what stands on a sheet."""
    return _page(Form())


@policy(Permission.ENTER_ON_PAPER)
def enter_sheet() -> ResponseReturnValue:
    """Enter the whole sheet, or nothing of it; or give more rows to fill in."""
    form = Form(request.form)
    if form.given("more"):
        return _page(form)
    try:
        typed = read_sheet(form)
        kept = run(desk_entries.enter_sheet, typed.sheet)
    except InvalidInputError as error:
        rows = [each for each in error.errors if each.field.startswith("rows[")]
        form.refuse(typed.faults(error.errors) if rows else error)
        return _page(form), 422
    except ConflictError as error:
        return _page(form, error), status_of(error)
    flash(
        _(
            "登记表 %(number)s 已录入 %(count)s 行。请另一位工作人员核对签字以后计入。",
            number=kept.number,
            count=len(typed.sheet.rows),
        ),
        "ok",
    )
    return redirect(url_for("bureau.desk"), code=303)


def _page(form: Form, refusal: ConflictError | None = None) -> str:
    with reading() as reader:
        names = vocabularies.labels(reader, "need_topic", locale=reader_locale())
    count = rows_shown(form)
    filled = [
        at for at in range(1, count + 1) if any(form.given(named(at, each)) for each in WRITTEN)
    ]
    return render_template(
        "bureau/counter/sheet_typed.html",
        form=form,
        refusal=refusal,
        count=count,
        filled=filled,
        faults=faulty_rows(form),
        may_grow=count < MOST_ROWS,
        topics=[Choice(*each) for each in names.choices("need_topic")],
    )
