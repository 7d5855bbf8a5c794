"""What is learnt of persons and records later: aliases of one person, and corrections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.service_record.codes import Reason
from app.domain.service_record.facts import (
    AttendeeFacts,
    Dimensions,
    ExpertFacts,
    InvalidFactsError,
    Key,
    SessionFacts,
    Span,
    VentureFacts,
)

Aliases = Mapping[Key, Key]


class CorrectionOp(StrEnum):
    """What a correction does to the part it names."""

    REMOVE_ATTENDEE = "remove_attendee"
    SET_ACTUAL_TIMES = "set_actual_times"
    SET_TOPIC = "set_topic"
    SET_VENTURE = "set_venture"
    SET_OVERRUN = "set_overrun"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class ActualTimes:
    """When the service really was, as found later."""

    span: Span
    break_minutes: int = 0


@dataclass(frozen=True, slots=True)
class ServedVenture:
    """For which venture the service was, as found later, with the labels it is split by.

    Attributes:
        venture: None when it was for none.
        labels: area, street and industry of the venture, or of whoever was served; the department
            stays that of the record. None where labels are not told; then all stay.
    """

    venture: VentureFacts | None
    labels: Dimensions | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A second record that corrects a first; it names one part and follows it when merged.

    Attributes:
        value: the person struck, the times, the topic, the venture, or whether an overrun is
            approved; None for a void record.
    """

    session_id: Key
    made_at: datetime
    op: CorrectionOp
    value: Key | ActualTimes | ServedVenture | bool | None


def corrected(
    facts: SessionFacts, corrections: Iterable[Correction], asof: datetime
) -> SessionFacts:
    """Return the facts after every correction of this part made by then, in order of making."""
    known = (c for c in corrections if c.session_id == facts.session_id and c.made_at <= asof)
    for correction in sorted(known, key=lambda c: c.made_at):
        facts = _apply(facts, correction)
    return facts


def _apply(facts: SessionFacts, correction: Correction) -> SessionFacts:
    value = correction.value
    if isinstance(value, ActualTimes):
        return replace(facts, actual=value.span, break_minutes=value.break_minutes)
    if isinstance(value, ServedVenture):
        return _served(facts, value)
    if isinstance(value, bool):
        return replace(facts, is_overrun_approved=value)
    if correction.op is CorrectionOp.REMOVE_ATTENDEE:
        left = tuple(a for a in facts.attendees if a.person_id != value)
        return replace(facts, attendees=left)
    if correction.op is CorrectionOp.SET_TOPIC:
        return replace(facts, topic=value)
    return replace(facts, void_code=Reason.VOIDED)


def _served(facts: SessionFacts, found: ServedVenture) -> SessionFacts:
    facts = replace(facts, venture=found.venture)
    if found.labels is None:
        return facts
    labels = replace(found.labels, department=facts.dimensions.department)
    return replace(facts, dimensions=labels, is_in_district=labels.is_in_district)


def canonical(key: Key, aliases: Aliases) -> Key:
    """Return the id under which a person counts.

    Raises:
        InvalidFactsError: when the aliases run in a circle.
    """
    seen = {key}
    while key in aliases:
        key = aliases[key]
        if key in seen:
            raise InvalidFactsError(fault="alias_circle", key=key)
        seen.add(key)
    return key


def with_aliases(facts: SessionFacts, aliases: Aliases) -> SessionFacts:
    """Return the facts with each natural person named once, under the canonical id."""
    return replace(
        facts,
        experts=_one_row_each(facts.experts, aliases),
        attendees=_one_person_each(facts.attendees, aliases),
        conflicts=tuple(
            replace(c, expert_id=c.expert_id and canonical(c.expert_id, aliases))
            for c in facts.conflicts
        ),
    )


def _one_row_each(experts: Iterable[ExpertFacts], aliases: Aliases) -> tuple[ExpertFacts, ...]:
    rows: dict[Key, ExpertFacts] = {}
    for expert in experts:
        key = canonical(expert.expert_id, aliases)
        if key not in rows or expert.is_lead:
            rows[key] = replace(expert, expert_id=key)
    return tuple(rows.values())


def _one_person_each(
    attendees: Iterable[AttendeeFacts], aliases: Aliases
) -> tuple[AttendeeFacts, ...]:
    persons: dict[Key, AttendeeFacts] = {}
    for attendee in attendees:
        key = canonical(attendee.person_id, aliases)
        known = persons.get(key)
        renamed = replace(attendee, person_id=key)
        persons[key] = _same_person(known, renamed) if known else renamed
    return tuple(persons.values())


def _same_person(first: AttendeeFacts, second: AttendeeFacts) -> AttendeeFacts:
    vouched = [at for at in (first.vouched_at, second.vouched_at) if at is not None]
    return replace(
        first,
        is_identified=first.is_identified or second.is_identified,
        is_contact=first.is_contact or second.is_contact,
        vouched_at=min(vouched, default=None),
        present=_either(first.present, second.present),
        group=first.group or second.group,
    )


def _either(first: Span | None, second: Span | None) -> Span | None:
    if first is None or second is None:
        return None
    return Span(min(first.starts_at, second.starts_at), max(first.ends_at, second.ends_at))
