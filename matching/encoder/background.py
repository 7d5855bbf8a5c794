"""Find the background texts that are nearest to a text."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Rows whose nearest background texts are sought at once: 256 × 20 000 floats are 41 MB.
_CHUNK = 256
_SAME = 1.0 - 1e-9
# Weights of common terms held as a full table: 64 MB of floats at most.
_CELLS = 8_000_000
_MOST_COMMON = 512
# Values looked at as one when a row is sifted for its greatest.
_BLOCK = 100


class Neighbours(NamedTuple):
    """Hold the cosines of near background texts, and which of them the text itself is, or -1."""

    cosines: sparse.csr_array
    selves: Integers


@dataclass(frozen=True)
class Background:
    """Hold background texts as rows of unit length, and find the nearest of them, exactly.

    The commonest terms make up nearly all of the work. Their weights stand in a full table,
    whose rows are added up a few times faster than sparse ones.
    """

    rows: sparse.csr_array

    def nearest(self, rows: sparse.csr_array, count: int) -> Neighbours:
        """Find the `count` nearest background texts, the text itself skipped.

        Returns:
            Cosines as an array (n_rows, n_background) in which of equal ones the first are
            kept, and the place of each row among the background texts.
        """
        selves = np.full(rows.shape[0], -1, dtype=np.int64)
        chunks = [sparse.csr_array((0, self.rows.shape[0]))]
        for at in range(0, rows.shape[0], _CHUNK):
            cosines = self._cosines(rows[at : at + _CHUNK])
            found, places = np.nonzero(cosines >= _SAME)
            cosines[found, places] = 0.0
            selves[at + found] = places
            chunks.append(_only_greatest(cosines, count))
        return Neighbours(sparse.vstack(chunks, format="csr"), selves)

    def _cosines(self, rows: sparse.csr_array) -> Floats:
        is_common = self._places[rows.indices] >= 0
        common = _kept(rows, is_common, self._places[rows.indices], len(self._common))
        rare = _kept(rows, ~is_common, rows.indices, rows.shape[1])
        return np.asarray(common @ self._common + (rare @ self._rare).toarray())

    @cached_property
    def _common_terms(self) -> Integers:
        frequency = np.bincount(self.rows.indices, minlength=self.rows.shape[1])
        count = min(_MOST_COMMON, _CELLS // max(1, self.rows.shape[0]))
        commonest = np.argsort(-frequency, kind="stable")[:count]
        return commonest[frequency[commonest] > 0]

    @cached_property
    def _places(self) -> Integers:
        """The row of each term in the full table, -1 for a rare one."""
        places = np.full(self.rows.shape[1], -1, dtype=np.int64)
        places[self._common_terms] = np.arange(len(self._common_terms))
        return places

    @cached_property
    def _common(self) -> Floats:
        return np.asarray(self._terms[self._common_terms].toarray())

    @cached_property
    def _rare(self) -> sparse.csr_array:
        is_rare = self._places < 0
        entries = np.repeat(is_rare, np.diff(self._terms.indptr))
        ends = np.concatenate([[0], np.cumsum(np.diff(self._terms.indptr) * is_rare)])
        parts = (self._terms.data[entries], self._terms.indices[entries], ends)
        return sparse.csr_array(parts, shape=self._terms.shape)

    @cached_property
    def _terms(self) -> sparse.csr_array:
        return self.rows.T.tocsr()


def added_up(shares: sparse.csr_array, rows: sparse.csr_array) -> sparse.csr_array:
    """Return shares @ rows, at the cost of the rows that have a share.

    A plain product would lay out every column, of a million of which few are in use.
    """
    used, places = np.unique(shares.indices, return_inverse=True)
    taken = rows[used]
    columns, at = np.unique(taken.indices, return_inverse=True)
    shape = (len(used), len(columns))
    small = sparse.csr_array((taken.data, at, taken.indptr), shape=shape)
    shape = (shares.shape[0], len(used))
    found = sparse.csr_array((shares.data, places, shares.indptr), shape=shape) @ small
    shape = (shares.shape[0], rows.shape[1])
    return sparse.csr_array((found.data, columns[found.indices], found.indptr), shape=shape)


def _kept(
    rows: sparse.csr_array, is_kept: NDArray[np.bool_], columns: Integers, width: int
) -> sparse.csr_array:
    """Return some of the entries of rows, at the columns given for all entries."""
    ends = np.concatenate([[0], np.cumsum(is_kept)])[rows.indptr]
    parts = (rows.data[is_kept], columns[is_kept], ends)
    return sparse.csr_array(parts, shape=(rows.shape[0], width))


def _only_greatest(values: Floats, count: int) -> sparse.csr_array:
    """Return the `count` greatest values of each row that are above 0, of equal ones the first.

    At least `count` values reach the `count`-th greatest of the maxima of blocks, so that few
    are left to be sorted.
    """
    rows, columns = np.nonzero((values > 0.0) & (values >= _floors(values, count)[:, None]))
    found = values[rows, columns]
    order = np.lexsort((columns, -found, rows))
    starts = np.searchsorted(rows, np.arange(values.shape[0]))
    is_kept = np.arange(len(rows)) - starts[rows[order]] < count
    kept = order[is_kept]
    return sparse.csr_array((found[kept], (rows[kept], columns[kept])), shape=values.shape)


def _floors(values: Floats, count: int) -> Floats:
    """Return for each row a bound that at least `count` values reach, or 0."""
    blocks = values.shape[1] // _BLOCK
    if blocks < count:
        return np.zeros(values.shape[0])
    maxima = values[:, : blocks * _BLOCK].reshape(-1, blocks, _BLOCK).max(axis=2)
    return np.asarray(np.partition(maxima, blocks - count, axis=1)[:, blocks - count])
