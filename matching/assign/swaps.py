"""Lift the need that fares worst by exchanging experts with others."""

from dataclasses import dataclass

import numpy as np

from matching.assign.problem import Problem
from matching.assign.types import Booleans, Floats, Integers

# The worst-off needs looked at before giving up: those that cannot be helped come first.
_STUCK_AT_MOST = 50
_MOST_SWAPS = 10_000
_LEAST_GAIN = 1e-9


@dataclass
class _State:
    """Hold pairs as rows, and what each need has got so far."""

    problem: Problem
    needs: Integers
    experts: Integers
    sums: Floats
    is_paired: Booleans
    spare: Integers


def lift_worst(problem: Problem, is_paired: Booleans) -> Booleans:
    """Exchange experts as long as the worst-off need gains and no other falls as low.

    A need gives one of its experts for another one who is free, or who is with a need
    that takes the given one instead; of the exchanges that lift it, the one that costs
    the total least. The number of filled places and the loads' limits stay.
    O(pairs) for each exchange.
    """
    needs, experts = np.nonzero(is_paired)
    sums = _fixed_sums(problem) + np.where(is_paired, problem.scores, 0.0).sum(axis=1)
    spare = problem.capacity - is_paired.sum(axis=0)
    state = _State(problem, needs, experts, sums, is_paired.copy(), spare)
    stuck = np.full(len(sums), False)
    for _ in range(_MOST_SWAPS):
        waiting = np.where(stuck | ~state.is_paired.any(axis=1), np.inf, state.sums)
        worst = int(np.argmin(waiting))
        if not np.isfinite(waiting[worst]) or stuck.sum() >= _STUCK_AT_MOST:
            break
        if _lift(state, worst):
            stuck[:] = False
        else:
            stuck[worst] = True
    return state.is_paired


def _fixed_sums(problem: Problem) -> Floats:
    sums = np.zeros(problem.scores.shape[0])
    for need, expert in problem.fixed:
        sums[need] += problem.scores[need, expert]
    return sums


def _lift(state: _State, worst: int) -> bool:
    """Make the cheapest exchange that lifts a need; answer whether there is one."""
    options = [
        option
        for row in np.flatnonzero(state.needs == worst)
        for option in (_free_option(state, int(row)), _swap_option(state, int(row)))
        if option is not None
    ]
    if not options:
        return False
    _cost, row, other, expert = min(options)
    given = int(state.experts[row])
    _move(state, row, expert)
    if other >= 0:
        _move(state, other, given)
    else:
        state.spare[given] += 1
        state.spare[expert] -= 1
    return True


def _free_option(state: _State, row: int) -> tuple[float, int, int, int] | None:
    """Find the best expert with a free place for a need's given one."""
    need, given = int(state.needs[row]), int(state.experts[row])
    may_leave = state.problem.capacity[given] - state.spare[given] > state.problem.minimum[given]
    scores = state.problem.scores[need]
    is_open = _is_open(state, need) & (state.spare > 0) & (scores > scores[given] + _LEAST_GAIN)
    if not may_leave or not is_open.any():
        return None
    best = int(np.argmax(np.where(is_open, scores, -np.inf)))
    return float(scores[given] - scores[best]), row, -1, best


def _swap_option(state: _State, row: int) -> tuple[float, int, int, int] | None:
    """Find the other pair with which an exchange costs least and leaves both better off."""
    need, given = int(state.needs[row]), int(state.experts[row])
    scores, others, theirs = state.problem.scores, state.needs, state.experts
    gain = scores[need, theirs] - scores[need, given]
    loss = scores[others, theirs] - scores[others, given]
    may = (
        _is_open(state, need)[theirs]
        & state.problem.allowed[others, given]
        & ~state.is_paired[others, given]
        & (gain > _LEAST_GAIN)
        & (state.sums[others] - loss > state.sums[need] + _LEAST_GAIN)
    )
    if not may.any():
        return None
    cost = np.where(may, loss - gain, np.inf)
    other = int(np.argmin(cost))
    return float(cost[other]), row, other, int(theirs[other])


def _is_open(state: _State, need: int) -> Booleans:
    return np.asarray(state.problem.allowed[need] & ~state.is_paired[need])


def _move(state: _State, row: int, expert: int) -> None:
    need, former = int(state.needs[row]), int(state.experts[row])
    scores = state.problem.scores[need]
    state.is_paired[need, former] = False
    state.is_paired[need, expert] = True
    state.experts[row] = expert
    state.sums[need] += scores[expert] - scores[former]
