"""记录单: the record of a meeting on paper, for officers, its mentor and its founder."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.http.policy import policy
from app.http.run import reading
from app.queries import vocabularies
from app.queries.record_sheets import record_sheet as sheet_of
from app.web.shared.certificates import record_code_for
from app.web.shared.layout import reader_locale

NAMED = (
    "street",
    "department",
    "area",
    "need_topic",
    "venture_stage",
    "not_counted_reason",
    "outcome",
    "no_show",
)
LARGE = "large"


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/meetings/<uuid:session_id>/record")(record_sheet)


@policy(Permission.READ_SERVICE_SESSION, logged=True)
def record_sheet(session_id: UUID) -> ResponseReturnValue:
    """Show the record as it is printed; in large letters for who reads it without a telephone."""
    with reading() as reader:
        sheet = sheet_of(reader, session_id)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
    written = sheet.evidence.record.written if sheet.evidence.record else ()
    return render_template(
        "records/sheet.html",
        code=record_code_for(written[-1].id) if written else None,
        sheet=sheet,
        page=sheet.evidence,
        names=names,
        is_large=request.args.get("size") == LARGE,
    )
