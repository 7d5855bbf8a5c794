"""Kept inputs as the table that is shared out, and what a sharing comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from app.domain.batch import Candidate, Measures, Planned, Terms, measured
from app.queries.batches.inputs import Inputs, placed
from app.services.proposals.sharing import (
    SCALE,
    Pair,
    Shared,
    Table,
    free_places,
    ranked,
    share,
)

MOST_ALTERNATES = 4


@dataclass(frozen=True, slots=True)
class Settled:
    """Pairs of (need, expert) that officers set, and those they put asunder, as they are kept."""

    fixed: Sequence[Sequence[str]]
    forbidden: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Sharing:
    """What is to be shared out, under which terms, with what officers have settled.

    Attributes:
        inputs: what was kept of the comparison.
        terms: what is favoured.
        fixed: pairs that an officer set, as rows and columns.
        forbidden: pairs that an officer put asunder.
    """

    inputs: Inputs
    terms: Terms
    fixed: tuple[Pair, ...]
    forbidden: tuple[Pair, ...]

    @classmethod
    def of(cls, inputs: Inputs, terms: Terms, settled: Settled) -> "Sharing":
        """Return the sharing of kept inputs under some terms."""
        fixed, forbidden = placed(inputs, settled.fixed), placed(inputs, settled.forbidden)
        return cls(inputs, terms, tuple(fixed), tuple(forbidden))

    @cached_property
    def table(self) -> Table:
        """The inputs as arrays."""
        needs, experts = self.inputs.needs, self.inputs.experts
        shape = (len(needs), len(experts))
        days = [[-1 if day is None else day for day in need.days] for need in needs]
        barred = [[bar is not None for bar in need.bars] for need in needs]
        table = np.array(days, dtype=np.int64).reshape(shape)
        return Table(
            scores=np.array([need.scores for need in needs], dtype=np.int64).reshape(shape),
            days=table,
            is_barred=np.array(barred, dtype=np.bool_).reshape(shape),
            loads=np.array([expert.load for expert in experts], dtype=np.int64),
            rooms=np.array([expert.room for expert in experts], dtype=np.int64),
            horizon=int(table.max(initial=0)) + 1,
        )

    def solved(self) -> Shared:
        """Return who gets whom."""
        return share(self.table, self.terms, self.fixed, self.forbidden)

    def alternates(self, experts: Mapping[int, int]) -> Mapping[int, Sequence[int]]:
        """Return for each need that got somebody the next best who still have a place."""
        free = free_places(self.table, self.terms, experts)
        found = {}
        for need, own in experts.items():
            open_ones = (each for each in self.ranked(need) if each != own and free[each] > 0)
            found[need] = list(islice(open_ones, MOST_ALTERNATES))
        return found

    def ranked(self, need: int) -> list[int]:
        """Return the experts who may be had for a need, the best first."""
        apart = {expert for row, expert in self.forbidden if row == need}
        return [expert for expert in ranked(self.table, need) if expert not in apart]

    def candidates(self, need: int) -> list[Candidate]:
        """Return everybody as the need sees him."""
        row = self.inputs.needs[need]
        seen = zip(row.scores, row.bars, strict=True)
        return [
            Candidate(expert, score / SCALE, bar[0] if bar else None)
            for expert, (score, bar) in enumerate(seen)
        ]

    def planned(self, need: int, expert: int) -> Planned:
        """Return what a pair adds to the measures."""
        row = self.inputs.needs[need]
        days = row.days[expert]
        wait = None if days is None else row.waited + days
        return Planned(row.scores[expert] / SCALE, wait, row.is_first)

    def measures(self, experts: Mapping[int, int], loads: Sequence[int]) -> Measures:
        """Return what a plan comes to."""
        pairs = [self.planned(need, expert) for need, expert in sorted(experts.items())]
        return measured(len(self.inputs.needs), pairs, loads)
