"""Diagnoses: the workspace of a panel, its findings, signed reports and presentations."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.diagnosis import (
    DiagnosisScope,
    DiagnosisStatus,
    FindingOwner,
    MaterialStatus,
    NoteKind,
    Priority,
    RecusedError,
    SignedAlreadyError,
)
from app.domain.errors import ConflictError
from app.models.base import Base, Json, Ledger, Prose, Versioned, enum_of, references


class Diagnosis(Versioned, Ledger, Base):
    """The workspace of one meeting; made with the first thing that is written in it.

    `report_number` is that of the newest version of the report, 0 before the first. `reason` is
    why another version is being written. `lead_expert_id` leads the work, also where who led the
    meeting stands aside.
    """

    __tablename__ = "diagnoses"
    __table_args__ = (
        UniqueConstraint("service_session_id"),
        CheckConstraint("(report_number = 0) <= (status = 'drafting')", name="issued"),
        CheckConstraint("(status = 'drafting') OR (reason IS NULL)", name="reason"),
        Index("ix_diagnoses_status", "status"),
    )
    PRIVATE = frozenset({"reason"})

    service_session_id: Mapped[UUID] = references("service_sessions", index=False)
    lead_expert_id: Mapped[UUID | None] = references("experts", index=False)
    scope: Mapped[DiagnosisScope] = mapped_column(enum_of(DiagnosisScope))
    status: Mapped[DiagnosisStatus] = mapped_column(enum_of(DiagnosisStatus))
    report_number: Mapped[int] = mapped_column(default=0)
    reason: Mapped[Prose | None]
    opened_at: Mapped[datetime]


class DiagnosisMaterial(Versioned, Ledger, Base):
    """A line of the data list: what the founder is asked for, and what came of it."""

    __tablename__ = "diagnosis_materials"
    __table_args__ = (
        CheckConstraint("(status = 'unavailable') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("(status = 'received') <= (answered_at IS NOT NULL)", name="answered"),
    )
    PRIVATE = frozenset({"text", "reason", "remark"})

    diagnosis_id: Mapped[UUID] = references("diagnoses")
    text: Mapped[Prose]
    due_on: Mapped[date]
    status: Mapped[MaterialStatus] = mapped_column(enum_of(MaterialStatus))
    asked_by_id: Mapped[UUID] = references("accounts", index=False)
    asked_at: Mapped[datetime]
    answered_by_id: Mapped[UUID | None] = references("accounts", index=False)
    answered_at: Mapped[datetime | None]
    reason: Mapped[Prose | None]
    remark: Mapped[Prose | None]


class DiagnosisNote(Versioned, Ledger, Base):
    """What an expert saw or heard on a visit or in an interview; struck out, never deleted."""

    __tablename__ = "diagnosis_notes"
    PRIVATE = frozenset({"people", "text"})

    diagnosis_id: Mapped[UUID] = references("diagnoses")
    kind: Mapped[NoteKind] = mapped_column(enum_of(NoteKind))
    held_on: Mapped[date]
    people: Mapped[str]
    text: Mapped[Prose]
    author_id: Mapped[UUID] = references("experts", index=False)
    created_at: Mapped[datetime]
    struck_at: Mapped[datetime | None]


class DiagnosisFinding(Versioned, Ledger, Base):
    """A finding as it stands in the draft; what was issued is kept with the report."""

    __tablename__ = "diagnosis_findings"
    __table_args__ = (CheckConstraint("position >= 1", name="position"),)
    PRIVATE = frozenset({"problem", "cause", "effect", "recommendation"})

    diagnosis_id: Mapped[UUID] = references("diagnoses")
    position: Mapped[int]
    problem: Mapped[Prose]
    cause: Mapped[Prose]
    effect: Mapped[Prose]
    recommendation: Mapped[Prose]
    priority: Mapped[Priority] = mapped_column(enum_of(Priority))
    owner: Mapped[FindingOwner] = mapped_column(enum_of(FindingOwner))
    due_on: Mapped[date]
    author_id: Mapped[UUID] = references("experts", index=False)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class DiagnosisReport(Ledger, Base):
    """A version of the joint report as it was issued; never changed.

    `signers` are the experts for whose signatures it waits; `digest` is the hash over all it says.
    """

    __tablename__ = "diagnosis_reports"
    __table_args__ = (UniqueConstraint("diagnosis_id", "number"),)
    PRIVATE = frozenset({"summary", "findings", "reason"})

    diagnosis_id: Mapped[UUID] = references("diagnoses", index=False)
    number: Mapped[int]
    scope: Mapped[DiagnosisScope] = mapped_column(enum_of(DiagnosisScope))
    summary: Mapped[Prose]
    findings: Mapped[Json]
    reason: Mapped[Prose | None]
    signers: Mapped[Json]
    digest: Mapped[str]
    issued_by_id: Mapped[UUID] = references("experts", index=False)
    issued_at: Mapped[datetime]


class DiagnosisSignature(Ledger, Base):
    """One expert's signature under one version, with what he dissents from; never changed.

    `dissented` are the numbers of those findings.
    """

    __tablename__ = "diagnosis_signatures"
    __table_args__ = (UniqueConstraint("report_id", "expert_id"),)
    PRIVATE = frozenset({"dissents"})

    report_id: Mapped[UUID] = references("diagnosis_reports", index=False)
    expert_id: Mapped[UUID] = references("experts", index=False)
    account_id: Mapped[UUID] = references("accounts", index=False)
    digest: Mapped[str]
    dissented: Mapped[Json]
    dissents: Mapped[Json]
    signed_at: Mapped[datetime]


class DiagnosisRecusal(Ledger, Base):
    """An expert who stands aside from a diagnosis; never changed."""

    __tablename__ = "diagnosis_recusals"
    __table_args__ = (UniqueConstraint("diagnosis_id", "expert_id"),)
    PRIVATE = frozenset({"reason"})

    diagnosis_id: Mapped[UUID] = references("diagnoses", index=False)
    expert_id: Mapped[UUID] = references("experts", index=False)
    reason: Mapped[Prose]
    noted_by_id: Mapped[UUID] = references("accounts", index=False)
    noted_at: Mapped[datetime]


class DiagnosisPresentation(Ledger, Base):
    """When a signed version was, or will be, presented, and to whom; never changed."""

    __tablename__ = "diagnosis_presentations"
    PRIVATE = frozenset({"audience"})

    diagnosis_id: Mapped[UUID] = references("diagnoses")
    report_id: Mapped[UUID] = references("diagnosis_reports")
    presented_at: Mapped[datetime]
    audience: Mapped[Prose]
    noted_by_id: Mapped[UUID] = references("experts", index=False)
    noted_at: Mapped[datetime]


class DiagnosisWord(Ledger, Base):
    """What somebody of the founder's side says of a presentation; never changed."""

    __tablename__ = "diagnosis_words"
    __table_args__ = (
        UniqueConstraint("presentation_id", "person_id"),
        CheckConstraint("understood = (objection IS NULL)", name="objection"),
    )
    PRIVATE = frozenset({"objection"})

    presentation_id: Mapped[UUID] = references("diagnosis_presentations", index=False)
    person_id: Mapped[UUID] = references("persons", index=False)
    understood: Mapped[bool]
    objection: Mapped[Prose | None]
    said_at: Mapped[datetime]


on_violation(
    SignedAlreadyError,
    "uq_diagnosis_signatures_report_id_expert_id",
    "diagnosis_signatures.report_id, diagnosis_signatures.expert_id",
)
on_violation(
    RecusedError,
    "uq_diagnosis_recusals_diagnosis_id_expert_id",
    "diagnosis_recusals.diagnosis_id, diagnosis_recusals.expert_id",
)
on_violation(
    lambda: ConflictError("diagnosis.said_already"),
    "uq_diagnosis_words_presentation_id_person_id",
    "diagnosis_words.presentation_id, diagnosis_words.person_id",
)
