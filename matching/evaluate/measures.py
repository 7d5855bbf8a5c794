"""Measure one ranking against graded judgements."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Grades = Mapping[str, int]
Facets = Sequence[frozenset[str]]

# An expert of this grade is clearly helpful; measures of hit or miss begin here.
HELPFUL = 2
_DEPTH = 10
_RESAMPLES = 2_000
_INTERVAL = (2.5, 97.5)


def ndcg10(ranking: Sequence[str], grades: Grades) -> float:
    """Return nDCG at 10 with gain 2^grade - 1 (Järvelin, Kekäläinen 2002; Burges 2005)."""
    ideal = sorted(grades.values(), reverse=True)[:_DEPTH]
    found = [grades.get(expert_id, 0) for expert_id in ranking[:_DEPTH]]
    return _discounted(found) / _discounted(ideal) if any(ideal) else 0.0


def mrr(ranking: Sequence[str], grades: Grades) -> float:
    """Return one over the rank of the first helpful expert, 0 without one."""
    ranks = (rank for rank, each in enumerate(ranking, start=1) if grades.get(each, 0) >= HELPFUL)
    return 1.0 / next(ranks, np.inf)


def p1(ranking: Sequence[str], grades: Grades) -> float:
    """Return 1 when the first expert is helpful, else 0."""
    return _is_hit(ranking[:1], grades)


def hit3(ranking: Sequence[str], grades: Grades) -> float:
    """Return 1 when one of the first three experts is helpful, else 0."""
    return _is_hit(ranking[:3], grades)


def recall10(ranking: Sequence[str], grades: Grades) -> float:
    """Return the share of the helpful experts among the first ten."""
    helpful = {expert_id for expert_id, grade in grades.items() if grade >= HELPFUL}
    return len(helpful & set(ranking[:_DEPTH])) / len(helpful) if helpful else 0.0


def facet_coverage3(ranking: Sequence[str], facets: Facets) -> float:
    """Return the share of the facets that the first three experts cover."""
    covered = sum(bool(experts & set(ranking[:3])) for experts in facets)
    return covered / len(facets)


def mean_grade3(ranking: Sequence[str], grades: Grades) -> float:
    """Return the mean grade of the first three experts."""
    return sum(grades.get(expert_id, 0) for expert_id in ranking[:3]) / 3


MEASURES: Mapping[str, Callable[[Sequence[str], Grades], float]] = {
    "ndcg10": ndcg10,
    "mrr": mrr,
    "p1": p1,
    "hit3": hit3,
    "recall10": recall10,
}


def interval(values: Sequence[float], seed: int) -> list[float] | None:
    """Return the 95 % percentile bootstrap interval of a mean; None without values."""
    if not values:
        return None
    drawn = np.random.default_rng(seed).integers(len(values), size=(_RESAMPLES, len(values)))
    means: NDArray[np.float64] = np.asarray(values, dtype=np.float64)[drawn].mean(axis=1)
    return [float(bound) for bound in np.percentile(means, _INTERVAL)]


def _discounted(grades: Iterable[int]) -> float:
    return float(sum((2**grade - 1) / np.log2(at + 2) for at, grade in enumerate(grades)))


def _is_hit(ranking: Sequence[str], grades: Grades) -> float:
    return float(any(grades.get(expert_id, 0) >= HELPFUL for expert_id in ranking))
