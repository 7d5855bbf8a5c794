"""Values that go into an assignment and come out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Goal = Literal["total", "worst_off", "even"]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Pair = tuple[int, int]


class Loads(NamedTuple):
    """Bound the needs of experts, one number or one for each; fixed pairs are counted in."""

    most: ArrayLike
    least: ArrayLike = 0


class Even(NamedTuple):
    """Favour even loads: each further need of an expert costs `price` more than the last.

    The price is a share of the greatest score.
    """

    price: float = 0.1


class Tight(NamedTuple):
    """Name an expert whose limit binds; `price` is the score that one more place would add.

    Where places stay empty for want of him, the price is infinite.
    """

    expert: int
    price: float


class Relaxation(NamedTuple):
    """Name the fewest places to add so that every need is met that rules leave open.

    `more_places` says how many for which expert; `out_of_reach` says which needs would
    still lack how many places, because rules keep everybody else from them.
    """

    more_places: Mapping[int, int]
    out_of_reach: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Tell how an assignment came about and how good it is.

    `bound` is the greatest total of any assignment that fills as many places (proven by
    prices for which no pair left out would pay); `loads` counts needs per expert, fixed
    ones included; `below_minimum` says which experts lack how many of their least load.
    """

    objective: Goal
    bound: float
    loads: tuple[int, ...]
    tight: tuple[Tight, ...]
    below_minimum: Mapping[int, int]
    relaxation: Relaxation | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Hold who advises whom: `pairs` of (need, expert) by their places in the score table.

    `total` adds up the scores of all pairs, `worst` is the smallest sum that any need
    got, `unmet` says which needs lack how many places.
    """

    pairs: tuple[Pair, ...]
    total: float
    worst: float
    unmet: Mapping[int, int]
    explanation: Explanation
