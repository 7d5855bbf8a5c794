"""What the page of one meeting shows: facts, words, decisions, the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from app.domain.actor import Permission
from app.domain.appeal import AppealStatus
from app.domain.outcome import ConfirmationKind, OutcomeStatus
from app.domain.outcome_record import Extras
from app.domain.recusal import Guidance
from app.domain.service_record import CorrectionOp, Decision
from app.domain.service_session import Evidence as Proof
from app.domain.service_session import Party, ServiceSessionStatus
from app.models.person import IdentityLevel
from app.models.service_record import CorrectionStatus
from app.queries.audit_entries import TrailEntry
from app.queries.bureau_desk.correction_values import Shown

# What is done comes before what follows from it.
_ORDER = (
    "bookings",
    "service_sessions",
    "attendances",
    "outcome_versions",
    "confirmations",
    "disputes",
    "corrections",
    "outcomes",
    "service_records",
)


@dataclass(frozen=True, slots=True)
class OfVenture:
    """The venture that was advised, as it is known now."""

    id: UUID
    version: int
    entity_type: str
    credit_code: str | None
    registered_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting as it was planned and as it was; names are None where the reader may not know."""

    id: UUID
    version: int
    reference: str
    booking_reference: str | None
    need_id: UUID | None
    need_reference: str | None
    session_type: str
    topic: str | None
    mode: str
    place: str
    channel: str
    status: ServiceSessionStatus
    founder: str | None
    expert_id: UUID
    expert: str
    venture: str | None
    venture_code: str | None
    registered_on: date | None
    of_venture: OfVenture | None
    department: str
    area: str | None
    street: str | None
    industry: str | None
    planned_starts_at: datetime
    planned_ends_at: datetime
    actual_start: datetime | None
    actual_end: datetime | None
    break_minutes: int
    anonymous_heads: int
    no_show: str | None
    no_show_note: str | None
    contest_by: datetime | None
    entered_by_id: UUID | None
    is_test: bool

    @property
    def started_at(self) -> datetime:
        """When it began, or was to begin."""
        return self.actual_start or self.planned_starts_at

    @property
    def ended_at(self) -> datetime:
        """When it ended, or was to end."""
        return self.actual_end or self.planned_ends_at


@dataclass(frozen=True, slots=True)
class Present:
    """One person at the meeting, and how it is known."""

    person_id: UUID
    person_version: int | None
    name: str | None
    side: Party
    is_lead: bool
    is_present: bool
    checked_in_at: datetime | None
    in_at: datetime | None
    out_at: datetime | None
    evidence: Proof | None
    identity: IdentityLevel
    signed_at: datetime | None
    dissent: str | None
    expert_id: UUID | None
    aside_at: datetime | None


@dataclass(frozen=True, slots=True)
class Signature:
    """What was signed: the name where one was typed, the text's hash, whether that text stands."""

    name: str | None
    sha256: str
    at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A version of the mentor's record."""

    id: UUID
    number: int
    question: str
    advice: str
    actions: Sequence[Mapping[str, Any]]
    result: str
    extras: Extras
    reason: str | None
    created_at: datetime
    author_id: UUID
    signature: Signature | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one person of the founder's side said; `refuted_by_id` is what showed it false."""

    id: UUID
    name: str | None
    agrees: bool
    kind: ConfirmationKind
    remark: str | None
    of_version: int
    created_at: datetime
    officer_id: UUID | None
    signature: Signature | None
    refuted_by_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The state of the record, its versions and what was said of them."""

    id: UUID
    version: int
    status: OutcomeStatus
    record_by: datetime
    confirm_by: datetime | None
    kind: ConfirmationKind | None
    is_late: bool
    written: tuple[Written, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A version of the decision on what counts."""

    id: UUID
    number: int
    decision: Decision
    cause: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A dispute, ruled or not."""

    id: UUID
    version: int
    reference: str | None
    statement: str
    opened_at: datetime
    rule_by: datetime
    ruling: str | None
    ruling_text: str | None
    ruled_at: datetime | None
    is_absence: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A correction, proposed, approved or refused."""

    id: UUID
    version: int
    operation: CorrectionOp
    value: Shown
    reason: str
    status: CorrectionStatus
    made_by_id: UUID
    made_at: datetime
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one person did at one instant: all entries of one transaction."""

    at: datetime
    actor: str | None
    entries: tuple[TrailEntry, ...]

    @property
    def actions(self) -> tuple[str, ...]:
        """What was done, each once."""
        return tuple(dict.fromkeys(entry.action for entry in self.entries))


@dataclass(frozen=True, slots=True)
class Contested:
    """An appeal of a mentor against the decision of then; open until it is answered."""

    id: UUID
    status: AppealStatus
    opened_at: datetime
    answer_by: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything behind one meeting.

    Attributes:
        decided: the decisions, the newest first.
        chain: every entry of the trail, the oldest first.
        acts: what the reader may do here now.
        guidance: how far an official's advice may go.
    """

    meeting: Meeting
    people: tuple[Present, ...]
    record: Record | None
    decided: tuple[Decided, ...]
    disputes: tuple[Disagreement, ...]
    corrections: tuple[Change, ...]
    appeals: tuple[Contested, ...]
    chain: Sequence[TrailEntry]
    acts: frozenset[Permission]
    guidance: Guidance | None

    @property
    def both_came(self) -> bool:
        """Tell whether somebody of each side was there."""
        return {each.side for each in self.people if each.is_present} == set(Party)

    @property
    def standing(self) -> Decision | None:
        """The decision that stands."""
        return self.decided[0].decision if self.decided else None

    @property
    def open_dispute(self) -> Disagreement | None:
        """The dispute that waits for a ruling."""
        return next((each for each in self.disputes if each.ruled_at is None), None)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The chain by transaction, the oldest first."""
        by_act = groupby(self.chain, key=lambda entry: (entry.at, entry.actor))
        return tuple(
            Step(at, actor, tuple(sorted(entries, key=_told_in))) for (at, actor), entries in by_act
        )

    @property
    def makers(self) -> Mapping[UUID, str]:
        """Who made each thing, by its key, as the trail knows."""
        return {entry.entity_id: entry.actor for entry in reversed(self.chain) if entry.actor}


def _told_in(entry: TrailEntry) -> tuple[int, int]:
    place = _ORDER.index(entry.entity) if entry.entity in _ORDER else len(_ORDER)
    return place, entry.version
