"""请假: days on which the mentor serves nobody, who answers for him, and whom he answers for."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.booking import END_REASONS, Side
from app.domain.errors import InvalidInputError, RuleError
from app.domain.leave import LONGEST_REASON, Leave
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import leaves as queries
from app.queries import mentor_home as pages
from app.queries.vocabularies import labels
from app.services import bookings, leaves
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

REASONS = tuple(code for code, reason in END_REASONS.items() if reason.side is Side.MENTOR)
_ANSWERS = ("accept", "decline")


def register(blueprint: Blueprint) -> None:
    """Add the page and its acts."""
    blueprint.get("/mentor/leave")(leave_page)
    blueprint.post("/mentor/leave")(take_leave)
    blueprint.post("/mentor/leave/<uuid:leave_id>/end")(end_leave)
    blueprint.post("/mentor/leave/requests/<uuid:booking_id>")(answer_request)


@policy(Permission.SET_AVAILABILITY)
def leave_page() -> ResponseReturnValue:
    """Show the leaves, and the requests to answer for whoever is on leave."""
    return _page(Form())


@policy(Permission.SET_AVAILABILITY)
def take_leave() -> ResponseReturnValue:
    """Take leave; bookings on its days are put on hold and both sides told."""
    form = Form(request.form)
    try:
        with reading() as reader:
            expert_id = pages.own_expert_id(reader)
        with form:
            leave = Leave(
                form.day("first_on"),
                form.day("last_on"),
                form.text("reason", longest=LONGEST_REASON),
                form.identifier("deputy") if form.given("deputy") else None,
            )
        run(leaves.take, expert_id, leave)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    except RuleError as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(form, why), status_of(error)
    flash(_("已请假。这几天不再可约，已有的预约先暂停，经办人会处理。"), "ok")
    return redirect(url_for("mentor.leave_page"), code=303)


@policy(Permission.SET_AVAILABILITY)
def end_leave(leave_id: UUID) -> ResponseReturnValue:
    """End a leave early; what it held back stands again."""
    with Form(request.form) as form:
        version = form.version()
    run(leaves.end, leave_id, version=version)
    flash(_("已销假。因请假暂停的预约恢复原来的安排。"), "ok")
    return redirect(url_for("mentor.leave_page"), code=303)


@policy(Permission.ANSWER_BOOKING)
def answer_request(booking_id: UUID) -> ResponseReturnValue:
    """Answer a request for somebody on leave; the meeting stays his."""
    form = Form(request.form)
    try:
        with form:
            answer, version = form.choice("answer", _ANSWERS), form.version()
            expert_id = form.identifier("expert_id")
            named = f"decline_{booking_id}_{expert_id}"
            reason = form.choice(named, REASONS) if answer == "decline" else ""
        if answer == "accept":
            run(bookings.accept_as_deputy, booking_id, expert_id=expert_id, version=version)
        else:
            run(
                bookings.decline_as_deputy,
                booking_id,
                reason,
                expert_id=expert_id,
                version=version,
            )
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    flash(_("已代为答复，双方会收到通知。"), "ok")
    return redirect(url_for("mentor.leave_page"), code=303)


def _page(form: Form, refusal: str | None = None) -> str:
    with reading() as reader:
        expert_id = pages.own_expert_id(reader)
        own = queries.leaves_of(reader, expert_id)
        asked = queries.deputy_requests(reader)
        others = queries.colleagues(reader, expert_id)
        words = labels(reader, "decline_cancel_reason", locale=reader_locale())
    return render_template(
        "mentor/leave.html",
        leaves=own,
        asked=asked,
        deputies=[Choice(str(key), name) for key, name in others],
        reasons=[Choice(code, words.of("decline_cancel_reason", code)) for code in REASONS],
        form=form,
        refusal=refusal,
    )
