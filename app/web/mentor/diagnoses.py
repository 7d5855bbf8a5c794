"""专题诊断: the workspace in which the experts of a panel find, write, sign and present."""

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.diagnosis import MOST_FINDINGS, DiagnosisScope
from app.http.policy import policy
from app.http.run import run
from app.services import diagnoses
from app.web.shared.diagnosis import items, lists, signing
from app.web.shared.diagnosis.errand import Errand, attend
from app.web.shared.diagnosis.pages import look, report_page, workspace_page
from app.web.shared.forms import Form

HOME = "/mentor/sessions/<uuid:session_id>/diagnosis"
FINDING = f"{HOME}/findings/<uuid:finding_id>"
MATERIAL = f"{HOME}/materials/<uuid:material_id>"
BOTH = ["GET", "POST"]


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(HOME)(diagnosis)
    blueprint.get(f"{HOME}/report")(diagnosis_report)
    blueprint.post(f"{HOME}/scope")(scope_diagnosis)
    blueprint.route(f"{HOME}/materials", methods=BOTH)(ask_material)
    blueprint.route(MATERIAL, methods=BOTH)(answer_material)
    blueprint.route(f"{MATERIAL}/again", methods=BOTH)(ask_again)
    blueprint.post(f"{MATERIAL}/withdraw")(withdraw_material)
    blueprint.route(f"{HOME}/notes", methods=BOTH)(write_note)
    blueprint.post(f"{HOME}/notes/<uuid:note_id>/strike")(strike_note)
    blueprint.route(f"{HOME}/findings", methods=BOTH)(write_finding)
    blueprint.route(FINDING, methods=BOTH)(change_finding)
    blueprint.post(f"{FINDING}/move")(move_finding)
    blueprint.post(f"{FINDING}/drop")(drop_finding)
    blueprint.route(f"{HOME}/issue", methods=BOTH)(issue_report)
    blueprint.route(f"{HOME}/revise", methods=BOTH)(revise_report)
    blueprint.route(f"{HOME}/sign", methods=BOTH)(sign_report)
    blueprint.route(f"{HOME}/recuse", methods=BOTH)(stand_aside)
    blueprint.route(f"{HOME}/present", methods=BOTH)(present_report)
    blueprint.get("/mentor/sessions/<uuid:session_id>/actions")(actions)
    blueprint.route("/mentor/actions/<uuid:item_id>", methods=BOTH)(action_item)


@policy(Permission.WORK_DIAGNOSIS)
def diagnosis(session_id: UUID) -> ResponseReturnValue:
    """Show the workspace."""
    return workspace_page("mentor", session_id)


@policy(Permission.WORK_DIAGNOSIS)
def diagnosis_report(session_id: UUID) -> ResponseReturnValue:
    """Show a version of the joint report as it is printed."""
    return report_page("mentor", session_id)


@policy(Permission.WORK_DIAGNOSIS)
def scope_diagnosis(session_id: UUID) -> ResponseReturnValue:
    """Say whether the whole venture is looked at."""
    form = Form(request.form)
    with form:
        scope = form.choice("scope", [each.value for each in DiagnosisScope])
    run(diagnoses.set_scope, session_id, DiagnosisScope(scope))
    return _home(session_id)


@policy(Permission.SET_MATERIALS)
def ask_material(session_id: UUID) -> ResponseReturnValue:
    """Put a line on the data list."""
    return _attend(session_id, lists.material_errand(look(session_id)))


@policy(Permission.ANSWER_MATERIAL)
def answer_material(session_id: UUID, material_id: UUID) -> ResponseReturnValue:
    """Note that a line was received, or that there is no such thing."""
    return _attend(session_id, lists.answer_errand(look(session_id), material_id))


@policy(Permission.SET_MATERIALS)
def ask_again(session_id: UUID, material_id: UUID) -> ResponseReturnValue:
    """Ask for a line once more."""
    return _attend(session_id, lists.again_errand(look(session_id), material_id))


@policy(Permission.SET_MATERIALS)
def withdraw_material(session_id: UUID, material_id: UUID) -> ResponseReturnValue:
    """Ask for a line no more."""
    form = Form(request.form)
    with form:
        version = form.version()
    run(diagnoses.withdraw, material_id, version=version)
    return _home(session_id)


@policy(Permission.WORK_DIAGNOSIS)
def write_note(session_id: UUID) -> ResponseReturnValue:
    """Note a visit or an interview."""
    return _attend(session_id, lists.note_errand(look(session_id)))


@policy(Permission.WORK_DIAGNOSIS)
def strike_note(session_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Strike out a note that was wrong."""
    form = Form(request.form)
    with form:
        version = form.version()
    run(diagnoses.strike, note_id, version=version)
    return _home(session_id)


@policy(Permission.WORK_DIAGNOSIS)
def write_finding(session_id: UUID) -> ResponseReturnValue:
    """Write a finding."""
    return _attend(session_id, lists.finding_errand(look(session_id)))


@policy(Permission.WORK_DIAGNOSIS)
def change_finding(session_id: UUID, finding_id: UUID) -> ResponseReturnValue:
    """Change a finding."""
    page = look(session_id)
    return _attend(session_id, lists.finding_errand(page, lists.finding_of(page, finding_id)))


@policy(Permission.WORK_DIAGNOSIS)
def move_finding(session_id: UUID, finding_id: UUID) -> ResponseReturnValue:
    """Put a finding at another place of the order."""
    form = Form(request.form)
    with form:
        place, version = form.integer("place", 1, MOST_FINDINGS), form.version()
    run(diagnoses.move, finding_id, place, version=version)
    return _home(session_id)


@policy(Permission.WORK_DIAGNOSIS)
def drop_finding(session_id: UUID, finding_id: UUID) -> ResponseReturnValue:
    """Leave a finding out of the draft."""
    form = Form(request.form)
    with form:
        version = form.version()
    run(diagnoses.drop, finding_id, version=version)
    return _home(session_id)


@policy(Permission.WORK_DIAGNOSIS)
def issue_report(session_id: UUID) -> ResponseReturnValue:
    """Issue the joint report, and sign it thereby."""
    return _attend(session_id, signing.issue_errand(look(session_id)))


@policy(Permission.WORK_DIAGNOSIS)
def revise_report(session_id: UUID) -> ResponseReturnValue:
    """Begin another version of the report."""
    return _attend(session_id, signing.revise_errand(look(session_id)))


@policy(Permission.WORK_DIAGNOSIS)
def sign_report(session_id: UUID) -> ResponseReturnValue:
    """Sign the report, with what one dissents from."""
    return _attend(session_id, signing.sign_errand(look(session_id)))


@policy(Permission.RECUSE_FROM_DIAGNOSIS)
def stand_aside(session_id: UUID) -> ResponseReturnValue:
    """Stand aside from the diagnosis."""
    return _attend(session_id, signing.recuse_errand(look(session_id)))


@policy(Permission.WORK_DIAGNOSIS)
def present_report(session_id: UUID) -> ResponseReturnValue:
    """Note when the report was presented and to whom."""
    return _attend(session_id, signing.present_errand(look(session_id)))


@policy(Permission.CLOSE_ACTION)
def actions(session_id: UUID) -> ResponseReturnValue:
    """Show what is to be done after a meeting."""
    return items.items_page("mentor", session_id)


@policy(Permission.CLOSE_ACTION)
def action_item(item_id: UUID) -> ResponseReturnValue:
    """Close an item, or open it again."""
    found = items.look_at(item_id)
    return attend(items.item_errand(found), "mentor", items.list_of("mentor", found))


def _attend(session_id: UUID, errand: Errand) -> ResponseReturnValue:
    return attend(errand, "mentor", url_for("mentor.diagnosis", session_id=session_id))


def _home(session_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("mentor.diagnosis", session_id=session_id), code=303)
