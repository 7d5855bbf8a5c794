"""候补: joining the line for a mentor who is full, and one's place in it."""

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.availability import Mode, upcoming
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.domain.ids import parse_id
from app.domain.waiting_list import Wish
from app.http.policy import policy
from app.http.run import reading, run
from app.models.waiting_list import WaitingEntry
from app.queries import booking_pages
from app.queries.waiting_lists import place_in_line
from app.services import bookings
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.forms import Form

MODES = tuple(mode.value for mode in Mode)


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/needs/<uuid:need_id>/wait")(ask_join)
    blueprint.post("/needs/<uuid:need_id>/wait")(join)
    blueprint.get("/waiting/<uuid:entry_id>")(waiting)
    blueprint.post("/waiting/<uuid:entry_id>/pass")(pass_over)
    blueprint.post("/waiting/<uuid:entry_id>/leave")(leave)


@policy(Permission.WAIT)
def ask_join(need_id: UUID) -> ResponseReturnValue:
    """Ask which days and ways would suit."""
    return _join_page(need_id, _mentor(request.args.get("mentor", "")), None)


@policy(Permission.WAIT)
def join(need_id: UUID) -> ResponseReturnValue:
    """Take the last place in line; a time that is free after all is shown instead."""
    form = Form(request.form)
    mentor_id = _mentor(form.raw("mentor"))
    try:
        with form:
            modes = form.choices("modes", MODES)
            first, last = form.day("earliest_on"), form.day("latest_on")
        wish = Wish(tuple(modes), first, last)
        entry: WaitingEntry = run(bookings.join_line, need_id, mentor_id, wish)
    except InvalidInputError as error:
        form.refuse(error)
        return _join_page(need_id, mentor_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _join_page(need_id, mentor_id, form, refusal), refusal.status
    return redirect(url_for("founder.waiting", entry_id=entry.id), code=303)


@policy(Permission.WAIT)
def waiting(entry_id: UUID) -> ResponseReturnValue:
    """Show the place in line, what is kept and until when."""
    return _page(entry_id)


@policy(Permission.WAIT)
def pass_over(entry_id: UUID) -> ResponseReturnValue:
    """Let the kept time go to the next and keep the place."""
    try:
        run(bookings.pass_place, entry_id, version=_version())
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _page(entry_id, refusal), refusal.status
    flash(_("这个时间已让给下一位，您的候补继续有效。"), "ok")
    return redirect(url_for("founder.waiting", entry_id=entry_id), code=303)


@policy(Permission.WAIT)
def leave(entry_id: UUID) -> ResponseReturnValue:
    """Wait no longer."""
    try:
        run(bookings.leave_line, entry_id, version=_version())
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _page(entry_id, refusal), refusal.status
    return redirect(url_for("founder.waiting", entry_id=entry_id), code=303)


def _version() -> int:
    form = Form(request.form)
    with form:
        return form.version()


def _mentor(text: str) -> UUID:
    mentor_id = parse_id(text)
    if mentor_id is None:
        raise NotFoundError("expert.not_found")
    return mentor_id


def _page(entry_id: UUID, refusal: Refusal | None = None) -> str:
    with reading() as reader:
        place = place_in_line(reader, entry_id)
    return render_template("founder/waiting.html", place=place, refusal=refusal)


def _join_page(
    need_id: UUID, mentor_id: UUID, form: Form | None, refusal: Refusal | None = None
) -> str:
    with reading() as reader:
        page = booking_pages.times_for_need(reader, need_id, mentor_id)
        days: list[date] = upcoming(reader.now)
    begun = {
        "earliest_on": days[0].isoformat(),
        "latest_on": days[-1].isoformat(),
        "modes": list(page.modes),
    }
    return render_template(
        "founder/wait.html",
        page=page,
        form=form or Form(begun),
        refusal=refusal,
        last_on=days[-1],
    )
