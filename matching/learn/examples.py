"""Logged rows as arrays."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.index import Floats, Integers
from matching.learn.log import LEARNED, Fate, Shown, has_accepted, is_success, is_well_rated

Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Examples:
    """Hold the rows of which it is known whether they succeeded, need by need.

    Row i belongs to need `needs[i]`, a number below `n_needs`; `accepted` and `well_rated` are
    1, 0, or nan where it is not known.
    """

    codes: tuple[str, ...]
    parts: Floats
    needs: Integers
    n_needs: int
    experts: tuple[str, ...]
    positions: Floats
    propensities: Floats
    asked: Booleans
    successes: Booleans
    accepted: Floats
    well_rated: Floats

    @classmethod
    def of(cls, rows: Sequence[Shown], silent: Collection[str]) -> "Examples":
        """Take the needs in which somebody was asked and it is known what came of it.

        A need in which nobody of the list was asked says nothing about whom to prefer.
        """
        known = [row for row in rows if is_success(row.fate, silent) is not None]
        needs = sorted({row.need_id for row in known if row.fate.is_asked})
        number = {need_id: place for place, need_id in enumerate(needs)}
        kept = [row for row in known if row.need_id in number]
        kept.sort(key=lambda row: (row.need_id, row.position, row.expert_id))
        codes = part_codes(kept)
        return cls(
            codes=codes,
            parts=_parts(kept, codes),
            needs=np.array([number[row.need_id] for row in kept], dtype=np.int64),
            n_needs=len(needs),
            experts=tuple(row.expert_id for row in kept),
            positions=np.array([row.position for row in kept], dtype=np.float64),
            propensities=np.array([row.propensity for row in kept], dtype=np.float64),
            asked=np.array([row.fate.is_asked for row in kept], dtype=np.bool_),
            successes=np.array([is_success(row.fate, silent) for row in kept], dtype=np.bool_),
            accepted=_known(kept, lambda fate: has_accepted(fate, silent)),
            well_rated=_known(kept, is_well_rated),
        )

    @property
    def bases(self) -> Floats:
        """The base scores: the sums of the parts."""
        return np.asarray(self.parts.sum(axis=1))

    def within_needs(self, columns: Floats) -> Floats:
        """Return columns as differences from their means over the rows of each need."""
        sums = np.zeros((self.n_needs, columns.shape[1]))
        np.add.at(sums, self.needs, columns)
        sizes = np.bincount(self.needs, minlength=self.n_needs)
        return np.asarray(columns - (sums / sizes[:, None])[self.needs])

    def places(self, scores: Floats) -> Integers:
        """Return where each row stands in its need by score, from 1; ties by former position."""
        order = np.lexsort((self.positions, -scores, self.needs))
        starts = np.searchsorted(self.needs[order], np.arange(self.n_needs))
        places = np.empty(len(scores), dtype=np.int64)
        places[order] = np.arange(len(scores)) - starts[self.needs[order]] + 1
        return places


def part_codes(rows: Sequence[Shown]) -> tuple[str, ...]:
    """Return the codes of the base parts that occur, sorted."""
    return tuple(sorted({part.code for row in rows for part in row.parts} - {LEARNED}))


def _parts(rows: Sequence[Shown], codes: Sequence[str]) -> Floats:
    values = [{part.code: part.value for part in row.parts} for row in rows]
    found = [[each.get(code, 0.0) for code in codes] for each in values]
    return np.array(found, dtype=np.float64).reshape(len(rows), len(codes))


def _known(rows: Sequence[Shown], ask: Callable[[Fate], bool | None]) -> Floats:
    answers = (ask(row.fate) for row in rows)
    return np.array([np.nan if each is None else each for each in answers], dtype=np.float64)
