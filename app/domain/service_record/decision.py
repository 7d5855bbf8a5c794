"""The answer of the counting rules for one service record."""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.calendar import Month
from app.domain.outcome import ConfirmationKind
from app.domain.service_record.codes import (
    Column,
    Pending,
    Reason,
    Rule,
    SessionType,
    Status,
)
from app.domain.service_record.facts import Dimensions, Key, VentureFacts


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Counted or not, by which rule, for which reason, and with which figures.

    Attributes:
        reason: the one shown; None when the record is in the headline or a plain column.
        reasons: all that apply, in the order of precedence.
        minutes: the minutes of the service, all its parts together.
        expert_minutes: own minutes of each counted expert.
        person_ids: the natural persons who count, each once.
        groups: the verified primary group of each of them, None when unverified.
        parts: the records this one carries, itself first; empty for a merged part.
        merged_into: the record that carries this part.
        confirmation: the weakest kind among the parts.
        inputs_hash: SHA-256 over the facts and the policy the decision rests on.
    """

    session_id: Key
    session_type: SessionType
    started_at: datetime
    day: date
    policy: str
    policy_from: date
    status: Status
    rule: Rule
    column: Column | None
    reason: Reason | None
    reasons: tuple[Reason, ...]
    minutes: int
    expert_minutes: tuple[tuple[Key, int], ...]
    person_ids: tuple[Key, ...]
    groups: tuple[tuple[Key, str | None], ...]
    expert_category: str | None
    venture: VentureFacts | None
    dimensions: Dimensions
    anonymous_heads: int
    review_projects: int
    parts: tuple[Key, ...]
    merged_into: Key | None
    confirmation: ConfirmationKind | None
    confirmed_at: datetime | None
    pending: Pending | None
    inputs_hash: str

    @property
    def month(self) -> Month:
        """The month whose figures the record belongs to."""
        return Month.of(self.day)

    @property
    def mentor_minutes(self) -> int:
        """The own minutes of all counted experts together."""
        return sum(minutes for _, minutes in self.expert_minutes)
