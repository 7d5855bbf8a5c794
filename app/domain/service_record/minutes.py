"""Minutes of a service and of its experts: floored, capped at the plan, never the booking's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain.service_record.facts import (
    AttendeeFacts,
    ExpertFacts,
    Key,
    SessionFacts,
    Span,
)
from app.domain.service_record.policy import CountingPolicy


@dataclass(frozen=True, slots=True)
class Measured:
    """The minutes of one part and the own minutes of its counted experts."""

    minutes: int
    expert_minutes: tuple[tuple[Key, int], ...]


def measure(
    facts: SessionFacts,
    policy: CountingPolicy,
    experts: Sequence[ExpertFacts],
    attendees: Sequence[AttendeeFacts],
) -> Measured:
    """Return the minutes of one part with the experts and attendees who count.

    Times run from the first to the last moment at which a counted expert and an attendee were
    both there, less the breaks; nobody's minutes reach beyond the cap.
    """
    cap = cap_minutes(facts, policy)
    if facts.stated_minutes is not None:
        return _stated(facts.stated_minutes, cap, experts)
    shared = _shared_presence(facts, experts, attendees)
    if shared is None:
        return Measured(0, tuple((expert.expert_id, 0) for expert in experts))
    minutes = _capped(max(0, shared.minutes - facts.break_minutes), cap)
    end = shared.starts_at + timedelta(minutes=minutes + facts.break_minutes)
    window = Span(shared.starts_at, min(shared.ends_at, end))
    own = ((e.expert_id, _own(e, facts, window)) for e in experts)
    return Measured(minutes, tuple(own))


def cap_minutes(facts: SessionFacts, policy: CountingPolicy) -> int | None:
    """Return the most minutes the part may count for, None when nothing limits it."""
    planned = facts.planned.minutes if facts.planned else policy.standard(facts.session_type)
    if planned is None or policy.overrun_cap_minutes is None or facts.is_overrun_approved:
        return None
    return planned + policy.overrun_cap_minutes


def _stated(stated: int, cap: int | None, experts: Sequence[ExpertFacts]) -> Measured:
    minutes = _capped(stated, cap)
    lengths = (
        (e, minutes if e.stated_minutes is None else _capped(e.stated_minutes, cap))
        for e in experts
    )
    own = ((e.expert_id, max(0, length - e.recused_minutes)) for e, length in lengths)
    return Measured(minutes, tuple(own))


def _shared_presence(
    facts: SessionFacts, experts: Sequence[ExpertFacts], attendees: Sequence[AttendeeFacts]
) -> Span | None:
    whole = facts.actual
    expert_spans = [e.present or whole for e in experts]
    attendee_spans = [a.present or whole for a in attendees] or [whole]
    together = [
        shared
        for expert_span in expert_spans
        for attendee_span in attendee_spans
        if (both := expert_span.common(attendee_span)) and (shared := both.common(whole))
    ]
    if not together:
        return None
    return Span(min(s.starts_at for s in together), max(s.ends_at for s in together))


def _own(expert: ExpertFacts, facts: SessionFacts, window: Span) -> int:
    present = (expert.present or window).common(window)
    minutes = present.minutes if present else 0
    return max(0, minutes - facts.break_minutes - expert.recused_minutes)


def _capped(minutes: int, cap: int | None) -> int:
    return minutes if cap is None else min(minutes, cap)
