"""坐诊排班: the clinics of a month; setting one, repeating a week, taking one back."""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.actor import Permission
from app.domain.availability import SLOT_MINUTES, Clinic
from app.domain.calendar import CalendarWeek, Month
from app.domain.errors import InvalidInputError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import clinics as queries
from app.queries.clinics import Rota, RotaClinic
from app.services import availability
from app.web.bureau.address import one_of
from app.web.shared.forms import Choice, Form, quarter_hours

LONGEST_NOTE = 100
WEEKS_AHEAD = 8
USUAL = {"starts": "09:00", "ends": "12:00", "slot_minutes": 30}
_BY: Mapping[str, Callable[[RotaClinic], Any]] = {
    "day": lambda row: row.day,
    "place": lambda row: row.place,
    "expert": lambda row: row.expert,
}
_ARRANGED = {name: name for name in _BY}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/bureau/clinics")(clinics)
    blueprint.post("/bureau/clinics")(add_clinic)
    blueprint.post("/bureau/clinics/repeat")(repeat_clinics)
    blueprint.get("/bureau/clinics/<uuid:clinic_id>")(clinic)
    blueprint.post("/bureau/clinics/<uuid:clinic_id>/remove")(remove_clinic)


@policy(Permission.ENTER_ON_PAPER)
def clinics() -> ResponseReturnValue:
    """Show the rota of a month by day, place or expert."""
    return _page(Form(dict(USUAL)))


@policy(Permission.SET_AVAILABILITY)
def clinic(clinic_id: UUID) -> ResponseReturnValue:
    """Show one clinic: its slots, who comes, how late it runs."""
    with reading() as reader:
        page = queries.half_day(reader, clinic_id)
    return render_template("bureau/scheduling/clinic.html", page=page, month=Month.of(page.day))


@policy(Permission.SET_CLINIC)
def add_clinic() -> ResponseReturnValue:
    """Set a clinic for an expert."""
    form = Form(request.form)
    try:
        expert_id, wanted = _read(form)
        row = run(availability.set_clinic, expert_id, wanted)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    flash(_("已排上坐诊，创业者现在可以约。"), "ok")
    return redirect(url_for("bureau.clinics", month=Month.of(row.day)), code=303)


@policy(Permission.SET_AVAILABILITY)
def repeat_clinics() -> ResponseReturnValue:
    """Set the clinics of the week before once more."""
    week = CalendarWeek.parse(request.form.get("week", ""))
    kept, left_out = run(availability.repeat_clinics, week, answer=_counted)
    flash(ngettext("已排上 %(num)s 场。", "已排上 %(num)s 场。", kept), "ok" if kept else "warn")
    if left_out:
        flash(_("有 %(count)s 场没有排：放假、不在聘期或已有坐诊。", count=left_out), "warn")
    return redirect(url_for("bureau.clinics", month=Month.of(week.monday_on)), code=303)


@policy(Permission.SET_CLINIC)
def remove_clinic(clinic_id: UUID) -> ResponseReturnValue:
    """Take a clinic back; bookings that stand are left alone."""
    form = Form(request.form)
    with form:
        expert_id, version = form.identifier("expert_id"), form.version()
    run(availability.remove_clinic, expert_id, clinic_id, version=version)
    flash(_("已取消坐诊。已有的预约不受影响。"), "ok")
    return redirect(url_for("bureau.clinics", month=request.form.get("month")), code=303)


def _counted(result: tuple[list[Any], int]) -> tuple[int, int]:
    kept, left_out = result
    return len(kept), left_out


def _read(form: Form) -> tuple[UUID, Clinic]:
    with form:
        expert_id = form.identifier("expert_id")
        starts, ends = form.time_of_day("starts"), form.time_of_day("ends")
        wanted = Clinic(
            day=form.day("day"),
            starts_minute=starts.hour * 60 + starts.minute,
            ends_minute=ends.hour * 60 + ends.minute,
            slot_minutes=form.integer("slot_minutes", SLOT_MINUTES[0], SLOT_MINUTES[-1]),
            place_id=form.identifier("place_id") if form.given("place_id") else None,
            note=form.text("note", longest=LONGEST_NOTE, required=False),
        )
    return expert_id, wanted


def _page(form: Form) -> str:
    asked = request.values.get("month")
    by = one_of(_ARRANGED, request.args.get("by") or "day")
    with reading() as reader:
        page = queries.rota(reader, Month.parse(asked) if asked else Month.of(reader.today))
        week = CalendarWeek.of(reader.today)
    return render_template(
        "bureau/scheduling/clinics.html",
        page=page,
        form=form,
        by=by,
        groups=_groups(page, _BY[by]),
        weeks=[week.shifted(ahead) for ahead in range(WEEKS_AHEAD)],
        experts=_choices(page.experts),
        places=_choices(page.places),
        times=quarter_hours(),
    )


def _groups(page: Rota, key: Callable[[RotaClinic], Any]) -> list[dict[str, Any]]:
    ordered = sorted(page.clinics, key=lambda row: (key(row), row.starts_at))
    return [{"key": name, "rows": list(rows)} for name, rows in groupby(ordered, key)]


def _choices(rows: tuple[tuple[UUID, str], ...]) -> list[Choice]:
    return [Choice("", _("请选择")), *(Choice(str(key), name) for key, name in rows)]
