"""核对并提交: what is about to be sent, and the sending."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.domain.ids import parse_id
from app.http.policy import policy
from app.http.run import reading, run
from app.models.booking import Booking
from app.queries import booking_pages
from app.queries.booking_pages import Asked, BookingView, Slot, Stage
from app.queries.waiting_lists import place_for_hold
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import Reader
from app.web.founder.picker import instant
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.forms import Form

UNSENT = frozenset({Stage.ON_HOLD, Stage.HOLD_OVER, Stage.RELEASED})


def register(blueprint: Blueprint) -> None:
    """Add the page and the act."""
    blueprint.get("/bookings/new")(check)
    blueprint.post("/bookings")(send)
    blueprint.post("/bookings/<uuid:booking_id>/release")(release)


@policy(Permission.BOOK)
def check() -> ResponseReturnValue:
    """Show everything once more before it is sent."""
    hold_id = _hold_id(request.args.get("hold", ""))
    with reading() as reader:
        page = booking_pages.check_page(reader, hold_id)
        line = place_for_hold(reader, hold_id)
    if page.booking.stage not in UNSENT:
        return redirect(url_for("founder.booking", booking_id=hold_id), code=303)
    return render_template("founder/check.html", page=page, line=line, form=Form(request.args))


@policy(Permission.BOOK)
def send() -> ResponseReturnValue:
    """Send the request; a time that has gone meanwhile brings its alternatives."""
    form = Form(request.form)
    hold_id = _hold_id(form.raw("hold"))
    try:
        with form:
            form.checkbox("consent", required=True)
        booking_id = _send(hold_id, form)
    except InvalidInputError as error:
        form.refuse(error)
        return _again_page(hold_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _again_page(hold_id, form, refusal), refusal.status
    return redirect(url_for("founder.booking", booking_id=booking_id, sent="yes"), code=303)


@policy(Permission.BOOK)
def release(booking_id: UUID) -> ResponseReturnValue:
    """Give the kept time back and lead to the mentors of the need."""
    released: Booking = run(bookings.release, booking_id)
    flash(_("时间已放开。您的需求还在，可以另选导师或时间。"), "ok")
    return redirect(url_for("founder.mentors_for", need_id=released.need_id), code=303)


def _hold_id(text: str) -> UUID:
    hold_id = parse_id(text)
    if hold_id is None:
        raise NotFoundError("booking.not_found")
    return hold_id


def _send(hold_id: UUID, form: Form) -> UUID:
    with reading() as reader:
        kept = booking_pages.booking_of(reader, hold_id)
    may_pass_on = not form.given("keep_mentor")
    instead = instant(form.raw("instead"))
    if kept.stage not in UNSENT:
        return kept.id
    if kept.stage is Stage.ON_HOLD and instead is None:
        sent: Booking = run(bookings.request, kept.id, may_pass_on=may_pass_on)
    else:
        # The ten minutes are over, or another time was chosen: it is asked for anew.
        sent = run(bookings.request_now, _again(kept, may_pass_on, instead))
    return sent.id


def _again(kept: BookingView, may_pass_on: bool, instead: datetime | None) -> Choice:
    return Choice(
        need_id=kept.need_id,
        expert_id=kept.expert.id,
        starts_at=instead or kept.starts_at,
        mode=Mode(kept.mode),
        session_type=kept.session_type,
        proposal_id=kept.proposal_id,
        may_pass_on=may_pass_on,
        place=kept.place,
    )


def _again_page(hold_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    with reading() as reader:
        page = booking_pages.check_page(reader, hold_id)
        lost_at = instant(form.raw("instead")) or page.booking.starts_at
        times = _alternatives(reader, page.booking, lost_at) if refusal else ()
    return render_template(
        "founder/check.html",
        page=page,
        form=form,
        refusal=refusal,
        lost_at=lost_at,
        alternatives=times,
    )


def _alternatives(reader: Reader, kept: BookingView, lost_at: datetime) -> Sequence[Slot]:
    asked = Asked(mode=kept.mode, wanted_at=lost_at)
    return booking_pages.times_for_need(reader, kept.need_id, kept.expert.id, asked).alternatives
