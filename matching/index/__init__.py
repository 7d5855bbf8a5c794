"""Keep the vectors of profiles, search them exactly, and carry state as checked bytes."""

from matching.index.greatest import greatest
from matching.index.packing import (
    DamagedStateError,
    ForeignStateError,
    StateError,
    matrix_arrays,
    matrix_of,
    pack,
    unpack,
)
from matching.index.profiles import ProfileIndex
from matching.index.rows import Floats, Integers, Rows, dense_products

__all__ = [
    "DamagedStateError",
    "Floats",
    "ForeignStateError",
    "Integers",
    "ProfileIndex",
    "Rows",
    "StateError",
    "dense_products",
    "greatest",
    "matrix_arrays",
    "matrix_of",
    "pack",
    "unpack",
]
