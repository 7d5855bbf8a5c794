"""特殊日子: days closed or opened beside the plain week."""

from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.availability import LONGEST_REASON, Closing, ExceptionKind, Opening
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.ids import parse_id
from app.http.run import run
from app.services import availability
from app.web.shared.clock import WHOLE_DAY, end_choices, minute_of, start_choices
from app.web.shared.forms import Choice, Form
from app.web.shared.hours import Door
from app.web.shared.words import MODE_NAMES, named
from app.web.shared.zones import zone_name


def ask(door: Door) -> ResponseReturnValue:
    """Ask which days differ, and how."""
    return _page(door, Form({"kind": ExceptionKind.OFF.value}))


def add(door: Door) -> ResponseReturnValue:
    """Close or open the days."""
    form = Form(request.form)
    page = door.look()
    try:
        special = _read(form, page.modes)
        if isinstance(special, Closing):
            run(availability.close_day, page.expert_id, special, answer=len)
        else:
            run(availability.open_day, page.expert_id, special)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(door, form), 422
    flash(_("已保存。已有的预约不受影响。"), "ok")
    return redirect(door.url("hours"), code=303)


def remove(door: Door) -> ResponseReturnValue:
    """Let the week hold again on the days."""
    run(availability.remove_days, door.look().expert_id, _named())
    flash(_("已删除，这些日子按每周的时间开放。"), "ok")
    return redirect(door.url("hours"), code=303)


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


def _page(door: Door, form: Form) -> str:
    page = door.look()
    return render_template(
        "hours/special_day.html",
        door=door,
        form=form,
        zone=zone_name(page.week.time_zone),
        kinds=_kinds(),
        modes=named(MODE_NAMES, page.modes),
        starts=start_choices(),
        ends=end_choices(),
    )


def _kinds() -> list[Choice]:
    return [
        Choice(ExceptionKind.OFF.value, _("不开放"), _("出差、请假；可以连续几天")),
        Choice(ExceptionKind.EXTRA.value, _("临时加开"), _("在每周时间之外，节假日也可以")),
    ]
