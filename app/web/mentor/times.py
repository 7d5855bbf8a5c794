"""换个时间: other times put before a founder, and the founder's own wish to move."""

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.availability import FreeTime
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.time_offer import LONGEST_NOTE
from app.http.actor import current_actor
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import mentor_home as pages
from app.queries.booking_history import history_of
from app.queries.booking_pages import times_offered
from app.queries.exchange import other_times
from app.services import bookings
from app.web.mentor.endings import read_version
from app.web.shared.formatting import span
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale
from app.web.shared.zones import own_time

DAYS_SHOWN, TIMES_A_DAY = 6, 2


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get("/mentor/requests/<uuid:booking_id>/propose")(ask_times)
    blueprint.post("/mentor/requests/<uuid:booking_id>/propose")(propose)
    blueprint.post("/mentor/requests/<uuid:booking_id>/take-offer")(take_offer)
    blueprint.post("/mentor/requests/<uuid:booking_id>/decline-offer")(decline_offer)


@policy(Permission.OFFER_TIMES)
def ask_times(booking_id: UUID) -> ResponseReturnValue:
    """Show the times that wait for an answer, or those that can be offered."""
    return _page(booking_id, Form())


@policy(Permission.OFFER_TIMES)
def propose(booking_id: UUID) -> ResponseReturnValue:
    """Put the chosen times before the founder."""
    form = Form(request.form)
    try:
        with form:
            times = form.instants("times")
            note = form.text("note", longest=LONGEST_NOTE, required=False)
            version = form.version()
        run(bookings.offer_times, booking_id, times, note=note or None, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(booking_id, form), 422
    except (ConflictError, RuleError) as error:
        return _page(booking_id, form, error), status_of(error)
    flash(_("已发给创业者。对方选定以前，不占您这些时间。"), "ok")
    return redirect(url_for("mentor.ask_times", booking_id=booking_id), code=303)


@policy(Permission.OFFER_TIMES)
def take_offer(booking_id: UUID) -> ResponseReturnValue:
    """Agree to the time that the founder proposed."""
    form = Form(request.form)
    try:
        with form:
            chosen = form.instants("starts_at")
            version = form.version()
        run(bookings.take_offer, booking_id, chosen[0], version=version)
    except (ConflictError, RuleError) as error:
        return _page(booking_id, Form(), error), status_of(error)
    flash(_("已改好，我们已经告诉创业者。"), "ok")
    return redirect(url_for("mentor.calendar"), code=303)


@policy(Permission.OFFER_TIMES)
def decline_offer(booking_id: UUID) -> ResponseReturnValue:
    """Keep the meeting as it is, or take one's own times back."""
    version = read_version(Form(request.form))
    try:
        run(bookings.decline_offer, booking_id, version=version)
    except (ConflictError, RuleError) as error:
        return _page(booking_id, Form(), error), status_of(error)
    flash(_("见面时间不变，我们已经告诉创业者。"), "ok")
    return redirect(url_for("mentor.calendar"), code=303)


def _page(booking_id: UUID, form: Form, refusal: ConflictError | RuleError | None = None) -> str:
    with reading() as reader:
        meeting = pages.own_booking(reader, booking_id)
        offer = times_offered(reader, booking_id)
        may_offer = offer is None and meeting.may_offer
        turnings = history_of(reader, booking_id)
        free = other_times(reader, booking_id, DAYS_SHOWN, TIMES_A_DAY) if may_offer else ()
    return render_template(
        "mentor/times.html",
        meeting=meeting,
        offer=offer,
        turnings=turnings,
        choices=[Choice(t.starts_at.isoformat(), _words(t, reader.today)) for t in free],
        form=form,
        refusal=refusal,
        may_offer=may_offer,
    )


def _words(time: FreeTime, today: date) -> str:
    locale, zone = reader_locale(), current_actor().time_zone
    said = span(time.starts_at, time.ends_at, locale, today)
    own = own_time(time.starts_at, time.ends_at, zone, locale)
    return f"{said}{_('，')}{own}" if own else said
