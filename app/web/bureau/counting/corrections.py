"""更正: one officer proposes what is right, another checks it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.correction import LONGEST_REASON, Value
from app.domain.errors import InvalidInputError
from app.domain.service_record import CorrectionOp
from app.domain.service_record.slices import LONGEST_NAME
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import bureau_desk, vocabularies
from app.services import corrections
from app.web.bureau.address import one_of
from app.web.bureau.scheduling.times import read_times, times_of
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

_OPERATIONS = {operation.value: operation for operation in CorrectionOp}
_VERDICTS = {"approve": corrections.approve, "refuse": corrections.refuse}


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/bureau/sessions/<uuid:session_id>/correction")(correction)
    blueprint.post("/bureau/sessions/<uuid:session_id>/correction")(propose_correction)
    blueprint.get("/bureau/reviews")(reviews)
    blueprint.post("/bureau/reviews/<uuid:correction_id>")(check_correction)


@policy(Permission.MAKE_CORRECTION, logged=True)
def correction(session_id: UUID) -> ResponseReturnValue:
    """Ask what is wrong with the record of a meeting, then what is right."""
    given = request.args.get("operation", "")
    return _page(session_id, one_of(_OPERATIONS, given) if given else None)


@policy(Permission.MAKE_CORRECTION)
def propose_correction(session_id: UUID) -> ResponseReturnValue:
    """Propose a correction; nothing changes before another officer has checked it."""
    operation = one_of(_OPERATIONS, request.form.get("operation", ""))
    form = Form(request.form)
    try:
        value, reason = _read(form, operation)
        run(corrections.propose, session_id, operation, value, reason)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, operation, form), 422
    flash(_("已提出更正，等另一位工作人员复核。复核以前数字不变。"), "ok")
    return redirect(url_for("bureau.session", session_id=session_id), code=303)


@policy(Permission.READ_COUNTS)
def reviews() -> ResponseReturnValue:
    """Show the corrections that wait for their checker, and those checked before."""
    with reading() as reader:
        page = bureau_desk.reviews(reader)
        names = vocabularies.labels(reader, "need_topic", locale=reader_locale())
    return render_template("bureau/counting/reviews.html", page=page, names=names)


@policy(Permission.CHECK_CORRECTION)
def check_correction(correction_id: UUID) -> ResponseReturnValue:
    """Approve or refuse a correction; who proposed it cannot."""
    verdict = one_of(_VERDICTS, request.form.get("verdict", ""))
    with Form(request.form) as form:
        version = form.integer("version", 1, 10**6)
    run(verdict, correction_id, version=version)
    flash(_("已复核。"), "ok")
    return redirect(url_for("bureau.reviews"), code=303)


def _read(form: Form, operation: CorrectionOp) -> tuple[Value, str]:
    with form:
        reason = form.text("reason", longest=LONGEST_REASON)
        if operation is CorrectionOp.SET_ACTUAL_TIMES:
            sent = read_times(form)
        elif operation is CorrectionOp.REMOVE_ATTENDEE:
            person_id = form.identifier("value")
        elif operation is CorrectionOp.SET_TOPIC:
            topic = form.text("value", longest=LONGEST_NAME)
    if operation is CorrectionOp.SET_ACTUAL_TIMES:
        return sent.understood(), reason
    if operation is CorrectionOp.REMOVE_ATTENDEE:
        return person_id, reason
    return (topic if operation is CorrectionOp.SET_TOPIC else None), reason


def _page(session_id: UUID, operation: CorrectionOp | None, form: Form | None = None) -> str:
    with reading() as reader:
        page = bureau_desk.evidence(reader, session_id)
        names = vocabularies.labels(reader, "need_topic", locale=reader_locale())
    return render_template(
        "bureau/counting/correction.html",
        page=page,
        operation=operation,
        operations=list(CorrectionOp),
        form=form or Form(times_of(page.meeting)),
        names=names,
    )
