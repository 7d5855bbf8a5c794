"""How far the services of a period lie with few: the same pairs, the same experts, one person."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.domain.service_record import ADVICE_TYPES, Decision, Status
from app.domain.service_record.facts import Key

TOP = 10
Counted = TypeVar("Counted", Key, tuple[Key, Key])


@dataclass(frozen=True, slots=True)
class Pair:
    """An expert and a person of the founders' side, and how often the two met."""

    expert_id: Key
    person_id: Key
    count: int


@dataclass(frozen=True, slots=True)
class Few:
    """An expert or a venture, and how many services were his."""

    key: Key
    count: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """What the counted consultations, diagnoses and tutorings of a period have in common.

    Attributes:
        services: how many there are.
        meetings: how often an expert met a person in them, over all pairs.
        pairs: those who met most often, at most ten.
        experts: those with most services, at most ten; a panel is one for each of its experts.
        enterprises: how many registered ventures were served.
        single: those of them in whose services always the same one person sat.
    """

    services: int
    meetings: int
    pairs: tuple[Pair, ...]
    experts: tuple[Few, ...]
    enterprises: int
    single: tuple[Few, ...]

    @property
    def of_pairs(self) -> int:
        """The meetings of the pairs that met most often."""
        return sum(pair.count for pair in self.pairs)


def concentration(decisions: Iterable[Decision]) -> Concentration:
    """Return how the counted advice of a period is spread; ties fall by id, so always alike."""
    advice = [
        each
        for each in decisions
        if each.status is Status.COUNTED and each.session_type in ADVICE_TYPES
    ]
    pairs = Counter(
        (expert, person)
        for each in advice
        for expert, _ in each.expert_minutes
        for person in each.person_ids
    )
    experts = Counter(expert for each in advice for expert, _ in each.expert_minutes)
    enterprises = _served(advice)
    return Concentration(
        services=len(advice),
        meetings=pairs.total(),
        pairs=tuple(Pair(*who, count) for who, count in _top(pairs)),
        experts=tuple(Few(key, count) for key, count in _top(experts)),
        enterprises=len(enterprises),
        single=tuple(
            Few(venture, len(services))
            for venture, services in sorted(enterprises.items())
            if len({person for each in services for person in each.person_ids}) == 1
        ),
    )


def _served(advice: Sequence[Decision]) -> dict[Key, list[Decision]]:
    """Return the services of each venture that was registered at one of them."""
    of_ventures: dict[Key, list[Decision]] = defaultdict(list)
    registered = set()
    for each in advice:
        if each.venture is not None:
            of_ventures[each.venture.venture_id].append(each)
            if each.venture.is_enterprise_on(each.day):
                registered.add(each.venture.venture_id)
    return {venture: of_ventures[venture] for venture in registered}


def _top(counts: Counter[Counted]) -> list[tuple[Counted, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP]
