"""What is known of one service session: everything a counting decision needs, and no more.

Identifiers are the text of typed ids, so that a decision can be stored, hashed and replayed.
What may become known later carries its instant, and a decision looks only at what was known by
then; the rest is a snapshot of the record as corrected up to that instant.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from app.domain.calendar import local_day
from app.domain.errors import InvalidInputError
from app.domain.expert import Term, in_term
from app.domain.outcome import ConfirmationKind
from app.domain.service_record.codes import (
    VOID_CODES,
    Reason,
    Ruling,
    SessionType,
)

Key = str
# The area of whoever is not of the district.
OUTSIDE = "outside"


class InvalidFactsError(InvalidInputError):
    """The facts contradict each other, so that no decision can be taken on them."""

    default_code: ClassVar[str] = "service_record.facts_invalid"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time between two aware instants."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise InvalidFactsError(fault="naive_instant")
        if self.ends_at < self.starts_at:
            raise InvalidFactsError(fault="end_before_start")

    @property
    def minutes(self) -> int:
        """The whole minutes of the stretch, rounded down."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    def common(self, other: "Span") -> "Span | None":
        """Return the stretch both share, None when they only touch or lie apart."""
        starts_at, ends_at = (
            max(self.starts_at, other.starts_at),
            min(self.ends_at, other.ends_at),
        )
        return Span(starts_at, ends_at) if starts_at < ends_at else None


@dataclass(frozen=True, slots=True)
class ExpertFacts:
    """One expert of the session.

    Attributes:
        present: his own in and out times; None, from beginning to end.
        signed_at: when he signed those times; the lead signs by recording the session.
        stated_minutes: his length on a record that gives lengths instead of times.
        recused_minutes: the time of review projects he stood aside from.
    """

    expert_id: Key
    is_lead: bool
    terms: tuple[Term, ...]
    category: str | None = None
    present: Span | None = None
    signed_at: datetime | None = None
    stated_minutes: int | None = None
    recused_minutes: int = 0
    is_suspended: bool = False

    def is_in_term(self, day: date) -> bool:
        """Tell whether he was appointed on the day."""
        return in_term(self.terms, day)


@dataclass(frozen=True, slots=True)
class AttendeeFacts:
    """One natural person on the founder's side.

    Attributes:
        is_identified: by phone code at least, or by a document a clerk has seen.
        is_contact: whose confirmation of the facts is the session's.
        vouched_at: his own confirmation, or his check-in by code or signature.
        group: his primary founder group if verified.
    """

    person_id: Key
    is_identified: bool
    is_contact: bool = False
    vouched_at: datetime | None = None
    present: Span | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class VentureFacts:
    """The one venture the session names; it keeps its id when it registers later."""

    venture_id: Key
    registered_on: date | None

    def is_enterprise_on(self, day: date) -> bool:
        """Tell whether it was registered on or before the day."""
        return self.registered_on is not None and self.registered_on <= day


@dataclass(frozen=True, slots=True)
class ConflictFacts:
    """An interest of an expert in the venture 利害关系.

    Attributes:
        expert_id: whose; None when the record does not say.
        waived_at: when two officers waived it; only before the session is it good.
        declared_at: when he declared it himself and left at once.
    """

    expert_id: Key | None
    waived_at: datetime | None = None
    declared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """A dispute about the record and, once there is one, its ruling."""

    opened_at: datetime
    ruled_at: datetime | None = None
    ruling: Ruling | None = None

    def __post_init__(self) -> None:
        if (self.ruled_at is None) != (self.ruling is None):
            raise InvalidFactsError(fault="half_a_ruling")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The founder's side has confirmed date, minutes and persons."""

    kind: ConfirmationKind
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Dimensions:
    """By what a service is split in reports: the values of its venture on the service day."""

    department: str | None = None
    area: str | None = None
    street: str | None = None
    industry: str | None = None

    @property
    def is_in_district(self) -> bool:
        """Whether the service was for somebody of the district."""
        return self.area != OUTSIDE


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """One service session as recorded.

    Attributes:
        actual: from the actual start to the actual end, breaks included.
        is_timed: False when only the day is known; such a record can never be a part.
        is_text: answered in writing 图文, which is no meeting.
        stated_minutes: the length on a record that gives lengths instead of times.
        entered_at: when the record was made; None when it is not known.
        void_code: what a person said in place of a service, one of VOID_CODES.
        is_overlap_ruled: an approver has ruled that an overlap of an expert is in order.
    """

    session_id: Key
    session_type: SessionType
    actual: Span
    experts: tuple[ExpertFacts, ...]
    attendees: tuple[AttendeeFacts, ...]
    topic: str | None = None
    venture: VentureFacts | None = None
    planned: Span | None = None
    break_minutes: int = 0
    stated_minutes: int | None = None
    is_timed: bool = True
    is_text: bool = False
    entered_at: datetime | None = None
    recorded_at: datetime | None = None
    confirmation: Confirmation | None = None
    dispute: DisputeFacts | None = None
    conflicts: tuple[ConflictFacts, ...] = ()
    void_code: Reason | None = None
    is_test: bool = False
    is_in_district: bool = True
    is_overrun_approved: bool = False
    is_overlap_ruled: bool = False
    anonymous_heads: int = 0
    review_projects: int = 0
    dimensions: Dimensions = Dimensions()

    def __post_init__(self) -> None:
        if self.experts and sum(expert.is_lead for expert in self.experts) != 1:
            raise InvalidFactsError(session_id=self.session_id, fault="one_lead_needed")
        if self.void_code is not None and self.void_code not in VOID_CODES:
            raise InvalidFactsError(session_id=self.session_id, fault="void_code")
        if min(self.break_minutes, self.anonymous_heads, self.review_projects) < 0:
            raise InvalidFactsError(session_id=self.session_id, fault="negative_number")

    @property
    def day(self) -> date:
        """The service day D: the date in Asia/Shanghai of the actual start."""
        return local_day(self.actual.starts_at)

    @property
    def lead(self) -> ExpertFacts | None:
        """The expert who answers for the record, None when it names no expert."""
        return next((expert for expert in self.experts if expert.is_lead), None)
