"""The workspace of a diagnosis, read in seven statements."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from app.domain.actor import Permission, may
from app.domain.diagnosis import (
    DiagnosisScope,
    DiagnosisStatus,
    MaterialStatus,
)
from app.domain.errors import NotFoundError
from app.domain.service_session import NOT_HELD, ServiceSessionStatus
from app.models.account import Account
from app.models.diagnosis import (
    Diagnosis,
    DiagnosisFinding,
    DiagnosisMaterial,
    DiagnosisNote,
    DiagnosisRecusal,
)
from app.models.expert import Expert
from app.models.person import Person, Venture
from app.models.service_session import Attendance, ServiceSession
from app.queries.action_items import items_of
from app.queries.diagnoses.reports import presentations_of, reports_of
from app.queries.diagnoses.rows import DiagnosisPage, Finding, Material, Note, Panelist
from app.unit_of_work import Reader

KIND = "diagnosis"


def workspace(reader: Reader, session_id: UUID) -> DiagnosisPage:
    """Return the workspace of a meeting, empty where nothing was written in it yet.

    The founder's side reads the data list, what was presented by now, and what is to be done.

    Raises:
        NotFoundError: there is no such diagnosis, or the reader may not know of it.
    """
    rows = _rows(reader, session_id)
    head, session = rows[0], rows[0].ServiceSession
    row: Diagnosis | None = head.Diagnosis
    panel = _panel(rows)
    names = {each.expert_id: each.name for each in panel}
    own = _own(reader, session, panel)
    shown = presentations_of(reader, row.id) if row else ()
    is_inside = own is not None or reader.actor.is_staff
    presented = None if is_inside else {p.report_number for p in shown if not p.is_ahead}
    return DiagnosisPage(
        session_id=session.id,
        reference=session.reference,
        founder=head.founder or "",
        venture=head.venture,
        lead=head.lead,
        starts_at=session.actual_start or session.planned_starts_at,
        ends_at=session.actual_end or session.planned_ends_at,
        is_held=session.status is ServiceSessionStatus.FINISHED,
        id=row.id if row else None,
        version=row.version if row else 0,
        status=row.status if row else DiagnosisStatus.DRAFTING,
        scope=row.scope if row else DiagnosisScope.THEMATIC,
        reason=row.reason if row and is_inside else None,
        report_number=row.report_number if row else 0,
        panel=panel,
        materials=_materials(reader, row.id) if row else (),
        notes=_notes(reader, row.id) if row and is_inside else (),
        findings=_findings(reader, row.id) if row and is_inside else (),
        reports=reports_of(reader, row.id, names, presented) if row else (),
        presentations=shown,
        items=items_of(reader, session.id),
        expert_id=own,
        leads=own is not None and own == (row.lead_expert_id if row else session.lead_expert_id),
        may_set_materials=own is not None or _may_set(reader),
        may_hear=may(reader.actor, Permission.HEAR_REPORT) and own is None,
        now=reader.now,
    )


def _rows(reader: Reader, session_id: UUID) -> list[Any]:
    """Return the meeting with its workspace, once for each expert, who leads first."""
    lead = aliased(Expert)
    rows = reader.session.execute(
        select(
            ServiceSession,
            Diagnosis,
            Attendance,
            DiagnosisRecusal,
            lead.name.label("lead"),
            Expert.name.label("expert"),
            Person.name.label("founder"),
            Venture.name.label("venture"),
        )
        .join(lead, lead.id == ServiceSession.lead_expert_id)
        .join(Attendance, Attendance.service_session_id == ServiceSession.id)
        .join(Expert, Expert.id == Attendance.expert_id)
        .outerjoin(Diagnosis, Diagnosis.service_session_id == ServiceSession.id)
        .outerjoin(
            DiagnosisRecusal,
            and_(
                DiagnosisRecusal.expert_id == Attendance.expert_id,
                DiagnosisRecusal.diagnosis_id == Diagnosis.id,
            ),
        )
        .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
        .outerjoin(Venture, Venture.id == ServiceSession.venture_id)
        .where(
            ServiceSession.id == session_id,
            ServiceSession.session_type == KIND,
            Attendance.voided_at.is_(None),
        )
        .order_by(Attendance.is_lead.desc(), Attendance.id)
    ).all()
    if not rows:
        raise NotFoundError("diagnosis.not_found")
    return list(rows)


def _may_set(reader: Reader) -> bool:
    return reader.actor.is_staff and may(reader.actor, Permission.SET_MATERIALS)


def _panel(rows: Sequence[Any]) -> tuple[Panelist, ...]:
    return tuple(
        Panelist(
            expert_id=row.Attendance.expert_id,
            name=row.expert,
            is_lead=row.Attendance.is_lead,
            is_present=row.Attendance.is_present,
            recused_at=row.DiagnosisRecusal.noted_at if row.DiagnosisRecusal else None,
            recused_because=row.DiagnosisRecusal.reason if row.DiagnosisRecusal else None,
        )
        for row in rows
    )


def _own(reader: Reader, session: ServiceSession, panel: tuple[Panelist, ...]) -> UUID | None:
    """Return the reader's expert where he works on it: he came, or is expected, and stands by."""
    is_ahead = session.status in NOT_HELD
    working = (
        each.expert_id
        for each in panel
        if each.recused_at is None and (is_ahead or each.is_present)
    )
    mine = reader.actor.expert_id
    return next((key for key in working if mine is not None and key == mine), None)


def _materials(reader: Reader, diagnosis_id: UUID) -> tuple[Material, ...]:
    with reader.beyond_scope("who asked for it, by name"):
        rows = reader.session.execute(
            select(DiagnosisMaterial, Account.name)
            .join(Account, Account.id == DiagnosisMaterial.asked_by_id)
            .where(DiagnosisMaterial.diagnosis_id == diagnosis_id)
            .order_by(DiagnosisMaterial.due_on, DiagnosisMaterial.id)
        ).all()
    return tuple(
        Material(
            id=row.id,
            version=row.version,
            text=row.text,
            due_on=row.due_on,
            status=row.status,
            asked_by=name,
            answered_at=row.answered_at,
            reason=row.reason,
            remark=row.remark,
            is_overdue=row.status is MaterialStatus.WANTED and row.due_on < reader.today,
        )
        for row, name in rows
    )


def _notes(reader: Reader, diagnosis_id: UUID) -> tuple[Note, ...]:
    rows = reader.session.execute(
        select(DiagnosisNote, Expert.name)
        .join(Expert, Expert.id == DiagnosisNote.author_id)
        .where(DiagnosisNote.diagnosis_id == diagnosis_id)
        .order_by(DiagnosisNote.held_on, DiagnosisNote.id)
    )
    return tuple(
        Note(
            id=row.id,
            version=row.version,
            kind=row.kind,
            held_on=row.held_on,
            people=row.people,
            text=row.text,
            author=name,
            is_struck=row.struck_at is not None,
        )
        for row, name in rows
    )


def _findings(reader: Reader, diagnosis_id: UUID) -> tuple[Finding, ...]:
    rows = reader.session.execute(
        select(DiagnosisFinding, Expert.name)
        .join(Expert, Expert.id == DiagnosisFinding.author_id)
        .where(
            DiagnosisFinding.diagnosis_id == diagnosis_id,
            DiagnosisFinding.removed_at.is_(None),
        )
        .order_by(DiagnosisFinding.position, DiagnosisFinding.id)
    )
    return tuple(
        Finding(
            id=row.id,
            version=row.version,
            number=row.position,
            problem=row.problem,
            cause=row.cause,
            effect=row.effect,
            recommendation=row.recommendation,
            priority=row.priority,
            owner=row.owner,
            due_on=row.due_on,
            author=name,
        )
        for row, name in rows
    )
