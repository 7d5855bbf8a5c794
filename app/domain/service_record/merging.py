"""Which records are parts of one service, and which enter one expert's time twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.domain.service_record.case import Case
from app.domain.service_record.facts import Key, Span

Group = list[Case]


def in_order(cases: Iterable[Case]) -> list[Case]:
    """Return the cases in the order of their actual start."""
    return sorted(cases, key=lambda case: (case.facts.actual.starts_at, case.facts.session_id))


def later_entries(cases: Iterable[Case]) -> frozenset[Key]:
    """Return the records that claim time an earlier entry already claims for an expert.

    Records whose time of entry is not known are not judged.
    """
    taken: dict[Key, list[Span]] = {}
    later = set()
    for _, case in sorted(_entries(cases), key=lambda entry: (entry[0], entry[1].facts.session_id)):
        spans = _own_spans(case)
        doubled = any(
            span.common(other) for expert_id, span in spans for other in taken.get(expert_id, [])
        )
        if doubled and not case.facts.is_overlap_ruled:
            later.add(case.facts.session_id)
            continue
        for expert_id, span in spans:
            taken.setdefault(expert_id, []).append(span)
    return frozenset(later)


def group_parts(cases: Iterable[Case]) -> list[Group]:
    """Return the services the cases make up, each with its parts in order of start.

    Same day, type, venture, topic, attendees and experts, and a pause between two parts that
    is neither negative nor longer than the policy of the day allows; pauses chain.
    """
    groups: list[Group] = []
    open_groups: dict[object, list[Group]] = {}
    for case in in_order(cases):
        candidates = open_groups.setdefault(_likeness(case), [])
        group = next((g for g in candidates if _continues(case, g)), None)
        if group is None:
            group = []
            groups.append(group)
            candidates.append(group)
        group.append(case)
    return groups


def _entries(cases: Iterable[Case]) -> Sequence[tuple[datetime, Case]]:
    return [
        (case.facts.entered_at, case)
        for case in cases
        if case.facts.entered_at is not None and case.facts.is_timed and not case.is_text
    ]


def _own_spans(case: Case) -> list[tuple[Key, Span]]:
    actual = case.facts.actual
    return [(expert.expert_id, expert.present or actual) for expert in case.experts]


def _likeness(case: Case) -> object:
    facts = case.facts
    return (
        facts.session_type,
        case.day,
        facts.venture and facts.venture.venture_id,
        facts.topic,
        frozenset(attendee.person_id for attendee in case.attendees),
        frozenset(expert.expert_id for expert in case.experts),
    )


def _continues(case: Case, group: Group) -> bool:
    if not case.facts.is_timed or not group[-1].facts.is_timed or case.is_text:
        return False
    pause = case.facts.actual.starts_at - max(part.facts.actual.ends_at for part in group)
    return timedelta(0) <= pause <= timedelta(minutes=case.policy.merge_gap_minutes)
