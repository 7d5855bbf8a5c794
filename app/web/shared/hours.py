"""可约时间, the editor that a mentor has for himself and an officer for any of the pool."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import StaleVersionError
from app.domain.availability import MOST_SPANS_A_DAY, TIMED_SERVICES, field_of, length_field
from app.domain.errors import InvalidInputError
from app.http.run import reading, run
from app.queries import mentor_home as pages
from app.services import availability
from app.web.shared import hours_form
from app.web.shared.clock import end_choices, start_choices
from app.web.shared.forms import Choice, Form
from app.web.shared.zones import zone_choices

SAVE, PREVIEW = "save", "preview"
MORE = ("every", "from", "until", "place")


@dataclass(frozen=True, slots=True)
class Door:
    """By which portal the editor is reached, and for whom.

    Attributes:
        expert_id: None for the mentor himself.
    """

    portal: str
    layout: str
    nav: str
    expert_id: UUID | None = None

    def url(self, name: str, **values: str) -> str:
        """Return the address of one of the editor's pages."""
        if self.expert_id is not None:
            values = {**values, "expert_id": str(self.expert_id)}
        named: dict[str, Any] = values
        return url_for(f"{self.portal}.{name}", **named)

    def look(self) -> pages.Hours:
        """Return the hours as they are."""
        with reading() as reader:
            return pages.hours(reader, self.expert_id)


def show(door: Door) -> ResponseReturnValue:
    """Show the hours as they are."""
    page = door.look()
    fields = hours_form.written(page.week, page.today)
    return _render(door, page, Form(fields), fields)


def change(door: Door) -> ResponseReturnValue:
    """Save the week; or, where another button was pressed, only show the changed form."""
    page = door.look()
    command = request.form.get("do", PREVIEW if PREVIEW in request.args else SAVE)
    fields = hours_form.changed(request.form.to_dict(), command, page.modes)
    form = Form(fields)
    if command != SAVE:
        return _render(door, page, form, fields, focus=_focus(command, fields))
    try:
        _save(form, fields, page)
    except InvalidInputError as error:
        form.refuse(error)
        return _render(door, page, form, fields), 422
    except StaleVersionError:
        return _render(door, door.look(), form, fields, is_stale=True), 409
    flash(_("已保存。已有的预约不受影响。"), "ok")
    return redirect(door.url("hours"), code=303)


def _save(form: Form, fields: Mapping[str, str], page: pages.Hours) -> None:
    week = hours_form.read(form, fields, page)
    with form:
        version = form.version()
    run(availability.set_week, page.expert_id, week, version=version)


def _render(
    door: Door,
    page: pages.Hours,
    form: Form,
    fields: Mapping[str, str],
    *,
    focus: str = "",
    is_stale: bool = False,
) -> str:
    return render_template(
        "hours/editor.html",
        door=door,
        page=page,
        form=form,
        preview=_preview(page, fields),
        counts={day: len(hours_form.rows(fields, day)) for day in hours_form.WEEKDAYS},
        most=MOST_SPANS_A_DAY,
        more=MORE,
        **_choices(page, form),
        lengths={length_field(code): page.usual[code] for code in TIMED_SERVICES},
        focus=focus,
        is_stale=is_stale,
    )


def _choices(page: pages.Hours, form: Form) -> dict[str, list[Choice]]:
    return {
        "starts": start_choices(),
        "ends": end_choices(),
        "modes": hours_form.mode_choices(page.modes),
        "weeks": hours_form.week_choices(page.today),
        "places": hours_form.place_choices(page.places),
        "buffers": hours_form.buffer_choices(form.raw("buffer_minutes")),
        "befores": hours_form.buffer_choices(form.raw("buffer_before_minutes")),
        "notices": hours_form.notice_choices(form.raw("notice_hours")),
        "zones": zone_choices(form.raw("time_zone")),
    }


def _preview(page: pages.Hours, fields: Mapping[str, str]) -> pages.Preview | None:
    """Return what founders would see, None while the fields cannot be read."""
    try:
        week = hours_form.read(Form(fields), fields, page)
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
