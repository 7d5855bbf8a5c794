"""待回复: what founders ask for, what is on today, what is still to record."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import mentor_home as pages
from app.services import bookings
from app.web.mentor.endings import read_ending, read_version
from app.web.mentor.words import END_REASONS
from app.web.shared.forms import Form
from app.web.shared.words import named

DECLINE_REASONS = (
    "m_time_conflict",
    "m_not_my_field",
    "m_conflict",
    "m_overload",
    "m_official_duty",
    "m_illness",
)


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/mentor")(home)
    blueprint.post("/mentor/requests/<uuid:booking_id>/accept")(accept)
    blueprint.get("/mentor/requests/<uuid:booking_id>/decline")(ask_decline)
    blueprint.post("/mentor/requests/<uuid:booking_id>/decline")(decline)


@policy(Permission.ANSWER_BOOKING)
def home() -> ResponseReturnValue:
    """Show what waits for the mentor."""
    with reading() as reader:
        page = pages.mentor_home(reader)
    return render_template("mentor/home.html", page=page)


@policy(Permission.ANSWER_BOOKING)
def accept(booking_id: UUID) -> ResponseReturnValue:
    """Accept a request and tell the founder."""
    run(bookings.accept, booking_id, version=read_version(Form(request.form)))
    flash(_("已接受。我们已经告诉创业者，见面前会提醒双方。"), "ok")
    return redirect(url_for("mentor.home"), code=303)


@policy(Permission.ANSWER_BOOKING)
def ask_decline(booking_id: UUID) -> ResponseReturnValue:
    """Ask why the request does not suit."""
    return _decline_page(booking_id, Form())


@policy(Permission.ANSWER_BOOKING)
def decline(booking_id: UUID) -> ResponseReturnValue:
    """Decline a request with a reason; another mentor is asked where the founder agreed."""
    form = Form(request.form)
    try:
        ending = read_ending(form, DECLINE_REASONS)
        run(bookings.decline, booking_id, ending.reason, note=ending.note, version=ending.version)
    except InvalidInputError as error:
        form.refuse(error)
        return _decline_page(booking_id, form), 422
    flash(_("已答复。我们会告诉创业者您这次不方便，并按对方的意愿另找导师。"), "ok")
    return redirect(url_for("mentor.home"), code=303)


def _decline_page(booking_id: UUID, form: Form) -> str:
    with reading() as reader:
        asked = pages.own_request(reader, booking_id)
    return render_template(
        "mentor/decline.html",
        request_=asked,
        form=form,
        reasons=named(END_REASONS, DECLINE_REASONS),
    )
