"""The workspace of a diagnosis: data list, notes, findings, joint report, presentation."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.v1.diagnosis_bodies import (
    FindingBody,
    FindingPlaceBody,
    IssueBody,
    MaterialAgainBody,
    MaterialAnswerBody,
    MaterialBody,
    NoteBody,
    PresentBody,
    ReasonBody,
    RecuseBody,
    ScopeBody,
    SignReportBody,
    WordBody,
)
from app.api.v1.service_sessions import SESSION
from app.domain.actor import Permission
from app.domain.diagnosis import Answer, Dissent, MaterialEvent, NoteText
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries.diagnoses import DiagnosisPage, workspace
from app.services import diagnoses
from app.services.diagnoses import Wanted
from app.unit_of_work import UnitOfWork

DIAGNOSIS = f"{SESSION}/diagnosis"
MATERIAL = f"{DIAGNOSIS}/materials/<uuid:material_id>"
FINDING = f"{DIAGNOSIS}/findings/<uuid:finding_id>"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(DIAGNOSIS)(read_diagnosis)
    blueprint.post(f"{DIAGNOSIS}/scope")(scope_diagnosis)
    blueprint.post(f"{DIAGNOSIS}/materials")(ask_material)
    blueprint.post(f"{MATERIAL}/answer")(answer_material)
    blueprint.post(f"{MATERIAL}/again")(ask_material_again)
    blueprint.post(f"{MATERIAL}/withdraw")(withdraw_material)
    blueprint.post(f"{DIAGNOSIS}/notes")(write_note)
    blueprint.post(f"{DIAGNOSIS}/notes/<uuid:note_id>/strike")(strike_note)
    blueprint.post(f"{DIAGNOSIS}/findings")(write_finding)
    blueprint.post(FINDING)(change_finding)
    blueprint.post(f"{FINDING}/move")(move_finding)
    blueprint.post(f"{FINDING}/drop")(drop_finding)
    blueprint.post(f"{DIAGNOSIS}/issue")(issue_report)
    blueprint.post(f"{DIAGNOSIS}/revise")(revise_report)
    blueprint.post(f"{DIAGNOSIS}/sign")(sign_report)
    blueprint.post(f"{DIAGNOSIS}/recuse")(recuse_from_diagnosis)
    blueprint.post(f"{DIAGNOSIS}/present")(present_report)
    blueprint.post(f"{DIAGNOSIS}/word")(say_understood)


@operation(Permission.READ_SERVICE_SESSION, answer=DiagnosisPage)
def read_diagnosis(session_id: UUID) -> Any:
    """Read the workspace; a founder reads what he is asked for and what was presented."""
    return _page(session_id)


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage)
def scope_diagnosis(session_id: UUID, body: ScopeBody, version: int | None) -> Any:
    """Say whether the whole venture is looked at."""
    return _do(
        session_id,
        diagnoses.set_scope,
        session_id,
        body.scope,
        version=version,
    )


@operation(Permission.SET_MATERIALS, answer=DiagnosisPage, status=201)
def ask_material(session_id: UUID, body: MaterialBody) -> Any:
    """Ask the founder to bring or send something."""
    wanted = Wanted(body.text, body.due_on)
    return _do(session_id, diagnoses.ask, session_id, wanted)


@operation(Permission.ANSWER_MATERIAL, answer=DiagnosisPage)
def answer_material(
    session_id: UUID, material_id: UUID, body: MaterialAnswerBody, version: int | None
) -> Any:
    """Say that it was given, or that there is no such thing."""
    event = MaterialEvent.RECEIVE if body.received else MaterialEvent.LACK
    said = Answer(event=event, reason=body.reason or "", remark=body.remark or "")
    return _do(session_id, diagnoses.answer, material_id, said, version=version)


@operation(Permission.SET_MATERIALS, answer=DiagnosisPage)
def ask_material_again(
    session_id: UUID, material_id: UUID, body: MaterialAgainBody, version: int | None
) -> Any:
    """Ask for it once more, saying what is missing."""
    return _do(session_id, diagnoses.ask_again, material_id, body.remark, version=version)


@operation(Permission.SET_MATERIALS, answer=DiagnosisPage)
def withdraw_material(session_id: UUID, material_id: UUID, version: int | None) -> Any:
    """Ask for it no more."""
    return _do(session_id, diagnoses.withdraw, material_id, version=version)


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage, status=201)
def write_note(session_id: UUID, body: NoteBody) -> Any:
    """Note a visit or an interview."""
    written = NoteText(kind=body.kind, held_on=body.held_on, people=body.people, text=body.text)
    return _do(session_id, diagnoses.note, session_id, written)


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage)
def strike_note(session_id: UUID, note_id: UUID, version: int | None) -> Any:
    """Strike out a note that was wrong."""
    return _do(session_id, diagnoses.strike, note_id, version=version)


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage, status=201)
def write_finding(session_id: UUID, body: FindingBody) -> Any:
    """Write a finding."""
    return _do(session_id, diagnoses.write, session_id, body.written)


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage)
def change_finding(
    session_id: UUID, finding_id: UUID, body: FindingBody, version: int | None
) -> Any:
    """Change a finding of the draft."""
    return _do(session_id, diagnoses.change, finding_id, body.written, version=version)


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage)
def move_finding(
    session_id: UUID, finding_id: UUID, body: FindingPlaceBody, version: int | None
) -> Any:
    """Put a finding at another place of the order."""
    return _do(session_id, diagnoses.move, finding_id, body.place, version=version)


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage)
def drop_finding(session_id: UUID, finding_id: UUID, version: int | None) -> Any:
    """Leave a finding out of the draft."""
    return _do(session_id, diagnoses.drop, finding_id, version=version)


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage)
def issue_report(session_id: UUID, body: IssueBody, version: int | None) -> Any:
    """Issue the next version of the report; who leads signs it thereby."""
    return _do(session_id, diagnoses.issue, session_id, body.summary, version=version)


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage)
def revise_report(session_id: UUID, body: ReasonBody, version: int | None) -> Any:
    """Begin another version of the report, saying why."""
    return _do(session_id, diagnoses.revise, session_id, body.reason, version=version)


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage)
def sign_report(session_id: UUID, body: SignReportBody, version: int | None) -> Any:
    """Sign the version that was read, with what one dissents from."""
    dissents = [Dissent(each.number, each.text) for each in body.dissents]
    return _do(session_id, diagnoses.sign, body.report_id, dissents, version=version)


@operation(Permission.RECUSE_FROM_DIAGNOSIS, answer=DiagnosisPage)
def recuse_from_diagnosis(session_id: UUID, body: RecuseBody, version: int | None) -> Any:
    """Stand aside, or have an expert stand aside; the others sign anew without him."""
    return _do(
        session_id,
        diagnoses.recuse,
        session_id,
        body.reason,
        expert_id=body.expert_id,
        version=version,
    )


@operation(Permission.WORK_DIAGNOSIS, answer=DiagnosisPage)
def present_report(session_id: UUID, body: PresentBody, version: int | None) -> Any:
    """Note when the complete report was presented and to whom."""
    return _do(
        session_id,
        diagnoses.present,
        session_id,
        body.presented_at,
        body.audience,
        version=version,
    )


@operation(Permission.HEAR_REPORT, answer=DiagnosisPage)
def say_understood(session_id: UUID, body: WordBody, version: int | None) -> Any:
    """Say that the report was understood, or object in words."""
    return _do(
        session_id,
        diagnoses.say,
        body.presentation_id,
        understood=body.understood,
        objection=body.objection or "",
        version=version,
    )


def _do(session_id: UUID, use_case: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    run(_done, use_case, *args, **kwargs, answer=str)
    return _page(session_id)


def _done(uow: UnitOfWork, use_case: Callable[..., Any], *args: Any, **kwargs: Any) -> UUID:
    key: UUID = use_case(uow, *args, **kwargs).id
    return key


def _page(session_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(workspace(reader, session_id))
