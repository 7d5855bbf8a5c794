"""评审台: the projects of a review, its ranking, and the protocol to print and sign."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.ids import parse_id
from app.http.policy import policy
from app.http.run import reading, run
from app.queries.activities import activity_desk, venture_choices
from app.services import activities
from app.web.shared.forms import Form

REVIEW = "/bureau/activities/<uuid:activity_id>/review"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(REVIEW)(review_desk)
    blueprint.post(f"{REVIEW}/projects")(add_project)
    blueprint.post(f"{REVIEW}/projects/<uuid:project_id>/drop")(drop_project)
    blueprint.post(f"{REVIEW}/publish")(publish_ranking)
    blueprint.get(f"{REVIEW}/protocol")(protocol)


@policy(Permission.READ_ACTIVITIES)
def review_desk(activity_id: UUID) -> ResponseReturnValue:
    """Show projects, who stands aside, which sheets are in; and ventures that may be added."""
    form = Form(request.args)
    with reading() as reader:
        desk = activity_desk(reader, activity_id)
        found = venture_choices(reader, form.raw("q"))
    return render_template("bureau/scheduling/review.html", desk=desk, form=form, found=found)


@policy(Permission.MANAGE_ACTIVITY)
def add_project(activity_id: UUID) -> ResponseReturnValue:
    """Put a venture on the list."""
    form = Form(request.form)
    with form:
        venture_id = form.identifier("venture_id")
    run(activities.add_project, activity_id, venture_id)
    flash(_("已加入评审名单。"), "ok")
    return _back(activity_id)


@policy(Permission.MANAGE_ACTIVITY)
def drop_project(activity_id: UUID, project_id: UUID) -> ResponseReturnValue:
    """Take a project off the list."""
    run(activities.drop_project, project_id)
    flash(_("已从名单中去掉，后面的项目往前移一段。"), "ok")
    return _back(activity_id)


@policy(Permission.MANAGE_ACTIVITY)
def publish_ranking(activity_id: UUID) -> ResponseReturnValue:
    """Publish the ranking."""
    absent = [key for each in Form(request.form).chosen("absent") if (key := parse_id(each))]
    run(activities.publish, activity_id, absent, answer=len)
    flash(_("排名已公布，请打印评审纪要，由组长和秘书签字。"), "ok")
    return _back(activity_id)


@policy(Permission.READ_ACTIVITIES, logged=True)
def protocol(activity_id: UUID) -> ResponseReturnValue:
    """Show the protocol to print."""
    with reading() as reader:
        desk = activity_desk(reader, activity_id)
    return render_template("bureau/scheduling/review_protocol.html", desk=desk)


def _back(activity_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("bureau.review_desk", activity_id=activity_id), code=303)
