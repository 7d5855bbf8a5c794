"""Solve a sharing-out as a flow of least cost, and prove that nothing was left out.

Needs send their places to experts or leave them empty at a price; experts pass them on up
to their limits. The flow is solved by cost scaling (Goldberg 1997, as in OR-Tools) on the
pairs that are likely to matter. Prices of the solution then show whether any pair left
out would pay (Ahuja, Magnanti, Orlin, "Network Flows", 9.3); such pairs are added and the
flow is solved again, so that the answer is the optimum of the whole table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.assign.problem import Problem
from matching.assign.types import Booleans, Floats, Integers

_BEST_PER_NEED = 150
_BEST_PER_PLACE = 5
# Cost scaling multiplies costs by the number of nodes; the product must fit 64 bits.
_LARGEST_COST = 2**60
_FINEST = 10**9
_ROWS_AT_ONCE = 1_000
_NEVER = np.iinfo(np.int64).max // 4

# Sources, capacities, costs.
_Arcs = tuple[Integers, Integers, Integers]


@dataclass(frozen=True)
class Prices:
    """Hold costs as whole numbers: scores, empty places, loads.

    `empty` is the price of the first, second, … missing place of a need; it rises, and
    leaving a need with nothing costs most, so that nobody goes without where it can be
    avoided. Each further need of an expert costs `load_step` more than the one before, a
    place beyond his limit costs `extra`, and a least load is rewarded. All but the step
    outweigh all scores together.
    """

    scale: int
    empty: Integers
    nothing: int
    load_step: int
    extra: int
    reward: int

    @classmethod
    def of(cls, problem: Problem, load_step: float = 0.0) -> "Prices":
        """Scale the scores as finely as the range of whole numbers allows."""
        places = int(problem.demand.sum())
        steps = int((problem.capacity + problem.fixed_loads).max(initial=0)) + 1
        largest = max(float(problem.scores.max(initial=0)), -float(problem.scores.min(initial=0)))
        swing = 2.0 * (places + 1) * ((largest or 1.0) + steps * load_step)
        # An empty place costs three further ones, so that none stays empty to save one.
        deepest = 3 * (int(problem.demand.max(initial=0)) + 2)
        room = _LARGEST_COST / (sum(problem.scores.shape) + 2)
        scale = min(_FINEST, int(room / (swing * deepest)))
        if scale < 1:
            raise ValueError("the problem is too large for exact arithmetic")
        outweigh = int(swing * scale) + 1
        return cls(
            scale,
            outweigh * np.arange(3, deepest, 3),
            outweigh * (deepest - 3),
            round(load_step * scale),
            outweigh,
            outweigh * deepest,
        )

    def whole(self, scores: Floats) -> Integers:
        """Return scores as whole numbers."""
        return np.rint(scores * self.scale).astype(np.int64)


@dataclass(frozen=True)
class Flow:
    """Hold an optimal flow: the pairs, and what one more place of each expert would gain."""

    is_paired: Booleans
    gains: Integers


def solve(problem: Problem, prices: Prices) -> Flow:
    """Return the flow of least cost over all allowed pairs."""
    arcs = _likely_pairs(problem)
    while True:
        is_paired = _solve(problem, prices, arcs)
        need_side, expert_side = _potentials(problem, prices, arcs, is_paired)
        if not _add_paying(problem, prices, arcs, (need_side, expert_side)):
            return Flow(is_paired, -expert_side)


def _likely_pairs(problem: Problem) -> Booleans:
    """Choose each need's best experts and each expert's best needs."""
    n_needs, n_experts = problem.scores.shape
    chosen = np.zeros(problem.scores.shape, dtype=np.bool_)
    width = max(_BEST_PER_NEED, int(problem.demand.max(initial=0)))
    if width >= n_experts:
        return problem.allowed.copy()
    for rows in _chunks(n_needs):
        dislike = np.where(problem.allowed[rows], -problem.scores[rows], np.inf)
        best = np.argpartition(dislike, width, axis=1)[:, :width]
        np.put_along_axis(chosen[rows], best, True, axis=1)
    for expert in np.flatnonzero(problem.limit):
        depth = min(n_needs, _BEST_PER_PLACE * int(problem.limit[expert]))
        dislike = np.where(problem.allowed[:, expert], -problem.scores[:, expert], np.inf)
        chosen[np.argpartition(dislike, depth - 1)[:depth], expert] = True
    chosen &= problem.allowed
    return chosen


def _chunks(count: int) -> Iterator[slice]:
    return (slice(at, at + _ROWS_AT_ONCE) for at in range(0, count, _ROWS_AT_ONCE))


def _solve(problem: Problem, prices: Prices, arcs: Booleans) -> Booleans:
    n_needs, n_experts = arcs.shape
    sink = n_needs + n_experts
    solver = SimpleMinCostFlow()
    needs, experts = np.nonzero(arcs)
    pairs = solver.add_arcs_with_capacity_and_unit_cost(
        needs, n_needs + experts, np.ones_like(needs), -prices.whole(problem.scores[needs, experts])
    )
    for arcs_to_sink in (_empty_arcs(problem, prices), _load_arcs(problem, prices)):
        sources, capacities, costs = arcs_to_sink
        sinks = np.full_like(sources, sink)
        solver.add_arcs_with_capacity_and_unit_cost(sources, sinks, capacities, costs)
    solver.set_nodes_supplies(np.arange(n_needs), problem.demand)
    solver.set_node_supply(sink, -int(problem.demand.sum()))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow ended with {status}")
    is_paired = np.zeros(arcs.shape, dtype=np.bool_)
    is_used = solver.flows(pairs) > 0
    is_paired[needs[is_used], experts[is_used]] = True
    return is_paired


def _empty_arcs(problem: Problem, prices: Prices) -> _Arcs:
    needs = np.repeat(np.arange(len(problem.demand)), problem.demand)
    costs = _empty_cost(problem, prices, needs, _ranks(problem.demand))
    return needs, np.ones_like(needs), costs


def _empty_cost(problem: Problem, prices: Prices, needs: Integers, rank: Integers) -> Integers:
    """Return the price of the missing place of that rank (from 0) of each need."""
    is_last = rank == problem.demand[needs] - 1
    has_none = problem.fixed_sizes[needs] == 0
    return np.where(is_last & has_none, prices.nothing, prices.empty[rank])


def _load_arcs(problem: Problem, prices: Prices) -> _Arcs:
    """Return for each expert arcs of equal cost: single places where the loads are priced."""
    sizes = [problem.minimum, problem.capacity - problem.minimum, problem.extra]
    starts = [np.zeros_like(problem.capacity), problem.minimum, problem.capacity]
    experts = np.tile(np.arange(len(problem.capacity)), len(sizes))
    rank, size = np.concatenate(starts), np.concatenate(sizes)
    if prices.load_step:
        experts, rank = np.repeat(experts, size), np.repeat(rank, size) + _ranks(size)
        size = np.ones_like(rank)
    is_open = size > 0
    experts, rank, size = experts[is_open], rank[is_open], size[is_open]
    costs = _load_cost(problem, prices, experts, rank)
    return len(problem.demand) + experts, size, costs


def _load_cost(problem: Problem, prices: Prices, experts: Integers, rank: Integers) -> Integers:
    """Return the price of the need of that rank (from 0) of each expert."""
    reward = np.where(rank < problem.minimum[experts], prices.reward, 0)
    extra = np.where(rank >= problem.capacity[experts], prices.extra, 0)
    return prices.load_step * (rank + problem.fixed_loads[experts]) - reward + extra


def _ranks(counts: Integers) -> Integers:
    """Return 0 … c-1 for each count c, one after the other."""
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return np.arange(int(counts.sum())) - starts


def _potentials(
    problem: Problem, prices: Prices, arcs: Booleans, is_paired: Booleans
) -> tuple[Integers, Integers]:
    """Return shortest distances from the sink in the residual graph, needs and experts.

    Bellman-Ford, all arcs of a side at once; an optimal flow has no negative cycle, so
    that it ends.
    """
    need_start, expert_start = _from_sink(problem, prices, is_paired)
    needs, experts = np.nonzero(is_paired)
    worth = prices.whole(problem.scores[needs, experts])
    free_experts, free_needs = np.nonzero((arcs & ~is_paired).T)
    offered = prices.whole(problem.scores[free_needs, free_experts])
    expert_side = expert_start
    while True:
        need_side = need_start.copy()
        np.minimum.at(need_side, needs, expert_side[experts] + worth)
        reached = _least_by(free_experts, need_side[free_needs] - offered, len(expert_start))
        fresh = np.minimum(expert_start, reached)
        if (fresh == expert_side).all():
            break
        expert_side = fresh
    # An expert whom nobody took may have any price down to that of his first place.
    idle = np.flatnonzero((problem.limit > 0) & ~is_paired.any(axis=0))
    expert_side[idle] = -_load_cost(problem, prices, idle, np.zeros_like(idle))
    return need_side, expert_side


def _from_sink(problem: Problem, prices: Prices, is_paired: Booleans) -> tuple[Integers, Integers]:
    missing = problem.demand - is_paired.sum(axis=1)
    needs = np.flatnonzero(missing)
    need_start = np.full(len(missing), _NEVER)
    need_start[needs] = -_empty_cost(problem, prices, needs, missing[needs] - 1)
    loads = is_paired.sum(axis=0)
    experts = np.flatnonzero(loads)
    expert_start = np.full(len(loads), _NEVER)
    expert_start[experts] = -_load_cost(problem, prices, experts, loads[experts] - 1)
    return need_start, expert_start


def _least_by(groups: Integers, values: Integers, count: int) -> Integers:
    """Return the least value of each group, groups being sorted."""
    least = np.full(count, _NEVER)
    present, starts = np.unique(groups, return_index=True)
    if present.size:
        least[present] = np.minimum.reduceat(values, starts)
    return least


def _add_paying(
    problem: Problem, prices: Prices, arcs: Booleans, potentials: tuple[Integers, Integers]
) -> bool:
    """Add the allowed pairs that were left out and would lower the cost; tell whether any."""
    need_side, expert_side = potentials
    is_open = problem.demand > 0
    has_place = problem.limit > 0
    is_any = False
    for rows in _chunks(len(need_side)):
        left_out = problem.allowed[rows] & ~arcs[rows] & is_open[rows, None] & has_place
        offers = need_side[rows, None] - prices.whole(problem.scores[rows])
        paying = left_out & (offers < expert_side)
        arcs[rows] |= paying
        is_any = is_any or bool(paying.any())
    return is_any
