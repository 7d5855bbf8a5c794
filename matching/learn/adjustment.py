"""What has been learned: how a base score is put right, as data."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np

from matching.index import Floats, ForeignStateError
from matching.learn.rates import Rates
from matching.scorer import DECIMALS

_FORMAT = 1
_VERSION_DIGITS = 8


@dataclass(frozen=True)
class Adjustment:
    """Put a base score right by its parts and by what is known of the expert.

    adjustment = constant + weights . parts + weights . rates, never more than `reach` either
    way, so that nobody far down a list is carried to its head. All numbers are in the units of
    the base score.
    """

    method: str
    part_weights: Mapping[str, float]
    acceptance_weight: float
    rating_weight: float
    constant: float
    reach: float
    acceptance: Rates
    rating: Rates

    @cached_property
    def version(self) -> str:
        """The name of what was learned; equal names adjust equally."""
        text = json.dumps(self.to_data(), sort_keys=True)
        return sha256(text.encode()).hexdigest()[:_VERSION_DIGITS]

    def suits(self, method: str, codes: Iterable[str]) -> bool:
        """Answer whether it was learned over parts of this meaning."""
        return self.method == method and set(codes) == set(self.part_weights)

    def of_parts(self, expert_ids: Sequence[str], codes: Sequence[str], parts: Floats) -> Floats:
        """Return what is added to the sum of base parts.

        Args:
            expert_ids: the experts, n of them.
            codes: the codes of the last axis of `parts`.
            parts: an array (..., n, n_codes).

        Returns:
            An array (..., n), rounded as parts are.
        """
        weights = np.array([self.part_weights[code] for code in codes], dtype=np.float64)
        moved = self.constant + parts @ weights + self._of_experts(expert_ids)
        return np.asarray(np.round(np.clip(moved, -self.reach, self.reach), DECIMALS))

    def _of_experts(self, expert_ids: Sequence[str]) -> Floats:
        return np.asarray(
            self.acceptance_weight * self.acceptance.of_experts(expert_ids)
            + self.rating_weight * self.rating.of_experts(expert_ids)
        )

    def to_data(self) -> dict[str, Any]:
        """Return all of it as values that JSON knows."""
        return {
            "format": _FORMAT,
            "method": self.method,
            "part_weights": dict(self.part_weights),
            "acceptance_weight": self.acceptance_weight,
            "rating_weight": self.rating_weight,
            "constant": self.constant,
            "reach": self.reach,
            "acceptance": self.acceptance.to_data(),
            "rating": self.rating.to_data(),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Adjustment":
        """Return what `to_data` gave.

        Raises:
            ForeignStateError: another version of the format wrote it.
        """
        if data.get("format") != _FORMAT:
            raise ForeignStateError("another format holds what was learned")
        values = {name: value for name, value in data.items() if name != "format"}
        rates = {name: Rates.from_data(values[name]) for name in ("acceptance", "rating")}
        return cls(**values | rates)
