"""The workspace and the printed report, as each portal shows them."""

from uuid import UUID

from flask import render_template, request

from app.domain.errors import NotFoundError
from app.http.run import reading
from app.queries.diagnoses import DiagnosisPage, workspace
from app.web.shared.diagnosis.errand import LAYOUTS
from app.web.shared.diagnosis.names import NAMES
from app.web.shared.forms import Form


def look(session_id: UUID) -> DiagnosisPage:
    """Return the workspace of a meeting as the reader may see it."""
    with reading() as reader:
        return workspace(reader, session_id)


def workspace_page(portal: str, session_id: UUID) -> str:
    """Return the page on which the panel works and the bureau reads."""
    return render_template(
        "diagnosis/workspace.html",
        layout=LAYOUTS.get(portal, "layouts/flow.html"),
        portal=portal,
        page=look(session_id),
        names=NAMES,
        form=Form(),
    )


def report_page(portal: str, session_id: UUID) -> str:
    """Return a version of the report as it is printed: the one asked for, or the newest.

    Raises:
        NotFoundError: there is no such version, or the reader may not see it.
    """
    page = look(session_id)
    asked = request.args.get("number", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0
    report = page.report_numbered(number) if asked else page.report
    if report is None:
        raise NotFoundError("diagnosis_report.not_found")
    return render_template(
        "diagnosis/report.html",
        layout=LAYOUTS.get(portal, "layouts/flow.html"),
        portal=portal,
        page=page,
        report=report,
        names=NAMES,
    )
