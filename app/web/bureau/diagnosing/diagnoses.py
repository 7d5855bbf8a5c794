"""专题诊断: the workspace as the bureau reads it; officers set the data list."""

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.http.policy import policy
from app.http.run import run
from app.services import diagnoses
from app.web.shared.diagnosis import lists, signing
from app.web.shared.diagnosis.errand import Errand, attend
from app.web.shared.diagnosis.pages import look, report_page, workspace_page
from app.web.shared.forms import Form

HOME = "/bureau/sessions/<uuid:session_id>/diagnosis"
MATERIAL = f"{HOME}/materials/<uuid:material_id>"
BOTH = ["GET", "POST"]


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(HOME)(diagnosis)
    blueprint.get(f"{HOME}/report")(diagnosis_report)
    blueprint.route(f"{HOME}/materials", methods=BOTH)(ask_material)
    blueprint.route(MATERIAL, methods=BOTH)(answer_material)
    blueprint.route(f"{MATERIAL}/again", methods=BOTH)(ask_again)
    blueprint.post(f"{MATERIAL}/withdraw")(withdraw_material)
    blueprint.route(f"{HOME}/recuse", methods=BOTH)(stand_aside)


@policy(Permission.READ_COUNTS, logged=True)
def diagnosis(session_id: UUID) -> ResponseReturnValue:
    """Show the workspace; each look is logged."""
    return workspace_page("bureau", session_id)


@policy(Permission.READ_COUNTS, logged=True)
def diagnosis_report(session_id: UUID) -> ResponseReturnValue:
    """Show a version of the joint report as it is printed and filed."""
    return report_page("bureau", session_id)


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
    return redirect(url_for("bureau.diagnosis", session_id=session_id), code=303)


@policy(Permission.RECUSE_FROM_DIAGNOSIS)
def stand_aside(session_id: UUID) -> ResponseReturnValue:
    """Have an expert stand aside."""
    return _attend(session_id, signing.recuse_errand(look(session_id)))


def _attend(session_id: UUID, errand: Errand) -> ResponseReturnValue:
    return attend(errand, "bureau", url_for("bureau.diagnosis", session_id=session_id))
