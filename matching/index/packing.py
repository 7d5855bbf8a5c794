"""Carry arrays as checked bytes."""

import io
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_MAGIC = b"jieban-matching\n"
_VERSION = 3
_VERSION_BYTES = 4
_DIGEST_BYTES = 32
_HEADER_BYTES = len(_MAGIC) + _VERSION_BYTES + _DIGEST_BYTES


class StateError(ValueError):
    """Refuse bytes that are not a state of this library."""


class DamagedStateError(StateError):
    """Refuse a state whose bytes are not those once written."""


class ForeignStateError(StateError):
    """Refuse a state of another format or version."""


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
