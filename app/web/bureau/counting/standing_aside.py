"""登记中途回避: an officer notes on an expert's word that he declared a tie and left."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.availability.zones import DISTRICT
from app.domain.errors import InvalidInputError
from app.domain.own_clock import instant_within
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import bureau_desk
from app.queries.bureau_desk.meeting import Evidence, Present
from app.services import declared_ties
from app.web.shared.formatting import clock_time
from app.web.shared.forms import Choice, Form

PAGE = "/bureau/sessions/<uuid:session_id>/stand-aside"


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(PAGE)(declared_tie)
    blueprint.post(PAGE)(note_tie)


@policy(Permission.HOLD_SERVICE_SESSION, logged=True)
def declared_tie(session_id: UUID) -> ResponseReturnValue:
    """Ask who left, and when."""
    with reading() as reader:
        begun = {"left_at": clock_time(reader.now)}
    return _page(_look(session_id), Form(begun))


@policy(Permission.HOLD_SERVICE_SESSION)
def note_tie(session_id: UUID) -> ResponseReturnValue:
    """Note it; what counts is decided when the meeting is closed."""
    form, page = Form(request.form), _look(session_id)
    try:
        with form:
            who = form.choice("expert_id", [str(each.expert_id) for each in _experts(page)])
            at = form.time_of_day("left_at", step=1)
        meeting = page.meeting
        left_at = instant_within(at, meeting.planned_starts_at, meeting.planned_ends_at, DISTRICT)
        run(declared_ties.declare, session_id, expert_id=UUID(who), left_at=left_at)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(page, form), 422
    flash(_("已登记中途回避，他的时间不计入。"), "ok")
    return redirect(url_for("bureau.session", session_id=session_id), code=303)


def _look(session_id: UUID) -> Evidence:
    with reading() as reader:
        return bureau_desk.evidence(reader, session_id)


def _experts(page: Evidence) -> list[Present]:
    return [each for each in page.people if each.expert_id is not None]


def _page(page: Evidence, form: Form) -> str:
    experts = [Choice(str(each.expert_id), each.name or "") for each in _experts(page)]
    return render_template(
        "bureau/counting/stand_aside.html", page=page, form=form, experts=experts
    )
