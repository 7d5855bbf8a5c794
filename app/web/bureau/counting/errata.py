"""勘误: words on a closed month that one officer proposes and another lets be printed."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.calendar import local_day
from app.domain.erratum import LONGEST_WORDS
from app.domain.errors import InvalidInputError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import errata as queries
from app.services import errata
from app.web.bureau.address import month_asked, one_of
from app.web.bureau.counting.reports import report_page
from app.web.shared.forms import Form

_VERDICTS = {"approve": errata.approve, "refuse": errata.refuse}


def register(blueprint: Blueprint) -> None:
    """Add the acts; they are begun on the report of the month."""
    blueprint.post("/bureau/reports/<month>/errata")(propose_erratum)
    blueprint.post("/bureau/errata/<uuid:erratum_id>")(check_erratum)


@policy(Permission.MAKE_CORRECTION)
def propose_erratum(month: str) -> ResponseReturnValue:
    """Propose an erratum; nothing is printed before the check."""
    with reading() as reader:
        wanted = month_asked(month, local_day(reader.now))
    form = Form(request.form)
    try:
        with form:
            words = form.text("words", longest=LONGEST_WORDS)
        run(errata.propose, wanted, words)
    except InvalidInputError as error:
        form.refuse(error)
        return report_page(month, form), 422
    flash(_("已提出勘误，等另一位工作人员复核后印在报告上。"), "ok")
    return redirect(url_for("bureau.report", month=wanted, _anchor="errata"), code=303)


@policy(Permission.CHECK_CORRECTION)
def check_erratum(erratum_id: UUID) -> ResponseReturnValue:
    """Let an erratum be printed or not; not by who proposed it."""
    verdict = one_of(_VERDICTS, request.form.get("verdict", ""))
    with Form(request.form) as form:
        version = form.version()
    run(verdict, erratum_id, version=version)
    with reading() as reader:
        month = queries.erratum(reader, erratum_id).month
    flash(_("已复核。"), "ok")
    return redirect(url_for("bureau.report", month=month, _anchor="errata"), code=303)
