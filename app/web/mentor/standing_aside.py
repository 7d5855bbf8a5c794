"""中途回避: an expert finds a tie while the meeting runs, declares it and leaves."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.http.policy import policy
from app.http.run import run
from app.services import declared_ties
from app.web.mentor.reports import look, reported
from app.web.shared.forms import Form

PAGE = "/mentor/sessions/<uuid:session_id>/stand-aside"


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(PAGE)(ask_tie)
    blueprint.post(PAGE)(declare_tie)


@policy(Permission.RECORD_OUTCOME)
def ask_tie(session_id: UUID) -> ResponseReturnValue:
    """Tell what it means to declare a tie now, and ask whether he does."""
    page = look(session_id)
    if not page.may_stand_aside:
        return reported(page)
    return render_template("mentor/stand_aside.html", page=page, form=Form())


@policy(Permission.RECORD_OUTCOME)
def declare_tie(session_id: UUID) -> ResponseReturnValue:
    """Note that he declared it and left."""
    run(declared_ties.declare, session_id)
    flash(_("已登记您中途回避，您的时间不计入。"), "ok")
    return redirect(url_for("mentor.report", session_id=session_id), code=303)
