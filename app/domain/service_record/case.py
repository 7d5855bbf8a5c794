"""One record looked at alone: what of it was known at an instant, and who of it counts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from app.domain.calendar import local_day
from app.domain.service_record.codes import (
    ADVICE_TYPES,
    Reason,
    Ruling,
    SessionType,
)
from app.domain.service_record.facts import (
    AttendeeFacts,
    ConflictFacts,
    ExpertFacts,
    SessionFacts,
)
from app.domain.service_record.minutes import Measured, measure
from app.domain.service_record.policy import CountingPolicy

_SIGN_IN_TYPES = frozenset({SessionType.LECTURE, SessionType.ROUNDTABLE})


@dataclass(frozen=True)
class Case:
    """One record under the policy of its day, as known at an instant."""

    facts: SessionFacts
    policy: CountingPolicy
    asof: datetime

    @property
    def day(self) -> date:
        """The service day D."""
        return self.facts.day

    @property
    def is_text(self) -> bool:
        """Whether it is advice given in writing, which is counted by the piece."""
        return self.facts.is_text and self.facts.session_type in ADVICE_TYPES

    @property
    def is_review(self) -> bool:
        """Whether it is a review meeting, which has projects instead of attendees."""
        return self.facts.session_type is SessionType.REVIEW

    @cached_property
    def ruling(self) -> Ruling | None:
        """The ruling on its dispute known by then."""
        dispute = self.facts.dispute
        return dispute.ruling if dispute and self._is_known(dispute.ruled_at) else None

    @cached_property
    def is_disputed(self) -> bool:
        """Whether a dispute was open then."""
        dispute = self.facts.dispute
        return dispute is not None and self._is_known(dispute.opened_at) and self.ruling is None

    @cached_property
    def void_code(self) -> Reason | None:
        """What stands in place of a service; a ruling overrules what was reported.

        A record struck as void stays so, whatever was ruled on what it says.
        """
        if self.facts.void_code is Reason.VOIDED:
            return Reason.VOIDED
        if self.ruling is Ruling.DELIVERED:
            return None
        if self.ruling is None or self.ruling is Ruling.EXCUSED:
            return self.facts.void_code
        return Reason(self.ruling.value)

    @cached_property
    def experts(self) -> tuple[ExpertFacts, ...]:
        """The experts who count: in term, not suspended, times signed, not recused."""
        return tuple(expert for expert in self.facts.experts if self._counts(expert))

    @cached_property
    def present(self) -> tuple[AttendeeFacts, ...]:
        """The attendees whose presence is vouched for.

        The confirmation of the facts vouches for the contact or the only attendee; everybody
        else, and every listener, needs his own confirmation or check-in.
        """
        attendees = self.facts.attendees
        speaks_for_session = len(attendees) == 1
        by_sign_in = self.facts.session_type in _SIGN_IN_TYPES
        return tuple(
            a
            for a in attendees
            if self._is_known(a.vouched_at)
            or (not by_sign_in and (a.is_contact or speaks_for_session))
        )

    @cached_property
    def attendees(self) -> tuple[AttendeeFacts, ...]:
        """The attendees who count: vouched for and identified."""
        return tuple(attendee for attendee in self.present if attendee.is_identified)

    @cached_property
    def measured(self) -> Measured:
        """The minutes of this part alone."""
        return measure(self.facts, self.policy, self.experts, self.attendees)

    @cached_property
    def is_recorded(self) -> bool:
        """Whether the lead had recorded the session by then."""
        return self._is_known(self.facts.recorded_at)

    @cached_property
    def is_confirmed(self) -> bool:
        """Whether both sides stood by the facts by then, or a ruling put an end to doubt."""
        if self.ruling is Ruling.DELIVERED:
            return True
        given = self.facts.confirmation
        return (
            self.is_recorded
            and given is not None
            and self._is_known(given.confirmed_at)
            and not self.is_too_late(given.confirmed_at)
        )

    @cached_property
    def is_waived(self) -> bool:
        """Whether a conflict of interest was waived before the session."""
        return any(self._is_waived(conflict) for conflict in self.facts.conflicts)

    @cached_property
    def has_conflict(self) -> bool:
        """Whether an interest touches the whole session."""
        return not all(self._is_waived(c) or self._is_recused(c) for c in self.facts.conflicts)

    def _is_known(self, at: datetime | None) -> bool:
        return at is not None and at <= self.asof

    def is_too_late(self, at: datetime) -> bool:
        """Tell whether the founder's side may no longer confirm at that instant."""
        days = self.policy.late_confirmation_days
        return days is not None and local_day(at) - self.day > timedelta(days=days)

    def _counts(self, expert: ExpertFacts) -> bool:
        return (
            expert.is_in_term(self.day)
            and not expert.is_suspended
            and (expert.is_lead or self._is_known(expert.signed_at))
            and not any(
                c.expert_id == expert.expert_id and self._is_recused(c)
                for c in self.facts.conflicts
            )
        )

    def _is_waived(self, conflict: ConflictFacts) -> bool:
        """Tell whether two officers waived it in time; for a review nobody can."""
        waived_at = conflict.waived_at
        return (
            waived_at is not None
            and waived_at <= self.facts.actual.starts_at
            and not self.is_review
        )

    def _is_recused(self, conflict: ConflictFacts) -> bool:
        """Tell whether a member of a panel, not its lead, declared it and left."""
        lead, declared_at = self.facts.lead, conflict.declared_at
        return (
            declared_at is not None
            and declared_at <= self.facts.actual.ends_at
            and lead is not None
            and conflict.expert_id not in (None, lead.expert_id)
        )
