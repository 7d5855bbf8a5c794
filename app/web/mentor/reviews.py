"""评审: what the mentor judges, one sheet for each project, and standing aside."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.activity import HIGHEST_MARK, LONGEST_SUMMARY
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries.activities import judge_page, reviews_of_judge
from app.services import activities
from app.web.shared.forms import Form

REVIEW = "/mentor/reviews/<uuid:activity_id>"
PROJECT = f"{REVIEW}/projects/<uuid:project_id>"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/mentor/reviews")(reviews)
    blueprint.get(REVIEW)(review)
    blueprint.post(f"{PROJECT}/sheet")(submit_sheet)
    blueprint.post(f"{PROJECT}/recuse")(recuse)


@policy(Permission.JUDGE)
def reviews() -> ResponseReturnValue:
    """Show the reviews in which the mentor judges."""
    with reading() as reader:
        rows = reviews_of_judge(reader)
    return render_template("mentor/reviews.html", reviews=rows)


@policy(Permission.JUDGE)
def review(activity_id: UUID) -> ResponseReturnValue:
    """Show the projects in their slots, with a sheet for each that may be marked."""
    return _page(activity_id, Form())


@policy(Permission.JUDGE)
def submit_sheet(activity_id: UUID, project_id: UUID) -> ResponseReturnValue:
    """Hand a sheet in; it is never changed."""
    form = Form(request.form)
    with reading() as reader:
        criteria = judge_page(reader, activity_id).criteria
    try:
        with form:
            names = [f"mark_{project_id}_{number}" for number in range(len(criteria))]
            marks = [form.integer(name, 0, HIGHEST_MARK) for name in names]
            remark = form.text(f"remark_{project_id}", longest=LONGEST_SUMMARY, required=False)
        run(activities.submit_sheet, project_id, marks, remark)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(activity_id, form), 422
    flash(_("评分表已提交，不能再改。"), "ok")
    return redirect(url_for("mentor.review", activity_id=activity_id), code=303)


@policy(Permission.JUDGE)
def recuse(activity_id: UUID, project_id: UUID) -> ResponseReturnValue:
    """Stand aside from a project."""
    run(activities.recuse, project_id)
    flash(_("已记下您对这个项目回避。"), "ok")
    return redirect(url_for("mentor.review", activity_id=activity_id), code=303)


def _page(activity_id: UUID, form: Form) -> str:
    with reading() as reader:
        page = judge_page(reader, activity_id)
    return render_template("mentor/review.html", page=page, form=form)
