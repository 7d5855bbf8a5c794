"""预约: the list, one booking in words, calling it off, taking another time."""

from functools import partial
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.edge import is_fragment
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import booking_pages
from app.queries.activities import seat_places
from app.queries.booking_history import history_of
from app.queries.guidance import guidance_of
from app.queries.service_desk import slip_of
from app.queries.vocabularies import labels
from app.queries.waiting_lists import places_in_line
from app.services import bookings
from app.web.founder.picker import Picker, asked_of, form_of
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/bookings")(booking_list)
    blueprint.get("/bookings/<uuid:booking_id>")(booking)
    blueprint.get("/bookings/<uuid:booking_id>/slip")(slip)
    blueprint.post("/bookings/<uuid:booking_id>/cancel")(cancel)
    blueprint.get("/bookings/<uuid:booking_id>/reschedule")(reschedule)
    blueprint.post("/bookings/<uuid:booking_id>/reschedule")(move)


@policy(Permission.READ_BOOKING)
def booking_list() -> ResponseReturnValue:
    """Show every booking, the coming meetings first."""
    with reading() as reader:
        found = booking_pages.bookings_of(reader)
        line, seats = places_in_line(reader), seat_places(reader)
    ahead = sorted(
        (view for view in found if view.stage in booking_pages.OPEN), key=lambda v: v.starts_at
    )
    past = [view for view in found if view.stage not in booking_pages.OPEN]
    return render_template("founder/bookings.html", ahead=ahead, past=past, line=line, seats=seats)


@policy(Permission.READ_BOOKING)
def booking(booking_id: UUID) -> ResponseReturnValue:
    """Show one booking: how it stands, who acts by when, what can be done."""
    return page(booking_id, Form())


@policy(Permission.READ_BOOKING)
def slip(booking_id: UUID) -> ResponseReturnValue:
    """Show the slip of one's own booking, to be printed in large letters."""
    with reading() as reader:
        found = slip_of(reader, booking_id)
    return render_template("founder/slip.html", slip=found)


@policy(Permission.CANCEL_BOOKING)
def cancel(booking_id: UUID) -> ResponseReturnValue:
    """Take a request back or call a meeting off, with a reason."""
    form = Form(request.form)
    try:
        with form:
            reason = form.choice("reason", booking_pages.FOUNDER_REASONS)
            version = form.version()
        run(bookings.cancel, booking_id, reason, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return page(booking_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return page(booking_id, form, refusal), refusal.status
    return redirect(url_for("founder.booking", booking_id=booking_id), code=303)


@policy(Permission.MOVE_BOOKING)
def reschedule(booking_id: UUID) -> ResponseReturnValue:
    """Show the other times of the same mentor."""
    return times_page(booking_id, form_of(asked_of(request.args)))


@policy(Permission.MOVE_BOOKING)
def move(booking_id: UUID) -> ResponseReturnValue:
    """Take another time; when it cannot be had the old one stays."""
    form = Form(request.form)
    wanted_at = asked_of({"time": form.raw("starts_at")}).wanted_at
    try:
        with form:
            version = form.version()
        if wanted_at is None:
            raise InvalidInputError.at("starts_at", "input.not_chosen")
        run(bookings.move, booking_id, wanted_at, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return times_page(booking_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return times_page(booking_id, form, refusal), refusal.status
    return redirect(url_for("founder.booking", booking_id=booking_id), code=303)


def page(booking_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    """Return the page of one booking."""
    with reading() as reader:
        found = booking_pages.booking_of(reader, booking_id)
        offer = booking_pages.times_offered(reader, booking_id) if found.choose_by else None
        words = labels(reader, "decline_cancel_reason", locale=reader_locale())
        limit = guidance_of(reader, booking_id)
        turnings = history_of(reader, booking_id)
    reasons = [Choice(code, words.of("decline_cancel_reason", code)) for code in found.end_reasons]
    return render_template(
        "founder/booking.html",
        booking=found,
        guidance=limit,
        offer=offer,
        turnings=turnings,
        reasons=reasons,
        form=form,
        refusal=refusal,
    )


def times_page(booking_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    """Return the page on which another time is chosen."""
    asked = asked_of({**request.args, "time": form.raw("starts_at")})
    with reading() as reader:
        found = booking_pages.times_for_booking(reader, booking_id, asked)
    template = "founder/slots.html" if is_fragment() else "founder/reschedule.html"
    address = partial(url_for, "founder.reschedule", booking_id=booking_id)
    picker = Picker(found, address)
    return render_template(
        template, page=found, picker=picker, form=form, refusal=refusal, booking_id=booking_id
    )
