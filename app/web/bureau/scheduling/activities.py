"""活动管理: announced, changed, called off, closed."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.activity import LONGEST_SUMMARY, ActivityKind
from app.domain.actor import Permission
from app.domain.calendar import ZONE
from app.domain.errors import ConflictError, DomainError, InvalidInputError, RuleError
from app.domain.ids import parse_id
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import vocabularies
from app.queries.activities import activity_desk, event_pages, expert_choices
from app.queries.places import list_places
from app.services import activities
from app.services.activities import Closing
from app.web.bureau.scheduling import activity_form
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

NAMED = ("department", "need_topic")
PAGE = "/bureau/activities/<uuid:activity_id>"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/bureau/activities")(activity_list)
    blueprint.get("/bureau/activities/new")(ask_activity)
    blueprint.post("/bureau/activities/new")(announce_activity)
    blueprint.get(PAGE)(activity)
    blueprint.get(f"{PAGE}/edit")(edit_activity)
    blueprint.post(f"{PAGE}/edit")(change_activity)
    blueprint.post(f"{PAGE}/cancel")(cancel_activity)
    blueprint.post(f"{PAGE}/close")(close_activity)


@policy(Permission.READ_ACTIVITIES)
def activity_list() -> ResponseReturnValue:
    """Show what lies ahead, or what is over."""
    is_past = request.args.get("past") == "1"
    with reading() as reader:
        pages = event_pages(reader, is_past=is_past)
    return render_template("bureau/scheduling/activities.html", pages=pages, is_past=is_past)


@policy(Permission.MANAGE_ACTIVITY)
def ask_activity() -> ResponseReturnValue:
    """Ask for a new activity."""
    kind = request.args.get("kind", ActivityKind.LECTURE.value)
    return _form(Form({"kind": kind, "department": "hrss", "mode": "onsite", "mean": "plain"}))


@policy(Permission.MANAGE_ACTIVITY)
def announce_activity() -> ResponseReturnValue:
    """Announce it."""
    form = Form(request.form)
    try:
        made = run(activities.announce, activity_form.read(form))
    except (InvalidInputError, RuleError, ConflictError) as error:
        return _refused(form, error)
    flash(_("活动已发布，主讲人和场地的时间已占好。"), "ok")
    return redirect(url_for("bureau.activity", activity_id=made.id), code=303)


@policy(Permission.READ_ACTIVITIES)
def activity(activity_id: UUID) -> ResponseReturnValue:
    """Show one activity with who has a seat, who came and what is still to do."""
    return _page(activity_id)


@policy(Permission.MANAGE_ACTIVITY)
def edit_activity(activity_id: UUID) -> ResponseReturnValue:
    """Ask what is to change."""
    with reading() as reader:
        desk = activity_desk(reader, activity_id)
    return _form(activity_form.filled(desk), activity_id, desk.event.version)


@policy(Permission.MANAGE_ACTIVITY)
def change_activity(activity_id: UUID) -> ResponseReturnValue:
    """Change it; who has a seat is told of what concerns him."""
    form = Form(request.form)
    try:
        plan = activity_form.read(form)
        run(activities.change, activity_id, plan, version=int(form.raw("version") or 0))
    except (InvalidInputError, RuleError, ConflictError) as error:
        return _refused(form, error, activity_id)
    flash(_("已改好，报名的人会收到消息。"), "ok")
    return redirect(url_for("bureau.activity", activity_id=activity_id), code=303)


@policy(Permission.MANAGE_ACTIVITY)
def cancel_activity(activity_id: UUID) -> ResponseReturnValue:
    """Call it off; everybody concerned is told why."""
    form = Form(request.form)
    try:
        with form:
            version = form.version()
            reason = form.text("reason", longest=LONGEST_SUMMARY)
        run(activities.cancel, activity_id, reason, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(activity_id, form), 422
    flash(_("活动已取消，报名的人和主讲人会收到消息。"), "ok")
    return redirect(url_for("bureau.activity", activity_id=activity_id), code=303)


@policy(Permission.MANAGE_ACTIVITY)
def close_activity(activity_id: UUID) -> ResponseReturnValue:
    """Close the list with what really happened; then it counts."""
    form = Form(request.form)
    try:
        with form:
            version = form.version()
            on = form.day("on")
            starts, ends = form.time_of_day("starts", 5), form.time_of_day("ends", 5)
            note = form.text("note", longest=LONGEST_SUMMARY)
        absent = frozenset(key for each in form.chosen("absent") if (key := parse_id(each)))
        facts = Closing(
            actual_start=datetime.combine(on, starts, ZONE),
            actual_end=datetime.combine(on, ends, ZONE),
            note=note,
            absent=absent,
        )
        run(activities.close, activity_id, facts, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(activity_id, form), 422
    flash(_("签到名单已关闭，这场活动已经计入。"), "ok")
    return redirect(url_for("bureau.activity", activity_id=activity_id), code=303)


def _page(activity_id: UUID, form: Form | None = None) -> str:
    with reading() as reader:
        desk = activity_desk(reader, activity_id)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
    planned = activity_form.planned(desk.event)
    return render_template(
        "bureau/scheduling/activity.html",
        desk=desk,
        names=names,
        form=form or Form(planned),
        on=planned["on"],
        fronts=[Choice(str(front.id), front.name) for front in desk.event.fronts],
    )


def _choices(names: vocabularies.Labels, vocabulary: str) -> list[Choice]:
    return [Choice(code, text) for code, text in names.choices(vocabulary)]


def _refused(
    form: Form, error: DomainError, activity_id: UUID | None = None
) -> ResponseReturnValue:
    if isinstance(error, InvalidInputError):
        form.refuse(error)
        return _form(form, activity_id), 422
    refusal = error_text(error.code, error.facts, reader_locale())
    return _form(form, activity_id, refusal=refusal), status_of(error)


def _form(form: Form, activity_id: UUID | None = None, version: int = 0, refusal: str = "") -> str:
    with reading() as reader:
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
        experts = expert_choices(reader)
        places = [Choice(str(each.id), each.name) for each in list_places(reader)]
    return render_template(
        "bureau/scheduling/activity_form.html",
        form=form,
        activity_id=activity_id,
        version=version or form.raw("version"),
        experts=[Choice("", _("不选")), *(Choice(str(key), name) for key, name in experts)],
        places=[Choice("", _("不用登记的场地，写在下面")), *places],
        departments=_choices(names, "department"),
        topics=[Choice("", _("不分主题")), *_choices(names, "need_topic")],
        kinds=[Choice("lecture", _("讲座")), Choice("roundtable", _("集中咨询"))],
        means=[Choice("plain", _("平均分")), Choice("trimmed", _("去掉一个最高分和一个最低分"))],
        rows=range(activity_form.EXPERT_ROWS),
        refusal=refusal,
    )
