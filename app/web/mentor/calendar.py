"""日历: a week of the mentor's, and calling a meeting off."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.calendar import CalendarWeek
from app.domain.errors import InvalidInputError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import mentor_home as pages
from app.queries.expert_weeks import expert_week
from app.services import bookings
from app.web.mentor.endings import read_ending
from app.web.mentor.words import END_REASONS
from app.web.shared.formatting import day_of
from app.web.shared.forms import Form
from app.web.shared.week import sheet
from app.web.shared.words import named
from app.web.shared.zones import zone_name

CANCEL_REASONS = (
    "m_time_conflict",
    "m_official_duty",
    "m_illness",
    "m_conflict",
    "m_late_no_reason",
)


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/mentor/calendar")(calendar)
    blueprint.get("/mentor/bookings/<uuid:booking_id>/cancel")(ask_cancel)
    blueprint.post("/mentor/bookings/<uuid:booking_id>/cancel")(cancel)


@policy(Permission.SET_AVAILABILITY)
def calendar() -> ResponseReturnValue:
    """Show one week: meetings, requests, what is closed, and what founders can still book."""
    with reading() as reader:
        written = request.args.get("week")
        week = CalendarWeek.parse(written) if written else CalendarWeek.of(reader.today)
        page = expert_week(reader, pages.own_expert_id(reader), week)
        today = reader.now.astimezone(page.zone).date()
        drawn = sheet(page.entries, week.days, page.zone, today, is_shown=page.is_shown)
    next_week = CalendarWeek.of(day_of(page.next_at)) if page.next_at else None
    return render_template(
        "mentor/calendar.html",
        page=page,
        sheet=drawn,
        next_week=next_week,
        zone=zone_name(page.zone.key),
    )


@policy(Permission.CANCEL_BOOKING)
def ask_cancel(booking_id: UUID) -> ResponseReturnValue:
    """Ask why the meeting cannot take place."""
    return _cancel_page(booking_id, Form())


@policy(Permission.CANCEL_BOOKING)
def cancel(booking_id: UUID) -> ResponseReturnValue:
    """Call an agreed meeting off; the founder is told and the time is free again."""
    form = Form(request.form)
    try:
        ending = read_ending(form, CANCEL_REASONS)
        run(bookings.cancel, booking_id, ending.reason, note=ending.note, version=ending.version)
    except InvalidInputError as error:
        form.refuse(error)
        return _cancel_page(booking_id, form), 422
    flash(_("已取消，我们已经告诉创业者。"), "ok")
    return redirect(url_for("mentor.calendar"), code=303)


def _cancel_page(booking_id: UUID, form: Form) -> str:
    with reading() as reader:
        meeting = pages.own_booking(reader, booking_id)
    return render_template(
        "mentor/cancel.html", meeting=meeting, form=form, reasons=named(END_REASONS, CANCEL_REASONS)
    )
