"""填写记录: a meeting closed and recorded on one page; afterwards how the record stands."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError
from app.domain.outcome import OutcomeStatus
from app.http.hand import mark, present_hand
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import mentor_home as pages
from app.queries.follow_ups import of_session
from app.queries.vocabularies import Labels, labels
from app.services import outcomes
from app.services.outcomes.recording import MOST_ACTIONS
from app.web.mentor import own_clock, record_extras, report_form
from app.web.mentor.words import ABSENCES, RESULT_NAMES, attendees, colleagues
from app.web.shared import record_words
from app.web.shared.follow_ups import STATE_NAMES
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale
from app.web.shared.words import named

REPORT = "/mentor/sessions/<uuid:session_id>/report"
SEND = "send"


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(REPORT)(report)
    blueprint.post(REPORT)(send_report)


@policy(Permission.RECORD_OUTCOME)
def report(session_id: UUID) -> ResponseReturnValue:
    """Ask for the report while it is due or being changed; otherwise show how it stands."""
    page = look(session_id)
    is_asked = page.outcome is not OutcomeStatus.RECORDED or "change" in request.args
    if page.may_write and is_asked:
        return _form(page, report_form.begun(page))
    return reported(page)


@policy(Permission.RECORD_OUTCOME)
def send_report(session_id: UUID) -> ResponseReturnValue:
    """Keep the report; or, where another button was pressed, only show the changed form."""
    page = look(session_id)
    command = request.form.get("do", SEND)
    fields = report_form.changed(request.form, command, page)
    if command != SEND:
        return _form(page, fields, command=command)
    form = Form(fields)
    try:
        _send(form, fields, page)
    except InvalidInputError as error:
        form.refuse(error)
        return _form(page, fields, form), 422
    except ConflictError as error:
        return _conflict(look(session_id), fields, error), 409
    return mark(redirect(url_for("mentor.report", session_id=session_id), code=303))


def _send(form: Form, fields: MultiDict[str, str], page: pages.ReportPage) -> None:
    rows = report_form.rows_of(fields)
    with form:
        # The form says what it is: a second press arrives when the meeting is closed already.
        kind = form.choice("kind", report_form.KINDS)
        facts = report_form.read_finish(form, page) if kind == report_form.CLOSING else None
        written = report_form.read_record(form, page, rows, _names())
        version = form.version()
    hand = present_hand()
    if facts is None:
        run(outcomes.revise, page.session_id, written, version=version, hand=hand)
    else:
        run(outcomes.report, page.session_id, facts, written, hand=hand)


def _conflict(page: pages.ReportPage, fields: MultiDict[str, str], error: ConflictError) -> str:
    if page.may_write:
        return _form(page, fields, conflict=error)
    return reported(page, conflict=error)


def reported(
    page: pages.ReportPage, form: Form | None = None, *, conflict: ConflictError | None = None
) -> str:
    """Return the page that shows how the report stands; `form` is an act that was refused."""
    with reading() as reader:
        asked_later = of_session(reader, page.session_id)
        extras = page.written.extras if page.written else None
        names = record_words.names_for(reader, extras, reader_locale())
    return render_template(
        "mentor/reported.html",
        page=page,
        follow_ups=asked_later,
        names=names,
        state_names=STATE_NAMES,
        form=form or Form(_own_times(page)),
        conflict=conflict,
        results=RESULT_NAMES,
        absences=ABSENCES,
        clock_hint=own_clock.hint(),
    )


def _own_times(page: pages.ReportPage) -> dict[str, str]:
    own = page.to_sign
    if own is None or own.in_at is None or own.out_at is None:
        return {}
    return {"in_at": own_clock.clock_on(own.in_at), "out_at": own_clock.clock_on(own.out_at)}


def look(session_id: UUID) -> pages.ReportPage:
    """Return the report of a meeting the mentor leads or took part in."""
    with reading() as reader:
        return pages.report_page(reader, session_id)


def _form(
    page: pages.ReportPage,
    fields: MultiDict[str, str],
    form: Form | None = None,
    *,
    command: str = "",
    conflict: ConflictError | None = None,
) -> str:
    rows = report_form.rows_of(fields)
    shown = form or Form(fields)
    names = _names()
    return render_template(
        "mentor/report.html",
        page=page,
        kind=report_form.kind_of(page),
        form=shown,
        more=_more(shown, names),
        count=len(rows),
        most=MOST_ACTIONS,
        owners=report_form.owners(page),
        results=named(RESULT_NAMES, list(RESULT_NAMES)),
        attendees=attendees(page),
        colleagues=colleagues(page),
        conflict=conflict,
        clock_hint=own_clock.hint(),
        focus=report_form.name_of(len(rows), "text") if command == "add-action" else "",
    )


def _more(form: Form, names: Labels) -> dict[str, object]:
    """Return what the folded part of the form shows: choices, rows, and whether it is open."""
    return {
        "is_open": record_extras.is_given(form),
        "rows": record_extras.rows_shown(form),
        "effects": record_extras.effect_choices(),
        "stages": record_extras.codes(names, "venture_stage"),
        "topics": record_extras.codes(names, "need_topic"),
    }


def _names() -> Labels:
    with reading() as reader:
        return labels(reader, *record_words.VOCABULARIES, locale=reader_locale())
