"""月报: the figures of a month as they were reported and as they are known, and its closing."""

import io

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.evidence_files import verifier
from app.domain.actor import Permission, may
from app.domain.calendar import local_day
from app.domain.stretch import Rhythm, Stretch
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import bureau_desk, vocabularies
from app.queries import errata as queries
from app.queries.published_reports import published_report, report_hash
from app.services import periods
from app.web.bureau.address import month_asked
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

NAMED = ("area", "street", "industry", "department", "not_counted_reason", "founder_group")


def register(blueprint: Blueprint) -> None:
    """Add the pages and the act."""
    blueprint.get("/bureau/reports")(report_list)
    blueprint.get("/bureau/reports/<month>")(report)
    blueprint.get("/bureau/reports/<month>/published.csv")(published_file)
    blueprint.post("/bureau/periods/<month>/close")(close)


@policy(Permission.READ_COUNTS)
def report_list() -> ResponseReturnValue:
    """Show every month and whether it is closed."""
    with reading() as reader:
        page = bureau_desk.report_list(reader)
        today = local_day(reader.now)
    stretches = [
        Stretch.of(rhythm, today) for rhythm in (Rhythm.QUARTER, Rhythm.HALF_YEAR, Rhythm.YEAR)
    ]
    both = [stretch for each in stretches for stretch in (each, each.preceding())]
    return render_template("bureau/counting/reports.html", page=page, stretches=both)


@policy(Permission.READ_COUNTS)
def report(month: str) -> ResponseReturnValue:
    """Show the report of a month, fit to be printed."""
    return report_page(month, Form())


def report_page(month: str, form: Form) -> str:
    """Return the report with the form of an erratum as it was filled in."""
    with reading() as reader:
        wanted = month_asked(month, local_day(reader.now))
        page = bureau_desk.month_report(reader, wanted)
        seal = bureau_desk.seal_of_month(reader, wanted) if page.counts.is_closed else None
        errata = queries.errata(reader, [wanted])
        kept_hash = report_hash(reader, wanted) if page.counts.is_closed else None
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
        may_prove = may(reader.actor, Permission.READ_AUDIT)
    program = verifier().sha256 if seal and may_prove else None
    return render_template(
        "bureau/counting/report.html",
        page=page,
        names=names,
        seal=seal,
        program=program,
        kept_hash=kept_hash,
        errata=errata,
        form=form,
    )


@policy(Permission.READ_COUNTS, logged=True)
def published_file(month: str) -> ResponseReturnValue:
    """Hand out the report as it was published at the closing: always the same bytes."""
    with reading() as reader:
        wanted = month_asked(month, local_day(reader.now))
        kept = published_report(reader, wanted)
    return send_file(
        io.BytesIO(kept.content),
        mimetype="text/csv",
        as_attachment=True,
        download_name=f"report-{kept.month}.csv",
        etag=kept.sha256,
    )


@policy(Permission.CLOSE_PERIOD)
def close(month: str) -> ResponseReturnValue:
    """Close a month; there is no reopening."""
    with reading() as reader:
        wanted = month_asked(month, local_day(reader.now))
    run(periods.close, wanted)
    flash(_("已结账。公布的数字和背后的记录已固定。"), "ok")
    return redirect(url_for("bureau.report", month=wanted), code=303)
