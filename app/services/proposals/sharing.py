"""Needs shared out over experts: the one place that calls the assignment of the library."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.batch import LEAST_FIT, Objective, Terms
from matching import Assignment, Even, assign

SCALE = 1_000_000
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is to be shared out; needs are rows, experts are columns.

    Attributes:
        scores: fit of each pair in millionths.
        days: in how many days each pair could meet first, -1 for never.
        is_barred: where a rule keeps the pair apart.
        loads: what stands in each expert's month already.
        rooms: the most each expert takes in the month.
        horizon: over how many days the meetings spread.
    """

    scores: NDArray[np.int64]
    days: NDArray[np.int64]
    is_barred: NDArray[np.bool_]
    loads: NDArray[np.int64]
    rooms: NDArray[np.int64]
    horizon: int

    @property
    def fits(self) -> NDArray[np.float64]:
        """Return the scores as the matcher gave them."""
        return self.scores / SCALE


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Who was shared out to whom, and how good that is.

    Attributes:
        experts: the expert of each need that got one.
        value: what was favoured, added up over all pairs; `bound` is the most it could be.
        loads: each expert's month with his pairs in it.
        tight: experts at their limits, the most wanted first.
        more: the fewest further places by which every need that can be met would be.
        out_of_reach: needs that no further place would help.
    """

    experts: Mapping[int, int]
    value: float
    bound: float
    loads: tuple[int, ...]
    tight: tuple[int, ...]
    more: Mapping[int, int]
    out_of_reach: tuple[int, ...]


def share(
    table: Table, terms: Terms, fixed: Collection[Pair] = (), forbidden: Collection[Pair] = ()
) -> Shared:
    """Share the experts out under the terms; the same input gives the same answer.

    Args:
        table: who fits whom.
        terms: what is favoured, and the most that one expert carries.
        fixed: pairs to keep, whatever they score.
        forbidden: pairs to keep apart besides those that rules bar.
    """
    kept = sorted(set(fixed))
    free = np.maximum(_rooms(table, terms) - table.loads, 0)
    for expert, count in _counts(kept).items():
        free[expert] = max(int(free[expert]), count)
    apart = table.is_barred | (table.fits < LEAST_FIT)
    for pair in forbidden:
        apart[pair] = True
    for pair in kept:
        apart[pair] = False
    is_even = terms.objective is Objective.EVEN
    found = assign(
        _values(table, terms),
        demand=1,
        capacity=free,
        forbidden=apart,
        fixed=kept,
        objective=Even(terms.evenness) if is_even else terms.objective.value,
    )
    return _shared(table, found)


def free_places(table: Table, terms: Terms, experts: Mapping[int, int]) -> NDArray[np.int64]:
    """Return how many more needs each expert could take beside those he has."""
    left = _rooms(table, terms) - table.loads - _taken(table, experts)
    return np.asarray(np.maximum(left, 0))


def ranked(table: Table, need: int) -> Sequence[int]:
    """Return the experts whom no rule keeps from the need, the best first."""
    fits = table.scores[need]
    order = np.argsort(-fits, kind="stable")
    is_open = ~table.is_barred[need] & (table.fits[need] >= LEAST_FIT)
    return [int(expert) for expert in order if is_open[expert]]


def _values(table: Table, terms: Terms) -> NDArray[np.float64]:
    if not terms.soon:
        return table.fits
    # Both between 0 and 1: the best fit of the table is 1, meeting today is 1, at the end 0.
    best = max(float(table.fits.max(initial=0.0)), LEAST_FIT)
    days = np.where(table.days < 0, table.horizon, table.days)
    soon = 1 - np.minimum(days, table.horizon) / max(table.horizon, 1)
    weights = terms.fit + terms.soon
    return np.asarray((terms.fit * table.fits / best + terms.soon * soon) / weights)


def _rooms(table: Table, terms: Terms) -> NDArray[np.int64]:
    return table.rooms if terms.cap is None else np.minimum(table.rooms, terms.cap)


def _counts(pairs: Collection[Pair]) -> Mapping[int, int]:
    experts, counts = np.unique([expert for _, expert in pairs], return_counts=True)
    return {int(expert): int(count) for expert, count in zip(experts, counts, strict=True)}


def _taken(table: Table, experts: Mapping[int, int]) -> NDArray[np.int64]:
    chosen = np.fromiter(experts.values(), dtype=np.int64, count=len(experts))
    return np.bincount(chosen, minlength=len(table.loads))


def _shared(table: Table, found: Assignment) -> Shared:
    explained = found.explanation
    relaxed = explained.relaxation
    experts = dict(found.pairs)
    return Shared(
        experts=experts,
        value=found.total,
        bound=explained.bound,
        loads=tuple(int(load) for load in table.loads + _taken(table, experts)),
        tight=tuple(each.expert for each in explained.tight),
        more=dict(relaxed.more_places) if relaxed else {},
        out_of_reach=tuple(sorted(relaxed.out_of_reach)) if relaxed else (),
    )
