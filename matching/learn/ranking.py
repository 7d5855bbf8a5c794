"""Learn from what was shown, and what came of it, how the base score is to be put right."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from matching.index import Floats
from matching.learn.adjustment import Adjustment
from matching.learn.examples import Examples
from matching.learn.log import (
    SILENT_REASONS,
    Shown,
    has_accepted,
    is_well_rated,
    method_of,
    of_newest_method,
)
from matching.learn.rates import Rates

# From the first to the last of a list the odds are taken to fall by e^2, about seven times:
# what turns learned log-odds into the units of the base score.
_LOG_ODDS_OF_A_LIST = 2.0
# Numbers are kept with these decimals, so that as data they are what they were.
_KEPT_DECIMALS = 9
_LONGEST_FIT = 1_000


class TooFewError(ValueError):
    """Refuse to learn from so few needs, or from outcomes that are all alike."""


class LearnedRanking(BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Fit which shown experts led to good meetings, and blend that with the base score.

    A logistic regression over the score parts and the expert's acceptance and rating shares,
    each row's own outcome left out; all as differences within a need, because lists of
    different needs are not to be compared. Rows are weighted by the inverse of their propensity
    (Horvitz, Thompson 1952; Schnabel et al. 2016), at most `weight_cap` times. The logarithm of
    the position stands beside the features and is dropped afterwards, so that what founders
    read first is not taken for what fits (Wang et al. 2018; Guo et al. 2019).

    The blend (1 - share) * base + share * learned, with share = n / (n + blend) and n needs in
    which somebody was asked, is kept in the units of the base score: learned = slope * base +
    rest, and dividing by (1 - share + share * slope) changes no order and leaves base + rest'.
    So the level of a score means what it meant, and only the rest is bounded.

    Fitting takes O(rows x features) for each step of the solver, which draws nothing at random.
    """

    adjustment_: Adjustment

    def __init__(
        self,
        C: float = 0.3,  # noqa: N803  # as scikit-learn calls it
        prior_weight: float = 5.0,
        blend: float = 100.0,
        weight_cap: float = 10.0,
        silent_reasons: tuple[str, ...] = SILENT_REASONS,
        random_state: int = 0,
    ) -> None:
        self.C = C
        self.prior_weight = prior_weight
        self.blend = blend
        self.weight_cap = weight_cap
        self.silent_reasons = silent_reasons
        self.random_state = random_state

    def fit(self, rows: Sequence[Shown]) -> Self:
        """Learn from rows in any order; those of a former method teach acceptance and rating only.

        Raises:
            TooFewError: no need has a known outcome, or all rows ended alike.
            ValueError: `blend` is not above 0.
        """
        if self.blend <= 0.0:
            raise ValueError(f"blend is {self.blend}, expected more than 0")
        current = of_newest_method(rows)
        examples = Examples.of(current, self.silent_reasons)
        if len(np.unique(examples.successes)) < 2:
            raise TooFewError(f"{examples.n_needs} needs, all rows of one outcome")
        accepted = ((row.expert_id, has_accepted(row.fate, self.silent_reasons)) for row in rows)
        rated = ((row.expert_id, is_well_rated(row.fate)) for row in rows)
        acceptance = Rates.of(accepted, self.prior_weight)
        rating = Rates.of(rated, self.prior_weight)
        features = np.column_stack(
            [
                examples.parts,
                acceptance.without_own(examples.experts, examples.accepted),
                rating.without_own(examples.experts, examples.well_rated),
            ]
        )
        log_odds = self._log_odds(examples, features)
        reach = _usual_spread(examples)
        weights = reach / _LOG_ODDS_OF_A_LIST * log_odds[:-1]
        slope = _slope(examples, features @ weights)
        share = examples.n_needs / (examples.n_needs + self.blend)
        weights[: len(examples.codes)] -= slope
        weights *= share / (1.0 - share + share * slope)
        self.n_needs_, self.n_examples_ = examples.n_needs, len(examples.successes)
        self.share_, self.base_slope_ = _kept(share), _kept(slope)
        self.position_effect_ = _kept(log_odds[-1])
        self.adjustment_ = Adjustment(
            method=method_of(current[0].matcher_version),
            part_weights=dict(zip(examples.codes, map(_kept, weights), strict=False)),
            acceptance_weight=_kept(weights[-2]),
            rating_weight=_kept(weights[-1]),
            constant=_kept(-(features @ weights).mean()),
            reach=_kept(reach),
            acceptance=acceptance,
            rating=rating,
        )
        return self

    def _log_odds(self, examples: Examples, features: Floats) -> Floats:
        """Return what each feature adds to the log-odds, and last the logarithm of the position."""
        columns = np.column_stack([examples.within_needs(features), np.log(examples.positions)])
        scale = columns.std(axis=0)
        scale[scale == 0.0] = 1.0
        weights = np.minimum(1.0 / examples.propensities, self.weight_cap)
        model = LogisticRegression(
            C=self.C, max_iter=_LONGEST_FIT, random_state=self.random_state
        ).fit(columns / scale, examples.successes, sample_weight=weights / weights.mean())
        return np.asarray(model.coef_[0] / scale)


def _usual_spread(examples: Examples) -> float:
    """Return by how much the base score falls from first to last in the median list."""
    highest, lowest = np.full(examples.n_needs, -np.inf), np.full(examples.n_needs, np.inf)
    np.maximum.at(highest, examples.needs, examples.bases)
    np.minimum.at(lowest, examples.needs, examples.bases)
    return float(np.median(highest - lowest))


def _slope(examples: Examples, learned: Floats) -> float:
    """Return how far the base score is borne out: 1 as it is assumed, 0 not at all."""
    columns = examples.within_needs(np.column_stack([examples.bases, learned]))
    base, other = columns.T
    variance = float(base @ base)
    return max(0.0, float(base @ other) / variance) if variance else 0.0


def _kept(number: float) -> float:
    # Adding zero turns -0.0, which databases do not keep, into 0.0.
    return round(float(number), _KEPT_DECIMALS) + 0.0
