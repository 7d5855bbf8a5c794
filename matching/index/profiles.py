"""Keep the vectors of profiles and search them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.index.rows import Floats, Integers, Rows, dense_products

# Products held at once while a batch is searched: 32 MB of floats.
_CELLS = 4_000_000


class _Slots(NamedTuple):
    """Name the snippets of profiles slot by slot: first the first of each, then the second.

    Profiles stand in `order`, the longest first, so that those with a next snippet are a
    beginning of them: `counts` of them have one in each slot.
    """

    order: Integers
    snippets: Integers
    counts: Integers


@dataclass(frozen=True)
class ProfileIndex:
    """Hold the snippet rows of profiles in order, and one row for each whole profile.

    Profile i owns the snippets `places[offsets[i]]` to `places[offsets[i + 1] - 1]`: rows of
    `snippets`, in which people with the same words share one. Rows are drawn from
    `background`.
    """

    snippets: Rows
    places: Integers
    wholes: Rows
    offsets: Integers
    background: sparse.csr_array

    @classmethod
    def of(
        cls,
        snippets: Rows,
        places: Sequence[int],
        wholes: Rows,
        lengths: Sequence[int],
        background: sparse.csr_array,
    ) -> Self:
        """Build from rows, which of them the profiles have one after another, and how many each."""
        offsets = _ends(np.asarray(lengths, dtype=np.int64))
        return cls(snippets, np.asarray(places, dtype=np.int64), wholes, offsets, background)

    def search(self, queries: sparse.csr_array, best: int) -> tuple[Floats, Floats]:
        """Compare query rows with all profiles, exactly.

        Linear in the entries of all rows, and in the number of snippets.

        Returns:
            Two arrays (n_queries, n_profiles) of cosines: the mean of the `best` nearest
            snippets (of fewer, where a profile has fewer), and the whole profile. What
            points away from a query is 0 from it.
        """
        near = np.zeros((queries.shape[0], len(self.wholes)))
        wholes = np.zeros_like(near)
        step = max(1, _CELLS // max(1, self._table.shape[0]))
        for at in range(0, queries.shape[0], step):
            products = self._products(queries[at : at + step])
            near[at : at + step] = self._best_mean(products[: len(self.snippets)], best).T
            wholes[at : at + step] = products[len(self.snippets) :].T
        return near, np.maximum(wholes, 0.0)

    def take(self, profiles: Sequence[int]) -> Self:
        """Return the index of some of the profiles, in the order given."""
        at = np.asarray(profiles, dtype=np.int64)
        kept, places = np.unique(self.snippets_of(at), return_inverse=True)
        offsets = _ends(np.diff(self.offsets)[at])
        return type(self)(
            self.snippets.take(kept), places, self.wholes.take(at), offsets, self.background
        )

    def snippets_of(self, profiles: Sequence[int] | Integers) -> Integers:
        """Return the rows of the snippets that some profiles own, one profile after another."""
        at = np.asarray(profiles, dtype=np.int64)
        sizes = np.diff(self.offsets)[at]
        ends = _ends(sizes)
        spans = np.arange(ends[-1]) + np.repeat(self.offsets[at] - ends[:-1], sizes)
        return np.asarray(self.places[spans])

    def join(self, other: Self) -> Self:
        """Return the index of these profiles followed by the other ones of the same background."""
        return type(self)(
            self.snippets.join(other.snippets),
            np.concatenate([self.places, len(self.snippets) + other.places]),
            self.wholes.join(other.wholes),
            np.concatenate([self.offsets, self.offsets[-1] + other.offsets[1:]]),
            self.background,
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the index, but for its background, as named plain arrays."""
        return {
            **self.snippets.to_arrays("snippets"),
            **self.wholes.to_arrays("wholes"),
            "places": self.places,
            "offsets": self.offsets,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], background: sparse.csr_array) -> Self:
        """Return the index that `to_arrays` gave."""
        return cls(
            Rows.from_arrays("snippets", arrays),
            arrays["places"],
            Rows.from_arrays("wholes", arrays),
            arrays["offsets"],
            background,
        )

    def _products(self, queries: sparse.csr_array) -> Floats:
        """Return the products of all rows, snippets first, as (n_rows, n_queries)."""
        sought = self._gathered(queries)
        # One query as a plain vector: the same sums, added up twice as fast.
        flat = sought[:, 0] if sought.shape[1] == 1 else sought
        products = self._table @ flat
        n_rows = self._shares.shape[0]
        products = products[:n_rows] + self._shares @ products[n_rows:]
        products = products.reshape(n_rows, queries.shape[0])
        further = queries[:, self.wholes.own.shape[1] :].toarray()
        if further.shape[1]:
            unit = self.wholes.unit
            steps = np.rint(further / unit).astype(np.float32)
            products += unit**2 * dense_products(self._dense, steps)
        return np.asarray(products)

    def _gathered(self, queries: sparse.csr_array) -> Floats:
        """Return what queries weigh at the columns in use, as (n_columns, n_queries)."""
        columns = self._columns
        places = np.searchsorted(columns, queries.indices)
        is_used = places < len(columns)
        is_used[is_used] = columns[places[is_used]] == queries.indices[is_used]
        rows = np.repeat(np.arange(queries.shape[0]), np.diff(queries.indptr))
        gathered = np.zeros((len(columns), queries.shape[0]))
        gathered[places[is_used], rows[is_used]] = queries.data[is_used]
        return gathered

    def _best_mean(self, cosines: Floats, best: int) -> Floats:
        """Return the mean of the greatest cosines of each profile, as (n_profiles, n_queries)."""
        order, snippets, counts = self._slots
        ends = _ends(counts)
        kept = np.zeros((best, len(order), cosines.shape[1]))
        for at, count in enumerate(counts):
            fresh = cosines[snippets[ends[at] : ends[at + 1]]]
            for rank in range(best):
                former = kept[rank, :count]
                kept[rank, :count], fresh = np.maximum(former, fresh), np.minimum(former, fresh)
        means = np.zeros((len(order), cosines.shape[1]))
        sizes = np.clip(np.diff(self.offsets)[order], 1, best)
        means[order] = kept.sum(axis=0) / sizes[:, None]
        return means

    @cached_property
    def _columns(self) -> Integers:
        """The columns in which any row has a value; of a million few are in use."""
        used = [self.snippets.own.indices, self.wholes.own.indices, self.background.indices]
        return np.unique(np.concatenate(used)).astype(np.int64)

    @cached_property
    def _table(self) -> sparse.csr_array:
        """The own parts of all rows, then the background, over the columns in use."""
        parts = [self.snippets.own, self.wholes.own, self.background]
        whole = sparse.vstack(parts, format="csr")
        # Narrow places: a search reads the whole table, and reading is what takes the time.
        columns = np.searchsorted(self._columns, whole.indices).astype(np.int32)
        shape = (whole.shape[0], len(self._columns))
        return sparse.csr_array((whole.data, columns, whole.indptr.astype(np.int32)), shape=shape)

    @cached_property
    def _shares(self) -> sparse.csr_array:
        return sparse.vstack([self.snippets.shares, self.wholes.shares], format="csr")

    @cached_property
    def _dense(self) -> NDArray[np.float32]:
        return np.vstack([self.snippets.dense, self.wholes.dense])

    @cached_property
    def _slots(self) -> _Slots:
        sizes = np.diff(self.offsets)
        order = np.argsort(-sizes, kind="stable")
        width = int(sizes.max(initial=0))
        counts = np.searchsorted(-sizes[order], -np.arange(width), side="left")
        starts = self.offsets[:-1][order]
        slots = [self.places[starts[:count] + at] for at, count in enumerate(counts)]
        return _Slots(order, np.concatenate([self.places[:0], *slots]), counts)


def _ends(sizes: Integers) -> Integers:
    """Return where spans of these sizes begin, one after the other, and where the last ends."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
