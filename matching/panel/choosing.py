"""Choose the members of a panel: the strongest first, then those who add most to him."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.panel.outlook import Integers, Outlook
from matching.panel.values import Quota
from matching.types import CATEGORIES

# How many there are of each category.
Counts = list[int]

# The share of a panel's value that is its members' fit for the whole need; the rest is
# what they cover together. A little less or more changes no figure of docs/matching.md.
_FIT_SHARE = 0.4
# Values that differ by less are equal, so that all machines agree.
_DECIMALS = 9


@dataclass(frozen=True)
class Choice:
    """Choose panels of one size under one quota; members are places of the outlook."""

    outlook: Outlook
    size: int
    quota: Quota

    def coverage(self, members: Sequence[int]) -> float:
        """Return the share of the clauses that a panel covers, 0 to 1.

        A clause is covered unless all fail at it, chances taken as independent, so that a
        second expert for one matter adds little (Agrawal et al. 2009, IA-Select; Santos et
        al. 2010, xQuAD).
        """
        missed = np.prod(1.0 - self.outlook.chances[:, list(members)], axis=1)
        return round(float((1.0 - missed).mean()), _DECIMALS)

    def value(self, members: Sequence[int]) -> float:
        """Return how good a panel is, 0 to 1: how well its members fit, and what they cover."""
        fit = float(self.outlook.fits[list(members)].sum()) / self.size
        value = _FIT_SHARE * fit + (1.0 - _FIT_SHARE) * self.coverage(members)
        return round(value, _DECIMALS)

    def best(self, free: Collection[int]) -> tuple[int, ...] | None:
        """Return the best panel found among these experts, None when the quota leaves none.

        Without a quota the greedy choice has at least 63 % of the greatest value (Nemhauser,
        Wolsey, Fisher 1978); it never covers less than those who fit best by themselves do.
        O(size x clauses x experts).
        """
        places = np.array(sorted(free), dtype=np.int64)
        if not self._is_open([0] * len(CATEGORIES), self._counted(places), self.size):
            return None
        together = self._chosen(places, covers=True)
        return max(together, self._chosen(places, covers=False), key=self.coverage)

    def _chosen(self, places: Integers, *, covers: bool) -> tuple[int, ...]:
        """Take the one who adds most until the panel is full; without `covers`, who fits best."""
        chances, kinds = self.outlook.chances[:, places], self._kinds[places]
        fits = self.outlook.fits[places] * (_FIT_SHARE / self.size)
        held, left = [0] * len(CATEGORIES), self._counted(places)
        missed = np.full(len(chances), (1.0 - _FIT_SHARE) / len(chances) if covers else 0.0)
        is_left = np.ones(len(places), dtype=np.bool_)
        chosen: list[int] = []
        for seats in range(self.size, 0, -1):
            gains = np.round(fits + missed @ chances, _DECIMALS)
            may_take = np.array(self._may_take(held, left, seats))[kinds] & is_left
            taken = int(np.argmax(np.where(may_take, gains, -1.0)))
            missed *= 1.0 - chances[:, taken]
            held, left = _after(held, left, int(kinds[taken]))
            is_left[taken] = False
            chosen.append(int(places[taken]))
        return tuple(chosen)

    def _may_take(self, held: Counts, left: Counts, seats: int) -> list[bool]:
        """Answer for each category whether one of it leaves a panel that can be filled."""
        kinds = range(len(CATEGORIES))
        return [self._is_open(*_after(held, left, kind), seats - 1) for kind in kinds]

    def _is_open(self, held: Counts, left: Counts, seats: int) -> bool:
        """Answer whether so many seats can be filled by who is left, within the quota."""
        missing = [max(0, least - has) for least, has in zip(self._least, held, strict=True)]
        room = [min(most - has, n) for most, has, n in zip(self._most, held, left, strict=True)]
        fits = all(least <= most for least, most in zip(missing, room, strict=True))
        return fits and sum(missing) <= seats <= sum(room)

    def _counted(self, places: Integers) -> Counts:
        counts: Counts = np.bincount(self._kinds[places], minlength=len(CATEGORIES)).tolist()
        return counts

    @cached_property
    def _kinds(self) -> Integers:
        order = {category: at for at, category in enumerate(CATEGORIES)}
        experts = self.outlook.experts
        return np.array([order[expert.category] for expert in experts], dtype=np.int64)

    @cached_property
    def _least(self) -> Counts:
        return [self.quota.least(category) for category in CATEGORIES]

    @cached_property
    def _most(self) -> Counts:
        return [self.quota.most(category) for category in CATEGORIES]


def _after(held: Counts, left: Counts, kind: int) -> tuple[Counts, Counts]:
    """Return who is held and who is left when one more of a category is taken."""
    return (
        [count + (at == kind) for at, count in enumerate(held)],
        [count - (at == kind) for at, count in enumerate(left)],
    )
