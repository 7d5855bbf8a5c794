"""The counting rules at work: from facts to one decision for every record."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from app.domain.service_record.amendments import Aliases, with_aliases
from app.domain.service_record.assessment import column_of, may_merge, pending_of, reasons_of
from app.domain.service_record.case import Case
from app.domain.service_record.codes import (
    CONFIRMATION_STRENGTH,
    REASON_PRECEDENCE,
    RULE_OF_REASON,
    Column,
    Reason,
    Rule,
    Status,
)
from app.domain.service_record.decision import Decision
from app.domain.service_record.facts import InvalidFactsError, Key, SessionFacts
from app.domain.service_record.fingerprint import inputs_hash
from app.domain.service_record.merging import Group, group_parts, in_order, later_entries
from app.domain.service_record.policy import CountingPolicy, policy_on

_NO_ALIASES: Aliases = {}


def decide(facts: SessionFacts, policy: CountingPolicy, asof: datetime) -> Decision:
    """Return the decision on one record alone, as known at the instant."""
    return _carried([Case(with_aliases(facts, _NO_ALIASES), policy, asof)])


def decide_all(
    records: Iterable[SessionFacts],
    policies: Collection[CountingPolicy],
    asof: datetime,
    aliases: Aliases = _NO_ALIASES,
) -> tuple[Decision, ...]:
    """Return one decision for every record, parts of one service merged, in order of start.

    Raises:
        NoPolicyError: when no policy row was in force on a service day.
        InvalidFactsError: when two records have one id.
    """
    cases = in_order(
        Case(with_aliases(facts, aliases), policy_on(policies, facts.day), asof)
        for facts in records
    )
    _ensure_distinct(cases)
    parts = [case for case in cases if may_merge(case)]
    doubled = later_entries(parts)
    decisions = [_carried([case]) for case in cases if not may_merge(case)]
    decisions += [_duplicate(case) for case in parts if case.facts.session_id in doubled]
    for group in group_parts(p for p in parts if p.facts.session_id not in doubled):
        decisions += [_carried(group), *(_merged(part, group) for part in group[1:])]
    return tuple(sorted(decisions, key=lambda d: (d.started_at, d.session_id)))


def _ensure_distinct(cases: Sequence[Case]) -> None:
    counts = Counter(case.facts.session_id for case in cases)
    twice = sorted(session_id for session_id, count in counts.items() if count > 1)
    if twice:
        raise InvalidFactsError(fault="two_records_one_id", session_ids=twice)


def _carried(group: Group) -> Decision:
    """Decide on the first part, which carries the figures of the whole service."""
    return _decision(group[0], group, _reasons_of_all(group), None)


def _merged(part: Case, group: Group) -> Decision:
    reasons = (Reason.MERGED, *reasons_of(part))
    return _decision(part, [part], reasons, group[0].facts.session_id)


def _duplicate(case: Case) -> Decision:
    return _decision(case, [case], (Reason.DUPLICATE, *reasons_of(case)), None)


def _reasons_of_all(group: Group) -> tuple[Reason, ...]:
    """Return the reasons of a service, its minimum tested after its parts are added up."""
    if len(group) == 1:
        return reasons_of(group[0])
    reasons = {reason for part in group for reason in reasons_of(part)} - {Reason.BELOW_MINIMUM}
    first = group[0]
    minutes = sum(part.measured.minutes for part in group)
    if minutes < first.policy.minimum(first.facts.session_type):
        reasons.add(Reason.BELOW_MINIMUM)
    return tuple(reason for reason in REASON_PRECEDENCE if reason in reasons)


def _verdict(
    reasons: Sequence[Reason], column: Column | None
) -> tuple[Status, Rule, Column | None]:
    shown = reasons[0] if reasons else None
    if shown is not None and shown is not Reason.OUTSIDE_DISTRICT:
        return Status.NOT_COUNTED, RULE_OF_REASON[shown], None
    if column is None:
        return Status.COUNTED, Rule.ALL_HOLD, None
    rule = Rule.OWN_COLUMN if shown is None else RULE_OF_REASON[shown]
    return Status.COUNTED_APART, rule, column


def _decision(
    case: Case, group: Group, reasons: tuple[Reason, ...], merged_into: Key | None
) -> Decision:
    facts, persons = case.facts, sorted(case.attendees, key=lambda a: a.person_id)
    columns = (column for part in group if (column := column_of(part)))
    status, rule, column = _verdict(reasons, next(columns, None))
    shown = reasons[0] if reasons else None
    given = [part.facts.confirmation for part in group if part.facts.confirmation]
    return Decision(
        session_id=facts.session_id,
        session_type=facts.session_type,
        started_at=facts.actual.starts_at,
        day=case.day,
        policy=case.policy.code,
        policy_from=case.policy.valid_from,
        status=status,
        rule=rule,
        column=column,
        reason=shown,
        reasons=reasons,
        minutes=sum(part.measured.minutes for part in group),
        expert_minutes=_added_up(group),
        person_ids=tuple(person.person_id for person in persons),
        groups=tuple((person.person_id, person.group) for person in persons),
        expert_category=facts.lead.category if facts.lead else None,
        venture=facts.venture,
        dimensions=facts.dimensions,
        anonymous_heads=facts.anonymous_heads,
        review_projects=facts.review_projects,
        parts=() if merged_into else tuple(part.facts.session_id for part in group),
        merged_into=merged_into,
        confirmation=max((c.kind for c in given), key=CONFIRMATION_STRENGTH.index, default=None),
        confirmed_at=max((c.confirmed_at for c in given), default=None),
        pending=pending_of(case, shown),
        inputs_hash=inputs_hash((part.facts for part in group), case.policy),
    )


def _added_up(group: Group) -> tuple[tuple[Key, int], ...]:
    total: Counter[Key] = Counter()
    for part in group:
        total.update(dict(part.measured.expert_minutes))
    return tuple(sorted(total.items()))
