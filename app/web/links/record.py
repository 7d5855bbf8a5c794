"""The record of a meeting in a minute: what is known is filled in, one press sends it."""

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from app.domain.errors import NotFoundError
from app.domain.outcome import OutcomeStatus
from app.http.hand import present_hand
from app.http.run import reading, run
from app.queries import mentor_home
from app.queries.mail_links import Arrivals, Link, arrivals_of, met_how
from app.queries.mentor_home import ReportPage
from app.services import mail_links
from app.services.outcomes.recording import LONGEST_TEXT
from app.web.founder.refusing import Refusal
from app.web.links import closed
from app.web.mentor import own_clock, report_form
from app.web.mentor.words import RESULT_NAMES, attendees, colleagues
from app.web.shared.forms import Form
from app.web.shared.words import named

KINDS = (report_form.CLOSING, report_form.RECORDING)
# What is filled in and rarely changed; a fault there opens it.
KNOWN = frozenset(
    {"on", "actual_start", "actual_end", "break_minutes", "attendees", "anonymous_heads"}
)


def show(link: Link, form: Form, refusal: Refusal | None) -> str:
    """Return the form with what is known, or how the meeting stands by now."""
    try:
        page, arrivals = _look(link)
    except NotFoundError:
        with reading() as reader:
            return closed.settled(link, met_how(reader, link.subject_id))
    if page.is_too_early:
        return closed.settled(link, "early")
    if not page.may_write or page.outcome is OutcomeStatus.RECORDED:
        return closed.settled(link, page.meeting.stage)
    fields = request.form if request.form else _begun(page, arrivals)
    shown = form if form.faults else Form(fields)
    return render_template(
        "links/record.html",
        link=link,
        page=page,
        meeting=page.meeting,
        form=shown,
        kind=report_form.kind_of(page),
        refusal=refusal,
        is_known_open=any(fault.field in KNOWN for fault in shown.faults),
        span=_span(shown, page),
        attendees=attendees(page),
        colleagues=colleagues(page),
        results=named(RESULT_NAMES, list(RESULT_NAMES)),
        clock_hint=own_clock.hint(),
    )


def act(link: Link, form: Form) -> None:
    """Close the meeting and write its record, or write the record of what is closed."""
    page, _ = _look(link)
    with form:
        # The form says what it is: a second press arrives when the meeting is closed already.
        kind = form.choice("kind", KINDS)
        facts = report_form.read_finish(form, page) if kind == report_form.CLOSING else None
        written = report_form.read_record(form, page, ())
        version = form.version()
    hand = present_hand()
    run(mail_links.record, link.token_sha256, facts, written, version=version, hand=hand)


def _look(link: Link) -> tuple[ReportPage, Arrivals]:
    with reading() as reader:
        page = mentor_home.report_page(reader, link.subject_id)
        return page, arrivals_of(reader, link.subject_id)


def _begun(page: ReportPage, arrivals: Arrivals) -> MultiDict[str, str]:
    """Return the fields with what is known: times agreed or checked in, who came, what was asked.

    Whoever sends it unchanged must not claim more than happened: from when both were there.
    """
    fields = report_form.begun(page)
    fields["question"] = page.meeting.text[:LONGEST_TEXT]
    began_at = arrivals.both_since
    if began_at is not None and page.meeting.starts_at < began_at < page.meeting.ends_at:
        fields["actual_start"] = own_clock.clock_on(began_at)
    came = [each for each in page.expected if each.person_id in arrivals.person_ids]
    if came:
        fields.setlist("attendees", [str(each.person_id) for each in came])
    return fields


def _span(form: Form, page: ReportPage) -> str:
    """Return the times as the form has them, in a line."""
    if page.is_finished:
        return ""
    return f"{form.raw('actual_start')}–{form.raw('actual_end')}"
