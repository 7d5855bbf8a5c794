"""挂起的预约: what came between a booking and its meeting, decided one by one or many at once."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.booking import END_REASONS, Side
from app.domain.calendar import ZONE
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.ids import parse_id
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.models.booking import Booking
from app.queries import suspensions
from app.queries.vocabularies import labels
from app.services import bookings
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

REASONS = tuple(code for code, reason in END_REASONS.items() if reason.side is Side.BUREAU)
_ACTS = ("resume", "cancel")


def register(blueprint: Blueprint) -> None:
    """Add the page and its acts."""
    blueprint.get("/bureau/suspended")(suspended_list)
    blueprint.post("/bureau/suspended")(decide_suspended)
    blueprint.get("/bureau/suspended/<uuid:booking_id>")(ask_other_time)
    blueprint.post("/bureau/suspended/<uuid:booking_id>")(take_other_time)


@policy(Permission.RESUME_BOOKING)
def suspended_list() -> ResponseReturnValue:
    """Show every suspended booking, what is to be decided first on top."""
    return _page(Form())


@policy(Permission.RESUME_BOOKING)
def decide_suspended() -> ResponseReturnValue:
    """Do the same with every booking chosen; each has an outcome of its own, told by name."""
    form = Form(request.form)
    try:
        with form:
            act = form.choice("act", _ACTS)
            reason = form.choice("reason", REASONS) if act == "cancel" else ""
            chosen = _chosen(form)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    done = _("已恢复：") if act == "resume" else _("已取消：")
    for key, version in chosen:
        _decide(key, partial(_use_case(act, reason), version=version), done)
    return redirect(url_for("bureau.suspended_list"), code=303)


@policy(Permission.RESUME_BOOKING)
def ask_other_time(booking_id: UUID) -> ResponseReturnValue:
    """Ask for another time of one suspended booking."""
    return _time_page(booking_id, Form())


@policy(Permission.RESUME_BOOKING)
def take_other_time(booking_id: UUID) -> ResponseReturnValue:
    """Give one suspended booking another free time; both sides are told."""
    form = Form(request.form)
    try:
        with form:
            day, clock, version = form.day("day"), form.time_of_day("time"), form.version()
        starts_at = datetime.combine(day, clock, ZONE)
        booking = run(bookings.resume, booking_id, starts_at=starts_at, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _time_page(booking_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _time_page(booking_id, form, why), status_of(error)
    flash(_("已改期：%(reference)s", reference=booking.reference), "ok")
    return redirect(url_for("bureau.suspended_list"), code=303)


def _chosen(form: Form) -> list[tuple[UUID, int]]:
    """Read the bookings ticked, each with the version that the page showed."""
    form.choices("booking", form.chosen("booking"))
    found = []
    for value in form.chosen("booking"):
        key, _dot, version = value.partition(".")
        booking_id = parse_id(key)
        if booking_id is None or not (version.isascii() and version.isdigit()):
            raise InvalidInputError.at("booking", "input.not_a_choice")
        found.append((booking_id, int(version)))
    return found


def _use_case(act: str, reason: str) -> Callable[..., Booking]:
    return bookings.resume if act == "resume" else partial(bookings.cancel, reason=reason)


def _decide(booking_id: UUID, act: Callable[..., Booking], done: str) -> None:
    """Do one of them in a transaction of its own, and say what became of it."""
    with reading() as reader:
        reference = suspensions.reference_of(reader, booking_id)
    try:
        run(act, booking_id)
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        flash(_("%(reference)s：没有办成。%(why)s", reference=reference, why=why), "warn")
    else:
        flash(f"{done}{reference}", "ok")


def _page(form: Form) -> str:
    with reading() as reader:
        page = suspensions.suspended_page(reader)
        words = labels(reader, "decline_cancel_reason", locale=reader_locale())
    reasons = [Choice(code, words.of("decline_cancel_reason", code)) for code in REASONS]
    return render_template("bureau/pool/suspended.html", page=page, form=form, reasons=reasons)


def _time_page(booking_id: UUID, form: Form, refusal: str | None = None) -> str:
    with reading() as reader:
        row = suspensions.suspended_booking(reader, booking_id)
    return render_template("bureau/pool/other_time.html", row=row, form=form, refusal=refusal)
