"""后台任务: what waits, what is late or given up, and what may be tried anew."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.job import DELIVER, JobState
from app.http.policy import policy
from app.http.run import reading, run
from app.queries.job_board import job_board
from app.queries.job_lists import job_page
from app.queries.outbox import backlogs
from app.services import jobs
from app.web.bureau.address import key_asked
from app.web.shared.forms import Form

LONGEST_KIND = 40


def register(blueprint: Blueprint) -> None:
    """Add the page and its acts."""
    blueprint.get("/bureau/jobs")(job_list)
    blueprint.post("/bureau/jobs/<uuid:job_id>/requeue")(requeue_job)
    blueprint.post("/bureau/jobs/requeue")(requeue_jobs)


@policy(Permission.RUN_JOBS, logged=True)
def job_list() -> ResponseReturnValue:
    """Show how the jobs stand, and those given up, the newest first."""
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        board = job_board(reader)
        dead = job_page(reader, state=JobState.DEAD, after=after)
        now, waiting = reader.now, backlogs(reader)
    return render_template(
        "bureau/running/jobs.html",
        board=board,
        dead=dead,
        now=now,
        after=after,
        letters=DELIVER,
        backlogs=waiting,
    )


@policy(Permission.RUN_JOBS)
def requeue_job(job_id: UUID) -> ResponseReturnValue:
    """Have a job that was given up tried anew."""
    form = Form(request.form)
    with form:
        version = form.version()
    run(jobs.requeue, job_id, version=version)
    flash(_("已重新排队，马上会再试。"), "ok")
    return redirect(url_for("bureau.job_list"), code=303)


@policy(Permission.RUN_JOBS)
def requeue_jobs() -> ResponseReturnValue:
    """Have all jobs of one kind that were given up tried anew."""
    form = Form(request.form)
    with form:
        kind = form.text("kind", longest=LONGEST_KIND)
    count = run(jobs.requeue_kind, kind)
    flash(_("%(count)s 件已重新排队，马上会再试。", count=count), "ok")
    return redirect(url_for("bureau.job_list"), code=303)
