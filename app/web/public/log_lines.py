"""通话与入会记录: lines of a call or an online meeting, typed in beside the record."""

from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission, may
from app.domain.calendar import ZONE, local_day
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.log_line import LONGEST_CONTACT, LONGEST_REASON, Line, LogKind
from app.domain.service_session import Party
from app.http.actor import current_actor
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.attachments import MeetingFiles, meeting_files
from app.queries.log_lines import log_line, meeting_log
from app.services import log_lines
from app.web.shared.forms import Form

LOG = "/meetings/<uuid:session_id>/log"
LINE = "/log-lines/<uuid:line_id>/strike"


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(LOG)(meeting_lines)
    blueprint.post(LOG)(note_line)
    blueprint.get(LINE)(ask_strike_line)
    blueprint.post(LINE)(strike_line)


@policy(Permission.READ_SERVICE_SESSION)
def meeting_lines(session_id: UUID) -> ResponseReturnValue:
    """Show the lines of a meeting beside its record, and take another."""
    return _page(session_id)


@policy(Permission.HOLD_SERVICE_SESSION)
def note_line(session_id: UUID) -> ResponseReturnValue:
    """Keep a line; the number is masked before it is kept."""
    form = Form(request.form)
    try:
        with reading() as reader:
            day = local_day(meeting_files(reader, session_id).starts_at)
        run(log_lines.note, session_id, _read(form, day), answer=lambda row: str(row.id))
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, form), 422
    except (ConflictError, RuleError) as error:
        form.refuse(InvalidInputError.at("started_at", error.code, **error.facts))
        return _page(session_id, form), status_of(error)
    flash(_("已记下。和记录的时间相差 10 分钟以上会提示，不影响计数。"), "ok")
    return redirect(url_for("public.meeting_lines", session_id=session_id), code=303)


@policy(Permission.HOLD_SERVICE_SESSION, Permission.STRIKE_ATTACHMENT)
def ask_strike_line(line_id: UUID) -> ResponseReturnValue:
    """Ask why a line is struck."""
    return _strike_page(line_id, Form())


@policy(Permission.HOLD_SERVICE_SESSION, Permission.STRIKE_ATTACHMENT)
def strike_line(line_id: UUID) -> ResponseReturnValue:
    """Strike a line; it stays, with the reason."""
    form = Form(request.form)
    try:
        with form:
            reason = form.text("reason", longest=LONGEST_REASON)
            version = form.version()
        row = run(log_lines.strike, line_id, reason, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _strike_page(line_id, form), 422
    flash(_("已作废，原来的一行和理由都保留。"), "ok")
    return redirect(url_for("public.meeting_lines", session_id=row.service_session_id), code=303)


def _read(form: Form, day: date) -> Line:
    with form:
        kind = form.choice("kind", list(LogKind))
        party = form.choice("party", list(Party))
        started_at = form.time_of_day("started_at", step=1)
        ended_at = form.time_of_day("ended_at", step=1)
        contact = form.text("contact", longest=LONGEST_CONTACT, required=False)
    return Line(
        kind=LogKind(kind),
        party=Party(party),
        started_at=datetime.combine(day, started_at, ZONE),
        ended_at=datetime.combine(day, ended_at, ZONE),
        contact=contact,
    )


def _page(session_id: UUID, form: Form | None = None) -> str:
    with reading() as reader:
        page, log = meeting_files(reader, session_id), meeting_log(reader, session_id)
    return render_template(
        "files/log.html", page=page, log=log, form=form or Form(), may_note=_may_note(page)
    )


def _may_note(page: MeetingFiles) -> bool:
    return page.is_remote and may(current_actor(), Permission.HOLD_SERVICE_SESSION)


def _strike_page(line_id: UUID, form: Form) -> str:
    with reading() as reader:
        row = log_line(reader, line_id)
    return render_template("files/strike_line.html", row=row, form=form)
