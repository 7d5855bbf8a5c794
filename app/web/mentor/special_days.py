"""特殊日子: days closed or opened beside the plain week."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.availability import LONGEST_REASON, Closing, ExceptionKind, Opening
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.ids import parse_id
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import mentor_home as pages
from app.services import availability
from app.web.mentor.clock import WHOLE_DAY, end_choices, minute_of, start_choices
from app.web.mentor.words import MODE_NAMES, named, special_kinds
from app.web.shared.forms import Form

DAYS = "/mentor/availability/days"


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(DAYS)(ask_day)
    blueprint.post(DAYS)(add_day)
    blueprint.post(f"{DAYS}/remove")(remove_days)


@policy(Permission.SET_AVAILABILITY)
def ask_day() -> ResponseReturnValue:
    """Ask which days differ, and how."""
    return _page(Form({"kind": ExceptionKind.OFF.value}))


@policy(Permission.SET_AVAILABILITY)
def add_day() -> ResponseReturnValue:
    """Close or open the days."""
    form = Form(request.form)
    try:
        with reading() as reader:
            page = pages.hours(reader)
        special = _read(form, page.modes)
        if isinstance(special, Closing):
            run(availability.close_day, page.expert_id, special, answer=len)
        else:
            run(availability.open_day, page.expert_id, special)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    flash(_("已保存。已有的预约不受影响。"), "ok")
    return redirect(url_for("mentor.hours"), code=303)


@policy(Permission.SET_AVAILABILITY)
def remove_days() -> ResponseReturnValue:
    """Let the week hold again on the days."""
    with reading() as reader:
        expert_id = pages.own_expert_id(reader)
    run(availability.remove_days, expert_id, _named())
    flash(_("已删除，这些日子按每周的时间开放。"), "ok")
    return redirect(url_for("mentor.hours"), code=303)


def _named() -> list[UUID]:
    found = [parse_id(value) for value in request.form.getlist("id")]
    keys = [key for key in found if key is not None]
    if len(keys) < len(found):
        raise NotFoundError("availability_exception.not_found")
    return keys


def _read(form: Form, modes: tuple[str, ...]) -> Closing | Opening:
    with form:
        kind = form.choice("kind", [kind.value for kind in ExceptionKind])
        first_on = form.day("first_on")
        last_on = form.day("last_on") if form.given("last_on") else first_on
        reason = form.text("reason", longest=LONGEST_REASON, required=kind == ExceptionKind.OFF)
        is_whole = kind == ExceptionKind.OFF and not (form.given("starts") or form.given("ends"))
        starts = WHOLE_DAY[0] if is_whole else minute_of(form, "starts", start_choices())
        ends = WHOLE_DAY[1] if is_whole else minute_of(form, "ends", end_choices())
        chosen = form.choices("modes", modes) if kind == ExceptionKind.EXTRA else []
    if kind == ExceptionKind.OFF:
        return Closing(first_on, last_on, reason, starts, ends)
    return Opening(first_on, starts, ends, frozenset(chosen), reason)


def _page(form: Form) -> str:
    with reading() as reader:
        page = pages.hours(reader)
    return render_template(
        "mentor/special_day.html",
        form=form,
        kinds=special_kinds(),
        modes=named(MODE_NAMES, page.modes),
        starts=start_choices(),
        ends=end_choices(),
    )
