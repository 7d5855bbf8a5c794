"""What is wished of a panel, and the panels that come of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from matching.types import CATEGORIES

SMALLEST = 2
LARGEST = 5


class NoPanelError(ValueError):
    """Too few experts are allowed, or too few of a category that is wanted."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Bound how many experts of a category a panel holds; a category not named is free.

    Raises:
        ValueError: a category is unknown, or its bounds leave no number.
    """

    at_least: Mapping[str, int] = field(default_factory=dict)
    at_most: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for category in {*self.at_least, *self.at_most}:
            if category not in CATEGORIES:
                raise ValueError(f"unknown category {category!r} in a quota")
            if not 0 <= self.least(category) <= self.most(category):
                raise ValueError(f"the quota of {category} leaves no number")

    def least(self, category: str) -> int:
        """Return how many of the category there must be."""
        return self.at_least.get(category, 0)

    def most(self, category: str) -> int:
        """Return how many of the category there may be."""
        return self.at_most.get(category, LARGEST)


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """Tell in which slots each expert could begin; an expert not named is never free.

    Slots are the caller's own, numbered from 0 in the order of time; those below `soon`
    lie within the days that count as near.
    """

    slots: Mapping[str, Collection[int]]
    soon: int


@dataclass(frozen=True, slots=True)
class PanelWish:
    """Say how large a panel is to be, of whom, and when they are free.

    Raises:
        ValueError: the size is not 2 to 5, or the quota cannot be kept by so many.
    """

    size: int = 3
    quota: Quota = field(default_factory=Quota)
    free: FreeTimes = field(default_factory=lambda: FreeTimes({}, 0))

    def __post_init__(self) -> None:
        if not SMALLEST <= self.size <= LARGEST:
            raise ValueError(f"a panel of {self.size}, expected {SMALLEST} to {LARGEST}")
        least = sum(map(self.quota.least, CATEGORIES))
        most = sum(map(self.quota.most, CATEGORIES))
        if not least <= self.size <= most:
            raise ValueError(f"the quota asks for {least} to {most} experts, not for {self.size}")


@dataclass(frozen=True, slots=True)
class Facet:
    """Hold one matter of a need in the founder's words, with who of the panel covers it.

    `words` is an exact sentence of the text, or empty where a person added the topic.
    `topics` are those codes of `need_topic` that are clear, the surest first. `expert_ids`
    has the surest first, too, and is empty where nobody of the panel comes near to the best
    of all who are allowed.
    """

    words: str
    topics: tuple[str, ...]
    expert_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Propose a group of experts; the lead stands first, then by fit for the whole need.

    `coverage` is the share of the need's clauses that they cover, `value` that and their fit
    for the whole need, both 0 to 1; they compare panels of one size for one need.
    `first_slot` is the earliest slot in which all are free; None where there is none, or no
    free times were given.
    """

    expert_ids: tuple[str, ...]
    lead: str
    facets: tuple[Facet, ...]
    value: float
    coverage: float
    first_slot: int | None = None


class PanelLists(NamedTuple):
    """Hold the best panels whenever they meet, and the best of those that can meet soon."""

    best: tuple[Panel, ...]
    soon: tuple[Panel, ...]
