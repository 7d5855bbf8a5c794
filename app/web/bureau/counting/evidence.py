"""凭证与经过: everything behind one meeting; each look is written to the access log."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.http.policy import policy
from app.http.run import reading
from app.queries import bureau_desk, vocabularies
from app.queries.attachments import attachments_of
from app.queries.log_lines import meeting_log
from app.web.shared.layout import reader_locale

NAMED = (
    "street",
    "department",
    "area",
    "industry",
    "need_topic",
    "venture_stage",
    "not_counted_reason",
    "outcome",
    "no_show",
)


def register(blueprint: Blueprint) -> None:
    """Add the page and the printed record."""
    blueprint.get("/bureau/sessions/<uuid:session_id>")(session)
    blueprint.get("/bureau/sessions/<uuid:session_id>/record")(session_record)
    blueprint.get("/bureau/sessions/<reference>")(session_by_reference)


@policy(Permission.READ_COUNTS, logged=True)
def session(session_id: UUID) -> ResponseReturnValue:
    """Show what the decision on a meeting rests on, and the trail of it."""
    with reading() as reader:
        page = bureau_desk.evidence(reader, session_id)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
        files, log = attachments_of(reader, session_id), meeting_log(reader, session_id)
    versions = bureau_desk.compared(page.record.written if page.record else ())
    return render_template(
        "bureau/counting/session.html",
        page=page,
        names=names,
        files=files,
        log=log,
        versions=versions,
    )


@policy(Permission.READ_COUNTS)
def session_record(session_id: UUID) -> ResponseReturnValue:
    """Lead to the record as it is printed and filed, the same for all who may see it."""
    return redirect(url_for("public.record_sheet", session_id=session_id), code=302)


@policy(Permission.READ_COUNTS)
def session_by_reference(reference: str) -> ResponseReturnValue:
    """Lead from the number people see to the meeting's page."""
    with reading() as reader:
        session_id = bureau_desk.session_id_of(reader, reference)
    return redirect(url_for("bureau.session", session_id=session_id), code=302)
