"""Keep encoded rows in the form that is quickest to search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.index.packing import matrix_arrays, matrix_of

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Hold rows that are own + shares @ background, and in further columns unit x dense.

    `own` is (n_rows, n_features), `shares` (n_rows, n_background), `dense` (n_rows, n_further).
    """

    own: sparse.csr_array
    shares: sparse.csr_array
    dense: Singles
    unit: float

    def __len__(self) -> int:
        return int(self.own.shape[0])

    def take(self, places: Sequence[int] | Integers) -> Self:
        """Return some of the rows, in the order given."""
        at = np.asarray(places, dtype=np.int64)
        return type(self)(self.own[at], self.shares[at], self.dense[at], self.unit)

    def join(self, other: Self) -> Self:
        """Return these rows followed by the other ones of the same encoder."""
        return type(self)(
            sparse.vstack([self.own, other.own], format="csr"),
            sparse.vstack([self.shares, other.shares], format="csr"),
            np.vstack([self.dense, other.dense]),
            self.unit,
        )

    def to_arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the rows as plain arrays under a name."""
        return {
            **matrix_arrays(f"{name}.own", self.own),
            **matrix_arrays(f"{name}.shares", self.shares),
            f"{name}.dense": self.dense,
            f"{name}.unit": np.array([self.unit]),
        }

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the rows that `to_arrays` gave."""
        return cls(
            matrix_of(f"{name}.own", arrays),
            matrix_of(f"{name}.shares", arrays),
            arrays[f"{name}.dense"],
            float(arrays[f"{name}.unit"][0]),
        )


def dense_products(rows: Singles, queries: Singles) -> Singles:
    """Multiply dense rows with queries, as (n_rows, n_queries).

    One pass over the rows, O(rows x columns); with whole numbers whose products add up to
    less than 2^24 the sums are exact, in whatever order the processor adds.
    """
    if len(queries) == 1:
        return np.asarray((rows @ queries[0])[:, None])
    return np.asarray(rows @ queries.T)
