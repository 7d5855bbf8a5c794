"""改期提议: the times a mentor offers, and those the founder proposes himself."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import run
from app.services import bookings
from app.web.founder.bookings import page, times_page
from app.web.founder.picker import instant
from app.web.founder.refusing import refusal_of
from app.web.shared.forms import Form


def register(blueprint: Blueprint) -> None:
    """Add the acts."""
    blueprint.post("/bookings/<uuid:booking_id>/take-offer")(take_offer)
    blueprint.post("/bookings/<uuid:booking_id>/decline-offer")(decline_offer)
    blueprint.post("/bookings/<uuid:booking_id>/propose-move")(propose_move)


@policy(Permission.OFFER_TIMES)
def take_offer(booking_id: UUID) -> ResponseReturnValue:
    """Take one of the mentor's times; one that has gone leaves the others to choose from."""
    form = Form(request.form)
    starts_at = instant(form.raw("starts_at"))
    try:
        with form:
            version = form.version()
        if starts_at is None:
            raise InvalidInputError.at("starts_at", "input.not_chosen")
        run(bookings.take_offer, booking_id, starts_at, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return page(booking_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return page(booking_id, Form(), refusal), refusal.status
    flash(_("约好了。见面前会提醒双方。"), "ok")
    return redirect(url_for("founder.booking", booking_id=booking_id), code=303)


@policy(Permission.OFFER_TIMES)
def decline_offer(booking_id: UUID) -> ResponseReturnValue:
    """Take none of the times, or take one's own back."""
    form = Form(request.form)
    try:
        with form:
            version = form.version()
        run(bookings.decline_offer, booking_id, version=version)
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return page(booking_id, Form(), refusal), refusal.status
    return redirect(url_for("founder.booking", booking_id=booking_id), code=303)


@policy(Permission.OFFER_TIMES)
def propose_move(booking_id: UUID) -> ResponseReturnValue:
    """Put another time before the mentor; until he agrees the meeting stays as it is."""
    form = Form(request.form)
    wanted_at = instant(form.raw("starts_at"))
    try:
        with form:
            version = form.version()
        if wanted_at is None:
            raise InvalidInputError.at("starts_at", "input.not_chosen")
        run(bookings.offer_times, booking_id, [wanted_at], version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return times_page(booking_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return times_page(booking_id, form, refusal), refusal.status
    return redirect(url_for("founder.booking", booking_id=booking_id), code=303)
