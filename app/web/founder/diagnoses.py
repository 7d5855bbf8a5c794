"""专题诊断: what the founder is asked for, the report once it was presented, what is to be done."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.diagnosis import LONGEST_OBJECTION, Answer, MaterialEvent
from app.domain.errors import ConflictError, DomainError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import run
from app.services import diagnoses
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.diagnosis import items, lists
from app.web.shared.diagnosis.errand import attend
from app.web.shared.diagnosis.names import NAMES
from app.web.shared.diagnosis.pages import look, report_page
from app.web.shared.forms import Form

HOME = "/sessions/<uuid:session_id>/diagnosis"
MATERIAL = f"{HOME}/materials/<uuid:material_id>"
BOTH = ["GET", "POST"]
YES, NO = "yes", "no"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(HOME)(diagnosis)
    blueprint.get(f"{HOME}/report")(diagnosis_report)
    blueprint.post(f"{HOME}/word")(say_understood)
    blueprint.route(MATERIAL, methods=BOTH)(answer_material)
    blueprint.post(f"{MATERIAL}/have")(have_material)
    blueprint.get("/sessions/<uuid:session_id>/actions")(actions)
    blueprint.route("/actions/<uuid:item_id>", methods=BOTH)(action_item)


@policy(Permission.HEAR_REPORT)
def diagnosis(session_id: UUID) -> ResponseReturnValue:
    """Show what is asked for, the report, what is to be done."""
    return _page(session_id, Form())


@policy(Permission.HEAR_REPORT)
def diagnosis_report(session_id: UUID) -> ResponseReturnValue:
    """Show the report that was presented."""
    return report_page("founder", session_id)


@policy(Permission.HEAR_REPORT)
def say_understood(session_id: UUID) -> ResponseReturnValue:
    """Take the founder's word on the presentation."""
    form = Form(request.form)
    try:
        with form:
            understood = form.choice("understood", (YES, NO)) == YES
            objects = form.raw("understood") == NO
            objection = form.text("objection", longest=LONGEST_OBJECTION, required=objects)
            presentation_id = form.identifier("presentation_id")
        run(diagnoses.say, presentation_id, understood=understood, objection=objection)
    except (InvalidInputError, ConflictError, RuleError) as error:
        return _refused(session_id, form, error)
    return redirect(url_for("founder.diagnosis", session_id=session_id), code=303)


@policy(Permission.ANSWER_MATERIAL)
def answer_material(session_id: UUID, material_id: UUID) -> ResponseReturnValue:
    """Say what came of a line of the data list."""
    errand = lists.answer_errand(look(session_id), material_id)
    return attend(errand, "founder", url_for("founder.diagnosis", session_id=session_id))


@policy(Permission.ANSWER_MATERIAL)
def have_material(session_id: UUID, material_id: UUID) -> ResponseReturnValue:
    """Tick a line of the data list."""
    form = Form(request.form)
    with form:
        version = form.version()
    said = Answer(event=MaterialEvent.RECEIVE)
    run(diagnoses.answer, material_id, said, version=version)
    return redirect(url_for("founder.diagnosis", session_id=session_id), code=303)


@policy(Permission.CLOSE_ACTION)
def actions(session_id: UUID) -> ResponseReturnValue:
    """Show what is to be done after a meeting."""
    return items.items_page("founder", session_id)


@policy(Permission.CLOSE_ACTION)
def action_item(item_id: UUID) -> ResponseReturnValue:
    """Close what is the founder's own to do."""
    found = items.look_at(item_id)
    return attend(items.item_errand(found), "founder", items.list_of("founder", found))


def _refused(session_id: UUID, form: Form, error: DomainError) -> ResponseReturnValue:
    refusal = refusal_of(error)
    if isinstance(error, InvalidInputError):
        form.refuse(error)
        return _page(session_id, form), refusal.status
    return _page(session_id, form, refusal), refusal.status


def _page(session_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    return render_template(
        "founder/diagnosis.html", page=look(session_id), form=form, refusal=refusal, names=NAMES
    )
