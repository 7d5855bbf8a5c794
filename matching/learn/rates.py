"""How often an expert accepts, and how often he is rated well: shares drawn towards the usual."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.index import Floats

# What is thought of everybody while nothing at all is known.
_UNKNOWN = 0.5


@dataclass(frozen=True)
class Rates:
    """Count hits and trials by expert; everybody begins with the usual share.

    share = (hits + prior_weight * usual) / (trials + prior_weight), where the usual share is
    that of all experts together (an empirical-Bayes mean; Efron, Morris 1975).
    """

    counts: Mapping[str, tuple[int, int]]
    prior_weight: float

    @classmethod
    def of(cls, seen: Iterable[tuple[str, bool | None]], prior_weight: float) -> "Rates":
        """Count pairs of an expert and whether it was a hit; None is no trial."""
        counts: dict[str, tuple[int, int]] = {}
        for expert_id, is_hit in seen:
            if is_hit is not None:
                hits, trials = counts.get(expert_id, (0, 0))
                counts[expert_id] = (hits + is_hit, trials + 1)
        return cls(dict(sorted(counts.items())), prior_weight)

    def of_experts(self, expert_ids: Sequence[str]) -> Floats:
        """Return the share of each expert."""
        return self.without_own(expert_ids, np.full(len(expert_ids), np.nan))

    def without_own(self, expert_ids: Sequence[str], own: Floats) -> Floats:
        """Return the share of each row's expert as if that row had not been seen.

        With its own row in it, a share would tell the answer that it is to foretell.

        Args:
            expert_ids: the expert of each row.
            own: what the row itself is: 1 a hit, 0 none, nan where it is no trial.
        """
        counted = np.array([self.counts.get(each, (0, 0)) for each in expert_ids], dtype=np.float64)
        mine = np.stack([np.nan_to_num(own), ~np.isnan(own)], axis=1)
        hits, trials = (counted.reshape(-1, 2) - mine).T
        all_hits, all_trials = (self._totals() - mine).T
        usual = np.full(len(expert_ids), _UNKNOWN)
        np.divide(all_hits, all_trials, out=usual, where=all_trials > 0)
        return np.asarray((hits + self.prior_weight * usual) / (trials + self.prior_weight))

    def _totals(self) -> Floats:
        counts = np.array(list(self.counts.values()), dtype=np.float64)
        return np.asarray(counts.reshape(-1, 2).sum(axis=0))

    def to_data(self) -> dict[str, Any]:
        """Return all of it as values that JSON knows."""
        counts = {expert_id: list(pair) for expert_id, pair in self.counts.items()}
        return {"prior_weight": self.prior_weight, "counts": counts}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Rates":
        """Return what `to_data` gave."""
        counts = {expert_id: (hits, trials) for expert_id, (hits, trials) in data["counts"].items()}
        return cls(dict(sorted(counts.items())), data["prior_weight"])
