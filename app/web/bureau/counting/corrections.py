"""更正: one officer proposes what is right, another checks it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission, Reach
from app.domain.calendar import local_day
from app.domain.errors import InvalidInputError
from app.domain.ids import parse_id
from app.domain.service_record import CorrectionOp
from app.http.policy import policy
from app.http.run import reading, run
from app.models.service_record import CorrectionStatus
from app.queries import bureau_desk, samples, vocabularies
from app.queries.bureau_desk import ReviewAsked, ReviewFilter, ReviewPage
from app.queries.samples import CallTold
from app.services import corrections
from app.services.service_records import Preview, preview_proposed
from app.unit_of_work import Reader
from app.web.bureau.address import key_asked, month_asked, one_of
from app.web.bureau.counting.correction_form import read_correction
from app.web.bureau.scheduling.times import times_of
from app.web.shared.formatting import day_of, moment
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

_OPERATIONS = {operation.value: operation for operation in CorrectionOp}
_FILTERS = {each.value: each for each in ReviewFilter}
_VERDICTS = {"approve": corrections.approve, "refuse": corrections.refuse}


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/bureau/sessions/<uuid:session_id>/correction")(correction)
    blueprint.post("/bureau/sessions/<uuid:session_id>/correction")(propose_correction)
    blueprint.get("/bureau/reviews")(reviews)
    blueprint.get("/bureau/reviews/<uuid:correction_id>")(review)
    blueprint.post("/bureau/reviews/<uuid:correction_id>")(check_correction)


@policy(Permission.MAKE_CORRECTION, logged=True)
def correction(session_id: UUID) -> ResponseReturnValue:
    """Ask what is wrong with the record of a meeting, then what is right."""
    given = request.args.get("operation", "")
    called = parse_id(request.args.get("sample_call", ""))
    return _page(session_id, one_of(_OPERATIONS, given) if given else None, called=called)


@policy(Permission.MAKE_CORRECTION)
def propose_correction(session_id: UUID) -> ResponseReturnValue:
    """Propose a correction; nothing changes before another officer has checked it."""
    operation = one_of(_OPERATIONS, request.form.get("operation", ""))
    form, called = Form(request.form), parse_id(request.form.get("sample_call", ""))
    try:
        value, reason = read_correction(form, operation)
        run(
            corrections.propose,
            session_id,
            operation,
            value,
            reason,
            sample_call_id=called,
        )
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, operation, form, called), 422
    flash(_("已提出更正，等另一位工作人员复核。复核以前数字不变。"), "ok")
    return redirect(url_for("bureau.session", session_id=session_id), code=303)


@policy(Permission.READ_COUNTS)
def reviews() -> ResponseReturnValue:
    """Show the corrections that wait for their checker, or those checked, of one month or all."""
    month = request.args.get("month")
    with reading() as reader:
        asked = ReviewAsked(
            one_of(_FILTERS, request.args.get("state") or ReviewFilter.WAITING),
            month_asked(month, local_day(reader.now)) if month else None,
            key_asked(request.args.get("session")),
        )
        after = key_asked(request.args.get("after"))
        page = bureau_desk.reviews(reader, asked, after=after)
        names = vocabularies.labels(reader, "need_topic", locale=reader_locale())
    kept = {"month": month or None, "session": request.args.get("session") or None}
    return render_template(
        "bureau/counting/reviews.html", page=page, asked=asked, kept=kept, names=names
    )


@policy(Permission.READ_COUNTS, logged=True)
def review(correction_id: UUID) -> ResponseReturnValue:
    """Show one correction: why, what it would change or has changed, and who may check it."""
    with reading() as reader:
        page = bureau_desk.review(reader, correction_id)
        names = vocabularies.labels(
            reader, "need_topic", "not_counted_reason", locale=reader_locale()
        )
        change = _preview(reader, page)
    return render_template(
        "bureau/counting/review.html", page=page, each=page.review, change=change, names=names
    )


@policy(Permission.CHECK_CORRECTION)
def check_correction(correction_id: UUID) -> ResponseReturnValue:
    """Approve or refuse a correction; who proposed it cannot."""
    verdict = one_of(_VERDICTS, request.form.get("verdict", ""))
    with Form(request.form) as form:
        version = form.integer("version", 1, 10**6)
    run(verdict, correction_id, version=version)
    flash(_("已复核。"), "ok")
    return redirect(url_for("bureau.review", correction_id=correction_id), code=303)


def _preview(reader: Reader, page: ReviewPage) -> Preview | None:
    """Return what a correction that waits would change; figures are told to who sees them all."""
    if page.review.status is not CorrectionStatus.PROPOSED or Reach.ALL not in reader.actor.reaches:
        return None
    row = page.review
    return preview_proposed(reader, row.session_id, row.operation, row.stored)


def _page(
    session_id: UUID,
    operation: CorrectionOp | None,
    form: Form | None = None,
    called: UUID | None = None,
) -> str:
    with reading() as reader:
        page = bureau_desk.evidence(reader, session_id)
        told = samples.call_told(reader, called) if called else None
        names = vocabularies.labels(reader, "need_topic", locale=reader_locale())
        meant = None
        if operation is CorrectionOp.SET_VENTURE:
            meant = bureau_desk.ventures_meant(reader, session_id)
    return render_template(
        "bureau/counting/correction.html",
        page=page,
        operation=operation,
        operations=list(CorrectionOp),
        form=form or Form({**times_of(page.meeting), "reason": _reason(told)}),
        called=called,
        names=names,
        meant=meant,
    )


def _reason(told: CallTold | None) -> str:
    """Return the reason a correction begins with: what the call of a sample found."""
    if told is None:
        return ""
    said = _(
        "抽查 %(reference)s 第 %(place)s 条，%(at)s 电话核实（%(called)s）：%(said)s",
        reference=told.reference,
        place=told.place,
        at=moment(told.called_at, reader_locale(), day_of(told.called_at)),
        called=told.called,
        said=told.said,
    )
    return str(said)
