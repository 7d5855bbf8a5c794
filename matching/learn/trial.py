"""Try what was learned on needs that came later, against what is live."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.index import Floats, Integers
from matching.learn.adjustment import Adjustment
from matching.learn.examples import Examples
from matching.learn.log import SILENT_REASONS, Shown, method_of

_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Trial:
    """State by how much a candidate puts good meetings higher than the present version does.

    `present` and `candidate` tell how many places higher the successes stand than all who were
    asked; `low` and `high` bound the difference of the two.
    """

    needs: int
    successes: int
    present: float
    candidate: float
    low: float
    high: float
    confidence: float
    least_needs: int

    @property
    def difference(self) -> float:
        """By how much the candidate is ahead."""
        return self.candidate - self.present

    @property
    def is_won(self) -> bool:
        """Whether the candidate may go live: enough needs, and the interval above zero."""
        return self.needs >= self.least_needs and self.low > 0.0


def try_out(
    candidate: Adjustment,
    present: Adjustment | None,
    rows: Sequence[Shown],
    *,
    confidence: float = 0.99,
    least_needs: int = 50,
    random_state: int = 0,
) -> Trial:
    """Compare two orders of the same shown lists by what came of those who were asked.

    Whom a founder asks depends on the order in which he read; it is taken as given. Looked at
    is whether those with whom it went well stand higher than those with whom it did not: the
    place of all who were asked is a control variate. Where outcomes have nothing to do with the
    order, neither side is preferred, however founders choose. The interval is a percentile
    bootstrap over needs, both orders on the same needs (Efron, Tibshirani 1993, ch. 13).

    Args:
        candidate: what is to be proven; only rows of its method are looked at.
        present: what is live; None for the base score alone.
        rows: shown for needs of which the candidate has learned nothing.
        confidence: 0.99 and not less, because trials are repeated from month to month.
        least_needs: with fewer needs nothing is proven.
        random_state: the seed of the resampling.
    """
    current = [row for row in rows if method_of(row.matcher_version) == candidate.method]
    examples = Examples.of(current, SILENT_REASONS)
    sums = np.zeros((examples.n_needs, 6))
    counted: list[NDArray[Any]] = [examples.asked, examples.successes]
    for version in (present, candidate):
        places = _places(examples, version)
        counted += [places * examples.asked, places * examples.successes]
    np.add.at(sums, examples.needs, np.column_stack(counted))
    before, after = _leads(sums.sum(axis=0)).tolist()
    tail = 50.0 * (1.0 - confidence)
    low, high = np.percentile(_resampled(sums, random_state), (tail, 100.0 - tail))
    return Trial(
        needs=examples.n_needs,
        successes=int(sums[:, 1].sum()),
        present=before,
        candidate=after,
        low=float(low),
        high=float(high),
        confidence=confidence,
        least_needs=least_needs,
    )


def _places(examples: Examples, version: Adjustment | None) -> Integers:
    scores = examples.bases
    if version is not None:
        scores = scores + version.of_parts(examples.experts, examples.codes, examples.parts)
    return examples.places(scores)


def _leads(sums: Floats) -> Floats:
    """Return for both orders how many places successes stand above all who were asked.

    Args:
        sums: (..., 6): asked, successes, and the sums of their places in either order.
    """
    asked, successes = (np.maximum(sums[..., column], 1.0) for column in (0, 1))
    leads = sums[..., [2, 4]] / asked[..., None] - sums[..., [3, 5]] / successes[..., None]
    # Without a success nothing leads.
    return np.asarray(np.where(sums[..., 1:2] > 0.0, leads, 0.0))


def _resampled(sums: Floats, random_state: int) -> Floats:
    """Return the difference of the two orders over resampled needs, as (n_resamples,)."""
    n = len(sums)
    if not n:
        return np.zeros(_RESAMPLES)
    drawn = np.random.default_rng(random_state).integers(n, size=(_RESAMPLES, n))
    rows = np.arange(_RESAMPLES)[:, None] * n
    times = np.bincount((drawn + rows).ravel(), minlength=_RESAMPLES * n).reshape(-1, n)
    before, after = _leads(times @ sums).T
    return np.asarray(after - before)
