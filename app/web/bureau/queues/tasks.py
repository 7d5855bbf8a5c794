"""待办: what somebody at the bureau has to do, by due date."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.task import LONGEST_NOTE
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import tasks as queries
from app.services import tasks
from app.web.bureau.address import key_asked, one_of
from app.web.shared.forms import Form

_STATES = {"open": True, "closed": False}


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/bureau/tasks")(task_list)
    blueprint.get("/bureau/tasks/<uuid:task_id>")(task)
    blueprint.post("/bureau/tasks/<uuid:task_id>")(close_task)


@policy(Permission.READ_TASKS)
def task_list() -> ResponseReturnValue:
    """Show the open tasks by due date, or those that were closed."""
    state = request.args.get("state") or "open"
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        page = queries.task_page(reader, is_open=one_of(_STATES, state), after=after)
    return render_template("bureau/queues/tasks.html", page=page, state=state)


@policy(Permission.READ_TASKS)
def task(task_id: UUID) -> ResponseReturnValue:
    """Show one task, and how it ends."""
    return _page(task_id, Form())


@policy(Permission.READ_TASKS)
def close_task(task_id: UUID) -> ResponseReturnValue:
    """Close the task with a note of what was done; its kind says who may."""
    form = Form(request.form)
    try:
        with form:
            note = form.text("note", longest=LONGEST_NOTE)
            version = form.integer("version", 1, 10**6)
        run(tasks.close, task_id, note, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(task_id, form), 422
    flash(_("已办结，办理情况已记下。"), "ok")
    return redirect(url_for("bureau.task_list"), code=303)


def _page(task_id: UUID, form: Form) -> str:
    with reading() as reader:
        found = queries.task(reader, task_id)
    return render_template("bureau/queues/task.html", task=found, form=form)
