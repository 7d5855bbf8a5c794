"""Find the smallest change of limits under which every need would be met."""

from dataclasses import replace

import numpy as np

from matching.assign.flow import Prices, solve
from matching.assign.problem import Problem
from matching.assign.types import Booleans, Relaxation


def relax(problem: Problem, is_paired: Booleans) -> Relaxation:
    """Return the fewest further places of experts that fill all places open by rule.

    Pairs may be made anew. Among equally few places those are chosen that keep the
    scores high.
    """
    missing = problem.demand - is_paired.sum(axis=1)
    widened = replace(problem, extra=np.full_like(problem.capacity, missing.sum()))
    paired = solve(widened, Prices.of(widened)).is_paired
    more = paired.sum(axis=0) - problem.capacity
    left = problem.demand - paired.sum(axis=1)
    return Relaxation(
        {int(expert): int(more[expert]) for expert in np.flatnonzero(more > 0)},
        {int(need): int(left[need]) for need in np.flatnonzero(left)},
    )
