"""Keep the vectors of profiles, search them, and carry state as checked bytes."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_MAGIC = b"jieban-matching\n"
_VERSION = 1
_VERSION_BYTES = 4
_DIGEST_BYTES = 32
_HEADER_BYTES = len(_MAGIC) + _VERSION_BYTES + _DIGEST_BYTES
# Similarities held at once while a batch is searched: 32 MB of floats.
_CELLS = 4_000_000


class StateError(ValueError):
    """Refuse bytes that are not a state of this library."""


class DamagedStateError(StateError):
    """Refuse a state whose bytes are not those once written."""


class ForeignStateError(StateError):
    """Refuse a state of another format or version."""


@dataclass(frozen=True)
class ProfileIndex:
    """Hold the snippet rows of profiles in order, and one row for each whole profile.

    Profile i owns the snippet rows `offsets[i]` to `offsets[i + 1]`.
    """

    snippets: sparse.csr_array
    wholes: sparse.csr_array
    offsets: Integers

    @classmethod
    def of(
        cls, snippets: sparse.csr_array, wholes: sparse.csr_array, lengths: Sequence[int]
    ) -> Self:
        """Build from rows and the number of snippets of each profile."""
        offsets = np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))])
        return cls(snippets, wholes, offsets.astype(np.int64))

    def search(self, queries: sparse.csr_array, best: int) -> tuple[Floats, Floats]:
        """Compare query rows with all profiles, exactly.

        Returns:
            Two arrays (n_queries, n_profiles) of cosines: the mean of the `best` nearest
            snippets (of fewer, where a profile has fewer), and the whole profile.
        """
        wholes = (queries @ self._whole_columns).toarray()
        near = np.zeros_like(wholes)
        width = max(best, int(np.diff(self.offsets).max(initial=0)))
        step = max(1, _CELLS // max(1, wholes.shape[1] * width))
        for at in range(0, queries.shape[0], step):
            cosines = (queries[at : at + step] @ self._snippet_columns).toarray()
            near[at : at + step] = self._best_mean(cosines, best, width)
        return near, wholes

    def take(self, profiles: Sequence[int]) -> Self:
        """Return the index of some of the profiles, in the order given."""
        spans = [range(self.offsets[each], self.offsets[each + 1]) for each in profiles]
        rows = [row for span in spans for row in span]
        return type(self).of(
            self.snippets[rows], self.wholes[list(profiles)], [len(span) for span in spans]
        )

    def join(self, other: Self) -> Self:
        """Return the index of these profiles followed by the other ones."""
        return type(self).of(
            sparse.vstack([self.snippets, other.snippets], format="csr"),
            sparse.vstack([self.wholes, other.wholes], format="csr"),
            [*np.diff(self.offsets), *np.diff(other.offsets)],
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the index as named plain arrays."""
        return {
            **matrix_arrays("snippets", self.snippets),
            **matrix_arrays("wholes", self.wholes),
            "offsets": self.offsets,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the index that `to_arrays` gave."""
        return cls(matrix_of("snippets", arrays), matrix_of("wholes", arrays), arrays["offsets"])

    @cached_property
    def _snippet_columns(self) -> sparse.csr_array:
        return self.snippets.T.tocsr()

    @cached_property
    def _whole_columns(self) -> sparse.csr_array:
        return self.wholes.T.tocsr()

    def _best_mean(self, cosines: Floats, best: int, width: int) -> Floats:
        lengths = np.diff(self.offsets)
        places = self.offsets[:-1, None] + np.arange(width)
        is_own = np.arange(width) < lengths[:, None]
        # A column of zeros stands for the snippets that a shorter profile lacks.
        padded = np.hstack([cosines, np.zeros((cosines.shape[0], 1))])
        own = padded[:, np.where(is_own, places, cosines.shape[1])]
        greatest = -np.sort(-own, axis=2)[:, :, :best]
        return np.asarray(greatest.sum(axis=2) / np.clip(lengths, 1, best))


def matrix_arrays(name: str, matrix: sparse.csr_array) -> dict[str, NDArray[Any]]:
    """Return a sparse matrix as four plain arrays under a name."""
    return {
        f"{name}.data": matrix.data,
        f"{name}.indices": matrix.indices.astype(np.int64),
        f"{name}.indptr": matrix.indptr.astype(np.int64),
        f"{name}.shape": np.asarray(matrix.shape, dtype=np.int64),
    }


def matrix_of(name: str, arrays: Mapping[str, NDArray[Any]]) -> sparse.csr_array:
    """Return the sparse matrix that `matrix_arrays` gave."""
    parts = tuple(arrays[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
    rows, columns = arrays[f"{name}.shape"]
    return sparse.csr_array(parts, shape=(int(rows), int(columns)))


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return arrays as bytes with format, version and checksum; equal arrays, equal bytes."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer, allow_pickle=False, **{name: arrays[name] for name in sorted(arrays)}
    )
    payload = buffer.getvalue()
    version = _VERSION.to_bytes(_VERSION_BYTES, "big")
    return _MAGIC + version + sha256(version + payload).digest() + payload


def unpack(blob: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays that `pack` wrote.

    Raises:
        ForeignStateError: the bytes are of another format or version.
        DamagedStateError: the bytes do not fit their checksum.
    """
    if not blob.startswith(_MAGIC):
        raise ForeignStateError("these bytes are no matcher state")
    version = blob[len(_MAGIC) : len(_MAGIC) + _VERSION_BYTES]
    digest = blob[len(_MAGIC) + _VERSION_BYTES : _HEADER_BYTES]
    payload = blob[_HEADER_BYTES:]
    if version != _VERSION.to_bytes(_VERSION_BYTES, "big"):
        raise ForeignStateError(f"state of version {int.from_bytes(version)}, expected {_VERSION}")
    if sha256(version + payload).digest() != digest:
        raise DamagedStateError("the checksum of the matcher state does not hold")
    with np.load(io.BytesIO(payload), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
