"""Which rules one record fails, looked at alone and as it was known at an instant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from app.domain.calendar import local_day
from app.domain.service_record.codes import (
    ADVICE_TYPES,
    REASON_PRECEDENCE,
    VOID_CODES,
    Column,
    DeliveryMode,
    Pending,
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
# What does not keep a record from being a part of a service: a part may be short by itself,
# and a service for outsiders is one service all the same.
_NO_BAR_TO_MERGING = frozenset({Reason.BELOW_MINIMUM, Reason.OUTSIDE_DISTRICT})


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
        return self.facts.mode is DeliveryMode.TEXT and self.facts.session_type in ADVICE_TYPES

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
        """What stands in place of a service; a ruling overrules what was reported."""
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
            and not self._is_too_late(given.confirmed_at)
        )

    @cached_property
    def is_waived(self) -> bool:
        """Whether a conflict of interest was waived before the session."""
        return any(self._is_waived(conflict) for conflict in self.facts.conflicts)

    @cached_property
    def has_conflict(self) -> bool:
        """Whether an interest touches the whole session."""
        return not all(self._is_waived(c) or self._is_recused(c) for c in self.facts.conflicts)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """All reasons that apply to the record alone, in the order of precedence."""
        return tuple(r for r in REASON_PRECEDENCE if r in CHECKS and CHECKS[r](self))

    @property
    def may_merge(self) -> bool:
        """Whether it meets every rule a part must meet."""
        return _NO_BAR_TO_MERGING.issuperset(self.reasons)

    @property
    def column(self) -> Column | None:
        """The column of its own, None for the headline."""
        return next((column for column, belongs in _COLUMNS if belongs(self)), None)

    def pending(self, shown: Reason | None) -> Pending | None:
        """Return what the record still waits for, given the reason shown."""
        if shown is Reason.DISPUTED:
            return Pending.RULING
        if shown is not Reason.UNCONFIRMED or self._is_too_late(self.asof):
            return None
        return Pending.CONFIRMATION if self.is_recorded else Pending.RECORD

    def _is_known(self, at: datetime | None) -> bool:
        return at is not None and at <= self.asof

    def _is_too_late(self, at: datetime) -> bool:
        days = self.policy.late_confirmation_days
        return days is not None and local_day(at) > self.day + timedelta(days=days)

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


def _is_void(code: Reason) -> Callable[[Case], bool]:
    return lambda case: case.void_code is code


def _is_not_a_session(case: Case) -> bool:
    in_writing = case.facts.mode is DeliveryMode.TEXT and not case.is_text
    return in_writing or case.void_code is Reason.NOT_A_SESSION


def _has_no_lead_in_term(case: Case) -> bool:
    return case.facts.lead is None or not case.facts.lead.is_in_term(case.day)


def _is_below_minimum(case: Case) -> bool:
    """Tell whether the length is settled and too short.

    A part with times that waits for its confirmation may still join others, so that its
    length is not settled.
    """
    if case.is_text or (case.facts.is_timed and not case.is_confirmed):
        return False
    return case.measured.minutes < case.policy.minimum(case.facts.session_type)


CHECKS: Mapping[Reason, Callable[[Case], bool]] = {
    **{code: _is_void(code) for code in VOID_CODES},
    Reason.TEST_DATA: lambda case: case.facts.is_test,
    Reason.NOT_A_SESSION: _is_not_a_session,
    Reason.DISPUTED: lambda case: case.is_disputed,
    Reason.CONFLICT_OF_INTEREST: lambda case: case.has_conflict,
    Reason.MENTOR_SUSPENDED: lambda case: (
        (lead := case.facts.lead) is not None and lead.is_suspended
    ),
    Reason.MENTOR_OUT_OF_TERM: _has_no_lead_in_term,
    Reason.IDENTITY_UNVERIFIED: lambda case: (
        bool(case.present) and not case.attendees and not case.is_review
    ),
    Reason.NO_ATTENDEE: lambda case: not case.present and not case.is_review,
    Reason.BELOW_MINIMUM: _is_below_minimum,
    Reason.UNCONFIRMED: lambda case: not case.is_confirmed,
    Reason.OUTSIDE_DISTRICT: lambda case: not case.facts.is_in_district,
}

_COLUMNS: tuple[tuple[Column, Callable[[Case], bool]], ...] = (
    (Column.OUTSIDE_DISTRICT, lambda case: not case.facts.is_in_district),
    (Column.WAIVED_CONFLICT, lambda case: case.is_waived),
    (Column.TEXT, lambda case: case.is_text),
    (Column.FOLLOW_UP, lambda case: case.facts.session_type is SessionType.FOLLOW_UP),
    (Column.REVIEW, lambda case: case.is_review),
)
