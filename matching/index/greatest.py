"""Find the greatest of many values."""

import numpy as np
from numpy.typing import NDArray


def greatest(values: NDArray[np.floating], count: int) -> NDArray[np.int64]:
    """Return the places of the `count` greatest values, the greatest first.

    Of equal values the first stand first. Linear in the values.
    """
    if count < 1:
        return np.zeros(0, dtype=np.int64)
    if count >= len(values):
        return np.argsort(-values, kind="stable")
    bound = np.partition(values, -count)[-count]
    reached = np.flatnonzero(values >= bound)
    return np.asarray(reached[np.argsort(-values[reached], kind="stable")][:count])
