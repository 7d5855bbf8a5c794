"""The data list: set by experts and officers, answered by the founder or whoever received it."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.domain.actor import Permission
from app.domain.diagnosis import (
    LONGEST_REMARK,
    MOST_MATERIALS,
    Answer,
    MaterialEvent,
    MaterialStatus,
    ensure_answer,
    ensure_wanted,
    next_material_status,
)
from app.domain.errors import RuleError
from app.domain.prose import ensure
from app.models.diagnosis import Diagnosis, DiagnosisMaterial
from app.models.service_session import ServiceSession
from app.services.bookings.versions import ensure_version
from app.services.diagnoses.workspace import members, opened
from app.services.jobs import NOTIFY, plan_once
from app.unit_of_work import UnitOfWork

# Lines are asked for one after the other; the founder gets one letter for them.
GATHERED = timedelta(minutes=10)
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, and by which day."""

    text: str
    due_on: date


def ask(uow: UnitOfWork, session_id: UUID, wanted: Wanted) -> DiagnosisMaterial:
    """Put a line on the data list; the founder is told within minutes, once for several lines.

    Raises:
        ForbiddenError: an expert who does not work on the diagnosis.
        InvalidInputError: naming each field at fault.
        RuleError: the list is full.
    """
    session, diagnosis = opened(uow, session_id)
    _ensure_sets(uow, session, diagnosis)
    text = ensure_wanted(wanted.text, wanted.due_on, uow.today)
    _ensure_room(uow, diagnosis)
    row = uow.add(
        DiagnosisMaterial(
            diagnosis_id=diagnosis.id,
            text=text,
            due_on=wanted.due_on,
            status=MaterialStatus.WANTED,
            asked_by_id=uow.actor.account_id,
            asked_at=uow.now,
        )
    )
    uow.audit("diagnosis_material.asked", row)
    _tell(uow, diagnosis)
    return row


def answer(
    uow: UnitOfWork, material_id: UUID, said: Answer, *, version: int | None = None
) -> DiagnosisMaterial:
    """Note that it was received, or that there is no such thing; by the founder or his experts.

    Raises:
        IllegalStepError: it is not wanted any more, or was answered so.
        InvalidInputError: naming each field at fault.
        StaleVersionError: somebody else has changed it since.
    """
    uow.require(Permission.ANSWER_MATERIAL)
    row = _locked(uow, material_id, version)
    kept = ensure_answer(said)
    row.status = next_material_status(row.status, kept.event)
    row.reason, row.remark = kept.reason or None, kept.remark or None
    row.answered_by_id, row.answered_at = uow.actor.account_id, uow.now
    uow.audit("diagnosis_material.answered", row)
    return row


def ask_again(
    uow: UnitOfWork, material_id: UUID, remark: str, *, version: int | None = None
) -> DiagnosisMaterial:
    """Ask once more for what came incomplete, or is wanted all the same, saying why.

    Raises:
        ForbiddenError: an expert who does not work on the diagnosis.
        IllegalStepError: it is still waited for, or not wanted any more.
        StaleVersionError: somebody else has changed it since.
    """
    row = _locked(uow, material_id, version)
    diagnosis = _ensure_sets_row(uow, row)
    row.status = next_material_status(row.status, MaterialEvent.ASK_AGAIN)
    row.remark, row.reason = ensure("remark", remark, LONGEST_REMARK), None
    uow.audit("diagnosis_material.asked_again", row)
    _tell(uow, diagnosis)
    return row


def withdraw(
    uow: UnitOfWork, material_id: UUID, *, version: int | None = None
) -> DiagnosisMaterial:
    """Ask for it no more; the line stays, marked so.

    Raises:
        ForbiddenError: an expert who does not work on the diagnosis.
        IllegalStepError: it was received, or is withdrawn.
        StaleVersionError: somebody else has changed it since.
    """
    row = _locked(uow, material_id, version)
    _ensure_sets_row(uow, row)
    row.status = next_material_status(row.status, MaterialEvent.WITHDRAW)
    row.reason = None
    uow.audit("diagnosis_material.withdrawn", row)
    return row


def _locked(uow: UnitOfWork, material_id: UUID, version: int | None) -> DiagnosisMaterial:
    row = uow.load(DiagnosisMaterial, material_id, lock=True)
    ensure_version(row, version)
    return row


def _ensure_sets_row(uow: UnitOfWork, row: DiagnosisMaterial) -> Diagnosis:
    diagnosis = uow.load(Diagnosis, row.diagnosis_id)
    _ensure_sets(uow, uow.load(ServiceSession, diagnosis.service_session_id), diagnosis)
    return diagnosis


def _ensure_sets(uow: UnitOfWork, session: ServiceSession, diagnosis: Diagnosis) -> None:
    uow.require(Permission.SET_MATERIALS, experts=frozenset(members(uow, session, diagnosis)))


def _ensure_room(uow: UnitOfWork, diagnosis: Diagnosis) -> None:
    lines = uow.session.scalar(
        select(func.count())
        .select_from(DiagnosisMaterial)
        .where(
            DiagnosisMaterial.diagnosis_id == diagnosis.id,
            DiagnosisMaterial.status != MaterialStatus.WITHDRAWN,
        )
    )
    if (lines or 0) >= MOST_MATERIALS:
        raise RuleError("diagnosis.too_many_materials", max=MOST_MATERIALS)


def _tell(uow: UnitOfWork, diagnosis: Diagnosis) -> None:
    revision = int(uow.now.timestamp()) // _HOUR
    event = "diagnosis.material_wanted"
    plan_once(
        uow,
        NOTIFY,
        f"{NOTIFY}:{event}:{diagnosis.id}:{revision}",
        uow.now + GATHERED,
        subject_id=diagnosis.id,
        payload={"event": event, "revision": revision},
    )
