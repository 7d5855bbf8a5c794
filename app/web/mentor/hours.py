"""可约时间: the plain week, special days, limits, and what founders will see of them."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import StaleVersionError
from app.domain.actor import Permission
from app.domain.availability import MOST_SPANS_A_DAY, field_of
from app.domain.errors import InvalidInputError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import mentor_home as pages
from app.services import availability
from app.web.mentor import hours_form
from app.web.mentor.clock import end_choices, start_choices
from app.web.shared.forms import Form

SAVE, PREVIEW = "save", "preview"


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/mentor/availability")(hours)
    blueprint.post("/mentor/availability")(change_hours)


@policy(Permission.SET_AVAILABILITY)
def hours() -> ResponseReturnValue:
    """Show the hours as they are."""
    page = _look()
    return _render(page, Form(hours_form.written(page.week)), hours_form.written(page.week))


@policy(Permission.SET_AVAILABILITY)
def change_hours() -> ResponseReturnValue:
    """Save the week; or, where another button was pressed, only show the changed form."""
    page = _look()
    command = request.form.get("do", PREVIEW if PREVIEW in request.args else SAVE)
    fields = hours_form.changed(request.form.to_dict(), command, page.modes)
    form = Form(fields)
    if command != SAVE:
        return _render(page, form, fields, focus=_focus(command, fields))
    try:
        _save(form, fields, page)
    except InvalidInputError as error:
        form.refuse(error)
        return _render(page, form, fields), 422
    except StaleVersionError:
        return _render(_look(), form, fields, is_stale=True), 409
    flash(_("已保存。已有的预约不受影响。"), "ok")
    return redirect(url_for("mentor.hours"), code=303)


def _save(form: Form, fields: Mapping[str, str], page: pages.Hours) -> None:
    week = hours_form.read(form, fields, page.modes)
    with form:
        version = form.version()
    run(availability.set_week, page.expert_id, week, version=version)


def _look() -> pages.Hours:
    with reading() as reader:
        return pages.hours(reader)


def _render(
    page: pages.Hours,
    form: Form,
    fields: Mapping[str, str],
    *,
    focus: str = "",
    is_stale: bool = False,
) -> str:
    return render_template(
        "mentor/hours.html",
        page=page,
        form=form,
        preview=_preview(page, fields),
        counts={day: len(hours_form.rows(fields, day)) for day in hours_form.WEEKDAYS},
        most=MOST_SPANS_A_DAY,
        starts=start_choices(),
        ends=end_choices(),
        modes=hours_form.mode_choices(page.modes),
        buffers=hours_form.buffer_choices(form.raw("buffer_minutes")),
        notices=hours_form.notice_choices(form.raw("notice_hours")),
        focus=focus,
        is_stale=is_stale,
    )


def _preview(page: pages.Hours, fields: Mapping[str, str]) -> pages.Preview | None:
    """Return what founders would see, None while the fields cannot be read."""
    try:
        week = hours_form.read(Form(fields), fields, page.modes)
    except InvalidInputError:
        return None
    return pages.preview(page, week)


def _focus(command: str, fields: Mapping[str, str]) -> str:
    """Return the control that comes next after a row was added or removed."""
    verb, _dash, rest = command.partition("-")
    weekday = rest[:1]
    if verb == "add" and weekday.isdigit():
        return field_of(int(weekday), len(hours_form.rows(fields, int(weekday))), "starts")
    return f"add-{weekday}" if verb == "remove" else ""
