"""A slice of a period: which records it chooses, and what each of them adds to a figure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import ClassVar

from app.domain.calendar import Month
from app.domain.errors import InvalidInputError
from app.domain.expert import ExpertCategory
from app.domain.outcome import ConfirmationKind
from app.domain.service_record.behind import FIGURE_NAMES, Distinct, UnknownMeasureError, behind
from app.domain.service_record.codes import (
    ADVICE_TYPES,
    RULE_OF_REASON,
    Reason,
    Rule,
    SessionType,
    Status,
)
from app.domain.service_record.decision import Decision
from app.domain.service_record.facts import Key
from app.domain.service_record.measures import ADDITIVE_NAMES
from app.domain.service_record.tally import (
    UNASSIGNED,
    UNVERIFIED,
    by_time,
    contribution,
    headline,
    served_ventures,
    venture_served,
)

LONGEST_NAME = 40
_NOT_A_SERVICE = frozenset({Rule.GENUINE, Rule.DELIVERED, Rule.FORM, Rule.MERGING})


class Share(StrEnum):
    """What is listed at the desk besides the figures of a report."""

    APART = "counted_apart"
    HELD = "held"
    CONFIRMED = "confirmed"
    GATHERINGS = "gatherings"
    ADVICE = "advice"


class UnknownFilterError(InvalidInputError):
    """A record cannot be asked for in this way."""

    default_code: ClassVar[str] = "count.unknown_filter"


@dataclass(frozen=True, slots=True)
class Addend:
    """A record behind a figure and what it adds; all of them sum to the figure.

    To persons and ventures it adds those who are new in the period: 0 when each was served before.
    """

    decision: Decision
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Which records of a period are looked at; what is None does not limit.

    `unassigned` chooses the records without such a label.
    """

    type: str | None = None
    department: str | None = None
    area: str | None = None
    street: str | None = None
    industry: str | None = None
    category: str | None = None
    confirmation: str | None = None
    reason: str | None = None
    expert: str | None = None
    person: str | None = None
    venture: str | None = None

    def __post_init__(self) -> None:
        for codes, value in (
            (SessionType, self.type),
            (Reason, self.reason),
            (ExpertCategory, self.category),
            (ConfirmationKind, self.confirmation),
        ):
            _ensure_of(codes, value)

    def choose(self, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
        """Return the decisions that carry every label asked for."""
        asked = {f.name: value for f in fields(self) if (value := getattr(self, f.name))}
        return tuple(
            d for d in decisions if all(_CARRIES[name](d, value) for name, value in asked.items())
        )


def addends(decisions: Iterable[Decision], name: str) -> tuple[Addend, ...]:
    """Return the records behind a figure of the period they make up, in order of their start.

    Raises:
        UnknownMeasureError: when there is no such figure.
    """
    if name not in FIGURE_NAMES and name not in _SHARES:
        raise UnknownMeasureError(measure=name[:LONGEST_NAME])
    of_period = by_time(decisions)
    if name in ADDITIVE_NAMES:
        parts = ((d, getattr(contribution(d), name)) for d in of_period)
        return tuple(Addend(d, amount) for d, amount in parts if amount)
    if name in (Distinct.ENTERPRISES, Distinct.TEAMS):
        return _first_seen(_of_ventures(of_period, name), _venture)
    listed = [d for d in of_period if _is_listed(d, name)]
    if name == Distinct.PERSONS:
        return _first_seen(listed, lambda d: d.person_ids)
    return tuple(Addend(d, 1) for d in listed)


def addends_of_group(decisions: Iterable[Decision], name: str, group: str) -> tuple[Addend, ...]:
    """Return the records behind the person-times or persons of one primary group.

    A person is of the group of his last counted service in the period, as in the split.

    Raises:
        UnknownMeasureError: only persons are told by group.
    """
    counted = by_time(headline(decisions))
    if name == "person_times":
        heads = [(d, sum(_group(code) == group for _, code in d.groups)) for d in counted]
    elif name == Distinct.PERSONS:
        last = {person: (d, _group(code)) for d in counted for person, code in d.groups}
        mine = Counter(d.session_id for d, code in last.values() if code == group)
        heads = [(d, mine[d.session_id]) for d in counted]
    else:
        raise UnknownMeasureError(measure=name[:LONGEST_NAME])
    return tuple(Addend(d, amount) for d, amount in heads if amount)


def total(rows: Iterable[Addend]) -> int:
    """Return the figure that the records sum to."""
    return sum(row.amount for row in rows)


def was_held(decision: Decision) -> bool:
    """Tell whether a service took place, counted or not: the base of the shares at the desk."""
    return all(RULE_OF_REASON[reason] not in _NOT_A_SERVICE for reason in decision.reasons)


def _ensure_of(codes: type[StrEnum], value: str | None) -> None:
    if value is not None and value not in (*codes, UNASSIGNED):
        raise UnknownFilterError(value=value[:LONGEST_NAME])


def _is_listed(decision: Decision, name: str) -> bool:
    if name in _SHARES:
        return _SHARES[name](decision)
    return bool(behind([decision], decision.month, name))


def _of_ventures(of_period: list[Decision], name: str) -> list[Decision]:
    served = served_ventures(of_period)
    are_enterprises = name == Distinct.ENTERPRISES
    return [
        d
        for d in headline(of_period)
        if (venture := venture_served(d)) and served[venture.venture_id][1] is are_enterprises
    ]


def _first_seen(
    rows: Iterable[Decision], who: Callable[[Decision], tuple[Key, ...]]
) -> tuple[Addend, ...]:
    seen: set[Key] = set()
    found = []
    for decision in rows:
        new = set(who(decision)) - seen
        seen |= new
        found.append(Addend(decision, len(new)))
    return tuple(found)


def _venture(decision: Decision) -> tuple[Key, ...]:
    return (decision.venture.venture_id,) if decision.venture else ()


def months_of(year: int) -> tuple[Month, ...]:
    """Return the twelve months of a year."""
    return tuple(Month(year, number) for number in range(1, 13))


def _group(code: str | None) -> str:
    return code or UNVERIFIED


def _label(of: Callable[[Decision], str | None]) -> Callable[[Decision, str], bool]:
    return lambda decision, wanted: (of(decision) or UNASSIGNED) == wanted


_SHARES: Mapping[str, Callable[[Decision], bool]] = {
    Share.APART: lambda d: d.status is Status.COUNTED_APART,
    Share.GATHERINGS: lambda d: d.status is Status.COUNTED and d.session_type not in ADVICE_TYPES,
    Share.ADVICE: lambda d: d.status is Status.COUNTED and d.session_type in ADVICE_TYPES,
    Share.HELD: was_held,
    Share.CONFIRMED: lambda d: was_held(d) and d.confirmation is not None,
}
_CARRIES: Mapping[str, Callable[[Decision, str], bool]] = {
    "type": _label(lambda d: d.session_type),
    "department": _label(lambda d: d.dimensions.department),
    "area": _label(lambda d: d.dimensions.area),
    "street": _label(lambda d: d.dimensions.street),
    "industry": _label(lambda d: d.dimensions.industry),
    "category": _label(lambda d: d.expert_category),
    "confirmation": _label(lambda d: d.confirmation),
    "reason": lambda d, wanted: d.reason == wanted,
    "expert": lambda d, wanted: any(key == wanted for key, _ in d.expert_minutes),
    "person": lambda d, wanted: wanted in d.person_ids,
    "venture": lambda d, wanted: wanted in _venture(d),
}
