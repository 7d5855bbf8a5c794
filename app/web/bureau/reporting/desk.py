"""报表导出: a report of a month, quarter, half-year or year as a file, made while one goes on."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission, may
from app.domain.calendar import local_day
from app.domain.report_file import UNDER_WAY, ReportFormat
from app.domain.stretch import Rhythm, Stretch
from app.http.edge import is_fragment
from app.http.policy import policy
from app.http.run import reading, run
from app.models.report_file import ReportFile
from app.queries import report_files as pages
from app.services import report_files
from app.web.bureau.address import one_of, stretch_asked

_FORMATS = {each.value: each for each in ReportFormat}
_KINDS = {
    ReportFormat.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.TEXT: "text/csv; charset=utf-8",
}
# How many stretches of a rhythm are offered, the present one among them.
_OFFERED = {Rhythm.MONTH: 13, Rhythm.QUARTER: 9, Rhythm.HALF_YEAR: 5, Rhythm.YEAR: 4}


def register(blueprint: Blueprint) -> None:
    """Add the pages, the act and the file."""
    blueprint.get("/bureau/report-files")(report_desk)
    blueprint.post("/bureau/report-files")(ask_report_file)
    blueprint.get("/bureau/report-files/<uuid:file_id>")(report_file)
    blueprint.get("/bureau/report-files/<uuid:file_id>/content")(report_content)


@policy(Permission.READ_REPORT_FILES)
def report_desk() -> ResponseReturnValue:
    """Offer a report of each rhythm, and show the files of the last thirty days."""
    with reading() as reader:
        files = pages.newest(reader)
        today = local_day(reader.now)
        may_make = may(reader.actor, Permission.MAKE_REPORT)
    offers = {
        rhythm: _back_from(Stretch.of(rhythm, today), count) for rhythm, count in _OFFERED.items()
    }
    return render_template(
        "bureau/reporting/desk.html", files=files, offers=offers, may_make=may_make
    )


@policy(Permission.MAKE_REPORT)
def ask_report_file() -> ResponseReturnValue:
    """Have a report made; a second press leads to the same one."""
    stretch = stretch_asked(request.form.get("stretch", ""))
    wanted = one_of(_FORMATS, request.form.get("format", ""))
    made: ReportFile = run(report_files.ask, stretch, wanted)
    return redirect(url_for("bureau.report_file", file_id=made.id), code=303)


@policy(Permission.READ_REPORT_FILES)
def report_file(file_id: UUID) -> ResponseReturnValue:
    """Show how far a file has come, then the file."""
    with reading() as reader:
        page = pages.one(reader, file_id)
    part = "bureau/reporting/state.html" if is_fragment() else "bureau/reporting/file.html"
    return render_template(part, page=page, is_under_way=page.status in UNDER_WAY)


@policy(Permission.READ_REPORT_FILES, logged=True)
def report_content(file_id: UUID) -> ResponseReturnValue:
    """Hand out the file; whoever takes it is noted."""
    with reading() as reader:
        page = pages.one(reader, file_id)
        content = pages.content(reader, file_id)
    headers = {"Content-Disposition": f'attachment; filename="{page.name}"'}
    return Response(content, content_type=_KINDS[page.format], headers=headers)


def _back_from(stretch: Stretch, count: int) -> list[Stretch]:
    """Return the stretch and those before it; the last that has ended comes first."""
    stretches = [stretch]
    while len(stretches) < count:
        stretches.append(stretches[-1].preceding())
    return [stretches[1], stretches[0], *stretches[2:]]
