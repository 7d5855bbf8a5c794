"""Check and hold what is to be shared out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from matching.assign.types import Booleans, Floats, Integers, Pair


@dataclass(frozen=True)
class Problem:
    """Hold scores, what is still to be filled beside the fixed pairs, and who may be paired.

    `demand` counts the open places of each need, `capacity` and `minimum` the further
    needs that each expert may and should take, `extra` those that he may take beyond his
    limit, at a price. `fixed_sizes` and `fixed_loads` count the fixed pairs of each side.
    """

    scores: Floats
    allowed: Booleans
    demand: Integers
    capacity: Integers
    minimum: Integers
    extra: Integers
    fixed: tuple[Pair, ...]
    fixed_sizes: Integers
    fixed_loads: Integers

    @property
    def limit(self) -> Integers:
        """How many further needs each expert can take at the most, extra places included."""
        return self.capacity + self.extra

    @classmethod
    def of(
        cls,
        scores: ArrayLike,
        counts: dict[str, ArrayLike],
        forbidden: ArrayLike | Iterable[Pair],
        fixed: Iterable[Pair],
    ) -> "Problem":
        """Check shapes and bounds, and take the fixed pairs out.

        Raises:
            ValueError: a shape or number is wrong, or fixed pairs break what they must keep.
        """
        table = np.asarray(scores, dtype=np.float64)
        if table.ndim != 2:
            raise ValueError(f"scores have {table.ndim} dimensions, expected needs x experts")
        if not np.isfinite(table).all():
            raise ValueError("a score is no finite number")
        lengths = {"demand": 0, "capacity": 1, "minimum": 1}
        demand, capacity, minimum = (
            _counts(name, counts[name], table.shape[axis]) for name, axis in lengths.items()
        )
        if (minimum > capacity).any():
            raise ValueError("an expert's least load is above the greatest")
        allowed = ~_mask(forbidden, table.shape)
        kept = _fixed(fixed, allowed)
        taken = np.zeros(table.shape, dtype=np.bool_)
        taken[tuple(np.array(kept, dtype=np.int64).reshape(-1, 2).T)] = True
        sizes, loads = taken.sum(axis=1), taken.sum(axis=0)
        _ensure_room("need", sizes, demand)
        _ensure_room("expert", loads, capacity)
        return cls(
            scores=table,
            allowed=allowed & ~taken,
            demand=demand - sizes,
            capacity=np.minimum(capacity - loads, len(table)),
            minimum=np.minimum(np.maximum(minimum - loads, 0), len(table)),
            extra=np.zeros_like(capacity),
            fixed=kept,
            fixed_sizes=sizes,
            fixed_loads=loads,
        )


def _ensure_room(side: str, used: Integers, given: Integers) -> None:
    over = np.flatnonzero(used > given)
    if over.size:
        raise ValueError(f"fixed pairs give {side} {over[0]} more than its places")


def _counts(name: str, given: ArrayLike, length: int) -> Integers:
    values = np.asarray(given)
    if values.ndim == 0:
        values = np.full(length, values)
    if values.shape != (length,):
        raise ValueError(f"{name} has the shape {values.shape}, expected ({length},)")
    whole = values.astype(np.int64)
    if (whole != values).any() or (whole < 0).any():
        raise ValueError(f"{name} holds what is no count")
    return whole


def _mask(forbidden: ArrayLike | Iterable[Pair], shape: tuple[int, ...]) -> Booleans:
    given: Any = forbidden if isinstance(forbidden, np.ndarray) else list(forbidden)  # type: ignore[arg-type]  # an array-like is iterable
    if isinstance(given, np.ndarray) and given.dtype == np.bool_:
        if given.shape != shape:
            raise ValueError(f"forbidden has the shape {given.shape}, expected {shape}")
        return given.copy()
    mask = np.zeros(shape, dtype=np.bool_)
    for need, expert in given:
        _ensure_inside((int(need), int(expert)), shape)
        mask[int(need), int(expert)] = True
    return mask


def _fixed(fixed: Iterable[Pair], allowed: Booleans) -> tuple[Pair, ...]:
    pairs = sorted({(int(need), int(expert)) for need, expert in fixed})
    for pair in pairs:
        _ensure_inside(pair, allowed.shape)
        if not allowed[pair]:
            raise ValueError(f"the pair {pair} is both fixed and forbidden")
    return tuple(pairs)


def _ensure_inside(pair: Sequence[int], shape: tuple[int, ...]) -> None:
    if not (0 <= pair[0] < shape[0] and 0 <= pair[1] < shape[1]):
        raise ValueError(f"the pair {tuple(pair)} is outside the table {shape}")
