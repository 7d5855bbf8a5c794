"""我们理解到的: topics struck, added and taken back on a need that was sent; the list follows."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import run
from app.services import needs
from app.web.founder.matching import match
from app.web.founder.refusing import refusal_of
from app.web.shared.errors import fault_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale


def register(blueprint: Blueprint) -> None:
    """Add the act."""
    blueprint.post("/needs/<uuid:need_id>/topics")(change_topics)


@policy(Permission.SUBMIT_NEED)
def change_topics(need_id: UUID) -> ResponseReturnValue:
    """Strike or add a topic and have the need matched anew at once."""
    form = Form(request.form)
    try:
        if form.given("strike"):
            run(needs.strike_topic, need_id, form.raw("strike"))
        elif form.given("add"):
            run(needs.add_topic, need_id, form.raw("add"), answer=_nothing)
        else:
            raise InvalidInputError.at("add", "input.not_chosen")
        match(need_id)
    except InvalidInputError as error:
        for fault in error.errors:
            flash(fault_text(fault, "", reader_locale()), "bad")
    except (ConflictError, RuleError) as error:
        flash(refusal_of(error).text, "warn")
    return redirect(url_for("founder.mentors_for", need_id=need_id) + "#topics", code=303)


def _nothing(_row: object) -> None:
    """Keep nothing of the row; the page is read anew."""
