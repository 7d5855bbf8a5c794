"""Keep stages and trades of experts as arrays, and compare a need with all of them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matching.lexicon import industry_likeness
from matching.types import ExpertProfile

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Quarters of the way between an idea and a running firm. A firm in distress is a
# running one; who starts again prepares anew.
_STAGE_PLACES: Mapping[str, int] = {
    "idea": 0,
    "preparing": 1,
    "restart": 1,
    "startup": 2,
    "early": 3,
    "growth": 4,
    "distress": 4,
    "mature": 5,
}
_N_PLACES = 6
_FARTHEST_STAGE = 4


@dataclass(frozen=True)
class Traits:
    """Hold where each expert's stages are, and his trades by the place of their names.

    `stages` is (stage places, n_experts), true where he has one; trade i, the name at
    `trades[i]`, is of the expert at `owners[i]`.
    """

    stages: NDArray[np.bool_]
    names: tuple[str, ...]
    trades: Integers
    owners: Integers

    @classmethod
    def of(cls, experts: Sequence[ExpertProfile]) -> Self:
        """Gather the traits of experts, in order."""
        stages = np.zeros((_N_PLACES, len(experts)), dtype=np.bool_)
        names: dict[str, int] = {}
        trades: list[int] = []
        owners: list[int] = []
        for at, expert in enumerate(experts):
            for stage in expert.stages:
                if stage in _STAGE_PLACES:
                    stages[_STAGE_PLACES[stage], at] = True
            trades += [names.setdefault(each, len(names)) for each in expert.industries]
            owners += [at] * len(expert.industries)
        return cls(stages, tuple(names), _integers(trades), _integers(owners))

    def stage_values(self, stage: str) -> Floats:
        """Return 1 for experts of a stage, a quarter less for each step from it, else 0."""
        found = np.zeros(self.stages.shape[1])
        asked = _STAGE_PLACES.get(stage, -_N_PLACES)
        for place, has_place in enumerate(self.stages):
            value = 1.0 - abs(place - asked) / _FARTHEST_STAGE
            if value > 0.0:
                np.maximum(found, value * has_place, out=found)
        return found

    def industry_values(self, industry: str) -> Floats:
        """Return how much the likest trade of each expert is like an industry."""
        found = np.zeros(self.stages.shape[1])
        if industry:
            likeness = np.array([industry_likeness(industry, name) for name in self.names])
            owners, starts = self._first_trades
            if len(owners):
                found[owners] = np.maximum.reduceat(likeness[self.trades], starts)
        return found

    @cached_property
    def _first_trades(self) -> tuple[Integers, Integers]:
        """Who has trades, and where those of each begin: they stand together, in order."""
        owners, starts = np.unique(self.owners, return_index=True)
        return owners, starts


def _integers(values: Sequence[int]) -> Integers:
    return np.array(values, dtype=np.int64)
