"""今天的坐诊: a free slot of a clinic that goes on now, given to whoever stands at the counter."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import clinics
from app.services import desk_entries
from app.web.shared.forms import Form

COUNTER = "/bureau/needs/<uuid:need_id>/counter"


def register(blueprint: Blueprint) -> None:
    """Add the page and the act."""
    blueprint.get(COUNTER)(counter)
    blueprint.post(COUNTER)(give_slot)


@policy(Permission.GIVE_SLOT)
def counter(need_id: UUID) -> ResponseReturnValue:
    """Show the free slots of today's clinics at places of the clerk's."""
    return _page(need_id)


@policy(Permission.GIVE_SLOT)
def give_slot(need_id: UUID) -> ResponseReturnValue:
    """Give a slot; what stands against it is said beside those that are left."""
    form = Form(request.form)
    with form:
        clinic_id, starts = form.identifier("clinic_id"), form.instants("starts_at")
    try:
        booking = run(desk_entries.give_slot, need_id, clinic_id, starts[0])
    except (ConflictError, RuleError) as error:
        return _page(need_id, error), status_of(error)
    flash(_("号已经给了，导师会收到通知。给错了，10 分钟内可以在窗口撤回。"), "ok")
    return redirect(url_for("bureau.slip", booking_id=booking.id), code=303)


def _page(need_id: UUID, refusal: ConflictError | RuleError | None = None) -> str:
    with reading() as reader:
        page = clinics.at_counter(reader, need_id)
    return render_template("bureau/counter/counter.html", page=page, refusal=refusal)
