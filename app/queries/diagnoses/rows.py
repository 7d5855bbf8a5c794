"""What a page of a diagnosis shows, and what its reader can do there."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.domain.diagnosis import (
    DiagnosisScope,
    DiagnosisStatus,
    Dissent,
    FindingOwner,
    MaterialStatus,
    NoteKind,
    Priority,
)
from app.queries.action_items import ItemView


@dataclass(frozen=True, slots=True)
class Panelist:
    """An expert of the panel; `recused_at` is since when he stands aside."""

    expert_id: UUID
    name: str
    is_lead: bool
    is_present: bool
    recused_at: datetime | None
    recused_because: str | None


@dataclass(frozen=True, slots=True)
class Material:
    """A line of the data list."""

    id: UUID
    version: int
    text: str
    due_on: date
    status: MaterialStatus
    asked_by: str
    answered_at: datetime | None
    reason: str | None
    remark: str | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Note:
    """What was seen or said on a visit or in an interview."""

    id: UUID
    version: int
    kind: NoteKind
    held_on: date
    people: str
    text: str
    author: str
    is_struck: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of the draft or of an issued version; `version` is 0 there."""

    id: UUID
    version: int
    number: int
    problem: str
    cause: str
    effect: str
    recommendation: str
    priority: Priority
    owner: FindingOwner
    due_on: date
    author: str


@dataclass(frozen=True, slots=True)
class Signer:
    """An expert for whose signature a version waits, or waited."""

    expert_id: UUID
    name: str
    is_lead: bool
    signed_at: datetime | None
    dissents: tuple[Dissent, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A version of the joint report with its signatures."""

    id: UUID
    number: int
    scope: DiagnosisScope
    summary: str
    findings: tuple[Finding, ...]
    reason: str | None
    digest: str
    issued_at: datetime
    issued_by: str
    signers: tuple[Signer, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether everybody has signed for whom it waits."""
        return all(each.signed_at is not None for each in self.signers)

    def dissents_on(self, number: int) -> list[tuple[str, str]]:
        """Return who does not agree with the finding of that number, and why."""
        return [
            (signer.name, dissent.text)
            for signer in self.signers
            for dissent in signer.dissents
            if dissent.number == number
        ]


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody of the founder's side said of a presentation; without a name where hidden."""

    name: str | None
    understood: bool
    objection: str | None
    said_at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class Presentation:
    """When a version was presented, or is going to be, and to whom."""

    id: UUID
    report_number: int
    presented_at: datetime
    audience: str
    by: str
    is_ahead: bool
    words: tuple[Heard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisPage:
    """Everything the workspace shows; `version` is 0 before anything was written in it.

    `reports` and `presentations` stand the newest first. `expert_id` is the reader's own, where he
    works on it; `has_place` that he is of the panel, or of the bureau.
    """

    session_id: UUID
    reference: str
    founder: str
    venture: str | None
    lead: str
    starts_at: datetime
    ends_at: datetime
    is_held: bool
    id: UUID | None
    version: int
    status: DiagnosisStatus
    scope: DiagnosisScope
    reason: str | None
    report_number: int
    panel: tuple[Panelist, ...]
    materials: tuple[Material, ...]
    notes: tuple[Note, ...]
    findings: tuple[Finding, ...]
    reports: tuple[Report, ...]
    presentations: tuple[Presentation, ...]
    items: tuple[ItemView, ...]
    expert_id: UUID | None
    leads: bool
    may_set_materials: bool
    may_hear: bool
    now: datetime

    @property
    def works(self) -> bool:
        """Tell whether the reader works on it."""
        return self.expert_id is not None

    @property
    def is_drafting(self) -> bool:
        """Tell whether findings can be changed."""
        return self.status is DiagnosisStatus.DRAFTING

    @property
    def report(self) -> Report | None:
        """Return the newest version that the reader may see."""
        return self.reports[0] if self.reports else None

    @property
    def to_sign(self) -> Report | None:
        """Return the version that waits for the reader's signature."""
        if self.status is not DiagnosisStatus.SIGNING or self.report is None:
            return None
        mine = (each for each in self.report.signers if each.expert_id == self.expert_id)
        return self.report if any(each.signed_at is None for each in mine) else None

    @property
    def may_issue(self) -> bool:
        """Tell whether the reader can issue the next version."""
        return self.leads and self.is_held and self.is_drafting and bool(self.findings)

    @property
    def may_present(self) -> bool:
        """Tell whether the reader can note a presentation."""
        ready = (DiagnosisStatus.SIGNED, DiagnosisStatus.PRESENTED, DiagnosisStatus.OBJECTED)
        return self.works and self.status in ready

    @property
    def to_hear(self) -> Presentation | None:
        """Return the presentation on which the reader, of the founder's side, is asked."""
        stands = (
            DiagnosisStatus.PRESENTED,
            DiagnosisStatus.OBJECTED,
            DiagnosisStatus.UNDERSTOOD,
        )
        if not self.may_hear or self.status not in stands or not self.presentations:
            return None
        last = self.presentations[0]
        said = any(each.is_own for each in last.words)
        return None if last.is_ahead or said else last

    def report_numbered(self, number: int) -> Report | None:
        """Return the version of that number, as far as the reader may see it."""
        return next((each for each in self.reports if each.number == number), None)
