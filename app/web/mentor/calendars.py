"""自己的日历: an address or a file from which the service learns when the mentor is busy."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.busy_calendar import LONGEST_ADDRESS, MOST_CALENDARS, TooManyCalendarsError
from app.domain.errors import ConflictError, InvalidInputError
from app.http.edge import the_settings
from app.http.limits import takes_file
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import mentor_home as pages
from app.queries.busy_calendars import calendars_of
from app.services import busy_calendars
from app.web.shared.forms import Form

CALENDARS = "/mentor/calendars"


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get(CALENDARS)(calendars)
    blueprint.post(CALENDARS)(add_calendar)
    blueprint.post(f"{CALENDARS}/file")(add_calendar_file)
    blueprint.post(f"{CALENDARS}/<uuid:calendar_id>/remove")(remove_calendar)


@policy(Permission.SET_AVAILABILITY)
def calendars() -> ResponseReturnValue:
    """Show the calendars, how old what is known of them is, and what failed."""
    return _page(Form())


@policy(Permission.SET_AVAILABILITY)
def add_calendar() -> ResponseReturnValue:
    """Read a calendar at an address from now on."""
    form = Form(request.form)
    try:
        with form:
            address = form.text("address", longest=LONGEST_ADDRESS)
        run(
            busy_calendars.add_address,
            _own_id(),
            address,
            allows_http=not the_settings().is_production,
            answer=lambda calendar: str(calendar.id),
        )
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    except (TooManyCalendarsError, ConflictError) as error:
        form.refuse(InvalidInputError.at("address", error.code, **error.facts))
        return _page(form), 409
    return _added()


@policy(Permission.SET_AVAILABILITY)
@takes_file
def add_calendar_file() -> ResponseReturnValue:
    """Read a file once."""
    form = Form()
    sent = request.files.get("file")
    content, name = (sent.read(), sent.filename or "") if sent else (b"", "")
    try:
        run(
            busy_calendars.add_file,
            _own_id(),
            name,
            content,
            answer=lambda calendar: str(calendar.id),
        )
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    except TooManyCalendarsError as error:
        form.refuse(InvalidInputError.at("file", error.code, **error.facts))
        return _page(form), 409
    return _added()


@policy(Permission.SET_AVAILABILITY)
def remove_calendar(calendar_id: UUID) -> ResponseReturnValue:
    """Forget a calendar."""
    run(busy_calendars.remove, calendar_id)
    flash(_("已移除，这个日历不再影响您的可约时间。"), "ok")
    return redirect(url_for("mentor.calendars"), code=303)


def _own_id() -> UUID:
    with reading() as reader:
        return pages.own_expert_id(reader)


def _added() -> ResponseReturnValue:
    flash(_("已添加，正在读取。读完以前，先不向创业者放出您的时间。"), "ok")
    return redirect(url_for("mentor.calendars"), code=303)


def _page(form: Form) -> str:
    with reading() as reader:
        found = calendars_of(reader, pages.own_expert_id(reader))
    return render_template("mentor/calendars.html", form=form, calendars=found, most=MOST_CALENDARS)
