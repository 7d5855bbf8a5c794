"""Assign experts to needs: the public entry."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from matching.assign.flow import Flow, Prices, solve
from matching.assign.problem import Problem
from matching.assign.relaxing import relax
from matching.assign.swaps import lift_worst
from matching.assign.types import (
    Assignment,
    Booleans,
    Even,
    Explanation,
    Goal,
    Integers,
    Loads,
    Pair,
    Relaxation,
    Tight,
)

_GOALS = ("total", "worst_off", "even")


def assign(
    scores: ArrayLike,
    *,
    demand: ArrayLike = 1,
    capacity: ArrayLike | Loads = 1,
    forbidden: ArrayLike | Iterable[Pair] = (),
    fixed: Iterable[Pair] = (),
    objective: Goal | Even = "total",
) -> Assignment:
    """Share experts out over needs, each pair at most once.

    As many places as possible are filled, nobody is left with nothing where that can be
    avoided, least loads are met where they can be; then the objective decides: the
    greatest total of scores; or that lifted for the worst-off need by exchanges; or the
    greatest total after uneven loads are paid for. The same input gives the same answer.
    "total" and "even" are exact optima of the whole table.

    Args:
        scores: array (n_needs, n_experts), finite, comparable over needs.
        demand: experts wanted, one number or one for each need.
        capacity: the most needs, one number or one for each expert; `Loads` for least ones.
        forbidden: pairs (need, expert) to keep apart, or a boolean array like `scores`.
        fixed: pairs to keep as they are.
        objective: "total", "worst_off", "even", or `Even` with a price of its own.

    Raises:
        ValueError: a shape or number is wrong, or the fixed pairs break the limits.
    """
    loads = capacity if isinstance(capacity, Loads) else Loads(capacity)
    counts = {"demand": demand, "capacity": loads.most, "minimum": loads.least}
    problem = Problem.of(scores, counts, forbidden, fixed)
    even = objective if isinstance(objective, Even) else Even()
    goal: Goal = "even" if isinstance(objective, Even) else objective
    if goal not in _GOALS:
        raise ValueError(f"unknown objective {objective!r}")
    prices = Prices.of(problem)
    best = solve(problem, prices)
    is_paired = best.is_paired
    if goal == "even":
        step = even.price * float(np.abs(problem.scores).max(initial=0.0))
        is_paired = solve(problem, Prices.of(problem, step)).is_paired
    elif goal == "worst_off":
        is_paired = lift_worst(problem, is_paired)
    return _assignment(problem, is_paired, _explained(problem, (prices, best), is_paired, goal))


def _assignment(problem: Problem, is_paired: Booleans, explanation: Explanation) -> Assignment:
    whole = _with_fixed(problem, is_paired)
    sums = np.where(whole, problem.scores, 0.0).sum(axis=1)
    is_asking = problem.demand + problem.fixed_sizes > 0
    pairs = tuple((int(need), int(expert)) for need, expert in np.argwhere(whole))
    return Assignment(
        pairs=pairs,
        total=float(sums.sum()),
        worst=float(sums[is_asking].min(initial=np.inf)) if is_asking.any() else 0.0,
        unmet=_positive(problem.demand - is_paired.sum(axis=1)),
        explanation=explanation,
    )


def _explained(
    problem: Problem, best: tuple[Prices, Flow], is_paired: Booleans, objective: Goal
) -> Explanation:
    prices, flow = best
    loads = is_paired.sum(axis=0)
    return Explanation(
        objective=objective,
        bound=float(problem.scores[_with_fixed(problem, flow.is_paired)].sum()),
        loads=tuple(int(load) for load in loads + problem.fixed_loads),
        tight=_tight(problem, prices, flow),
        below_minimum=_positive(problem.minimum - loads),
        relaxation=_relaxation(problem, is_paired),
    )


def _tight(problem: Problem, prices: Prices, flow: Flow) -> tuple[Tight, ...]:
    """Name the experts at their limits of whom more would help, the dearest first."""
    is_full = (flow.is_paired.sum(axis=0) == problem.capacity) & (problem.minimum == 0)
    found = [
        Tight(int(expert), _price(prices, int(flow.gains[expert])))
        for expert in np.flatnonzero(is_full & (flow.gains > 0))
    ]
    return tuple(sorted(found, key=lambda tight: (-tight.price, tight.expert)))


def _price(prices: Prices, gain: int) -> float:
    return float("inf") if gain >= prices.extra else gain / prices.scale


def _relaxation(problem: Problem, is_paired: Booleans) -> Relaxation | None:
    is_short = bool((problem.demand > is_paired.sum(axis=1)).any())
    return relax(problem, is_paired) if is_short else None


def _with_fixed(problem: Problem, is_paired: Booleans) -> Booleans:
    whole = is_paired.copy()
    for pair in problem.fixed:
        whole[pair] = True
    return whole


def _positive(counts: Integers) -> dict[int, int]:
    return {int(at): int(counts[at]) for at in np.flatnonzero(counts > 0)}
