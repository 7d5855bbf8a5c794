"""The door of an activity: its code large on a screen, who came, and heads counted apart."""

from uuid import UUID

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.person import LONGEST_NAME
from app.http.edge import the_settings
from app.http.policy import policy
from app.http.run import reading, run
from app.queries.activities import activity_desk
from app.services import activities
from app.services.persons import WalkIn
from app.web.shared.forms import Form

DOOR = "/bureau/activities/<uuid:activity_id>/door"
LONGEST_PHONE = 20
HEADS = {"more": 1, "less": -1}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(DOOR)(door)
    blueprint.post(f"{DOOR}/heads")(count_heads)
    blueprint.post(f"{DOOR}/code")(renew_code)
    blueprint.post(f"{DOOR}/signed")(note_signed)
    blueprint.post(f"{DOOR}/walk-in")(add_walk_in)
    blueprint.get("/bureau/activities/<uuid:activity_id>/sheet")(sign_in_sheet)
    blueprint.get("/bureau/activities/<uuid:activity_id>/certificates")(certificates)


@policy(Permission.MANAGE_ACTIVITY)
def door(activity_id: UUID) -> ResponseReturnValue:
    """Show the code, how many came, and whose number ends in the four digits asked for."""
    return _page(activity_id, Form(request.args))


@policy(Permission.MANAGE_ACTIVITY)
def count_heads(activity_id: UUID) -> ResponseReturnValue:
    """Count one head more or less."""
    run(activities.count_heads, activity_id, HEADS.get(request.form.get("by", ""), 0))
    return _back(activity_id)


@policy(Permission.MANAGE_ACTIVITY)
def renew_code(activity_id: UUID) -> ResponseReturnValue:
    """Put another code up."""
    run(activities.renew_code, activity_id)
    flash(_("已换成新的签到码，旧码作废。"), "ok")
    return _back(activity_id)


@policy(Permission.MANAGE_ACTIVITY)
def note_signed(activity_id: UUID) -> ResponseReturnValue:
    """Sign in who has a seat and signed the sheet."""
    form = Form(request.form)
    with form:
        person_id = form.identifier("person_id")
    run(activities.check_in_signed, activity_id, person_id)
    flash(_("已签到。"), "ok")
    return _back(activity_id)


@policy(Permission.MANAGE_ACTIVITY)
def add_walk_in(activity_id: UUID) -> ResponseReturnValue:
    """Sign in who came without a seat and signed the sheet."""
    form = Form(request.form)
    try:
        with form:
            name = form.text("name", longest=LONGEST_NAME)
            phone = form.text("phone", longest=LONGEST_PHONE, required=False)
        document = _("身份证件") if form.given("seen") else None
        somebody = WalkIn(name=name, phone=phone or None, document=document)
        run(activities.check_in_signed, activity_id, somebody)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(activity_id, form), 422
    flash(_("已签到。"), "ok")
    return _back(activity_id)


@policy(Permission.MANAGE_ACTIVITY, logged=True)
def sign_in_sheet(activity_id: UUID) -> ResponseReturnValue:
    """Show the sheet to print and to sign."""
    with reading() as reader:
        desk = activity_desk(reader, activity_id)
    return render_template("bureau/scheduling/activity_sheet.html", desk=desk)


@policy(Permission.READ_ACTIVITIES)
def certificates(activity_id: UUID) -> ResponseReturnValue:
    """Show the list of who came, with masked names, to print."""
    with reading() as reader:
        desk = activity_desk(reader, activity_id)
    return render_template("bureau/scheduling/activity_certificates.html", desk=desk)


def _back(activity_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("bureau.door", activity_id=activity_id), code=303)


def _page(activity_id: UUID, form: Form) -> str:
    with reading() as reader:
        desk = activity_desk(reader, activity_id)
    path = url_for("public.ask_at_door", activity_id=activity_id, code=desk.door_code)
    address = the_settings().base_url.rstrip("/") + path
    drawn = segno.make(address, error="m").svg_data_uri(
        scale=6, svgclass=None, lineclass=None, omitsize=True
    )
    return render_template(
        "bureau/scheduling/activity_door.html",
        desk=desk,
        form=form,
        digits=form.raw("digits").strip(),
        code_drawn=drawn,
    )
