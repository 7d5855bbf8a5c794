"""活动: what is on, for everybody; a seat with one press; signing in at the door."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.activity import CODE_LENGTH
from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.person import LONGEST_NAME
from app.http.actor import current_actor
from app.http.policy import policy, public
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import vocabularies
from app.queries.activities import activities_of, event_page, event_pages
from app.services import activities
from app.services.activities import Listener
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LONGEST_PHONE = 20


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/events")(events)
    blueprint.get("/events/mine")(own_events)
    blueprint.get("/events/<uuid:activity_id>")(event)
    blueprint.post("/events/<uuid:activity_id>/join")(join_event)
    blueprint.post("/events/<uuid:activity_id>/leave")(leave_event)
    blueprint.post("/events/<uuid:activity_id>/wait")(wait_for_seat)
    blueprint.post("/events/<uuid:activity_id>/wait/leave")(stop_waiting)
    blueprint.get("/events/<uuid:activity_id>/door")(ask_at_door)
    blueprint.post("/events/<uuid:activity_id>/door")(enter_at_door)


@public
def events() -> ResponseReturnValue:
    """Show what lies ahead, or what is over."""
    is_past = request.args.get("past") == "1"
    with reading() as reader:
        pages = event_pages(reader, is_past=is_past)
    return render_template("public/events.html", pages=pages, view="past" if is_past else "ahead")


@policy(Permission.JOIN_ACTIVITY)
def own_events() -> ResponseReturnValue:
    """Show the activities in which the viewer has a seat, or waits for one."""
    with reading() as reader:
        pages = activities_of(reader)
    return render_template("public/events.html", pages=pages, view="own")


@public
def event(activity_id: UUID) -> ResponseReturnValue:
    """Show one activity, and what the viewer may do about it."""
    with reading() as reader:
        page = event_page(reader, activity_id)
        names = vocabularies.labels(reader, "department", "need_topic", locale=reader_locale())
    return render_template("public/event.html", page=page, names=names)


@policy(Permission.JOIN_ACTIVITY)
def join_event(activity_id: UUID) -> ResponseReturnValue:
    """Take a seat, or the one that is kept for the viewer."""
    run(activities.join, activity_id)
    flash(_("已报名。到场时请用门口的签到码签到。"), "ok")
    return redirect(url_for("public.event", activity_id=activity_id), code=303)


@policy(Permission.JOIN_ACTIVITY)
def leave_event(activity_id: UUID) -> ResponseReturnValue:
    """Give the seat back."""
    run(activities.leave, activity_id)
    flash(_("已取消报名，座位让给别人了。"), "ok")
    return redirect(url_for("public.event", activity_id=activity_id), code=303)


@policy(Permission.JOIN_ACTIVITY)
def wait_for_seat(activity_id: UUID) -> ResponseReturnValue:
    """Take the last place in the line for a seat."""
    run(activities.join_line, activity_id)
    return redirect(url_for("public.event", activity_id=activity_id), code=303)


@policy(Permission.JOIN_ACTIVITY)
def stop_waiting(activity_id: UUID) -> ResponseReturnValue:
    """Leave the line; a seat that is kept for the viewer goes to the next."""
    form = Form(request.form)
    with form:
        version = form.version()
    run(activities.leave_line, activity_id, version=version)
    flash(_("已退出候补。"), "ok")
    return redirect(url_for("public.event", activity_id=activity_id), code=303)


@public
def ask_at_door(activity_id: UUID) -> ResponseReturnValue:
    """Ask who is there; the code comes with the address that the code at the door leads to."""
    return _door(activity_id, Form({"code": request.args.get("code", "")}))


@public
def enter_at_door(activity_id: UUID) -> ResponseReturnValue:
    """Sign in whoever is there."""
    form = Form(request.form)
    try:
        with form:
            code = form.text("code", longest=4 * CODE_LENGTH)
            if _is_listener():
                run(activities.check_in, activity_id, code)
            else:
                name = form.text("name", longest=LONGEST_NAME)
                phone = form.text("phone", longest=LONGEST_PHONE)
        if not _is_listener():
            run(activities.sign_in, activity_id, code, Listener(name, phone))
    except InvalidInputError as error:
        form.refuse(error)
        return _door(activity_id, form), 422
    except (RuleError, ConflictError) as error:
        refusal = error_text(error.code, error.facts, reader_locale())
        return _door(activity_id, form, refusal), status_of(error)
    flash(_("签到成功。"), "ok")
    return redirect(url_for("public.event", activity_id=activity_id), code=303)


def _is_listener() -> bool:
    return current_actor().person_id is not None


def _door(activity_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        page = event_page(reader, activity_id)
    return render_template(
        "public/event_door.html",
        page=page,
        form=form,
        refusal=refusal,
        knows_viewer=_is_listener(),
    )
