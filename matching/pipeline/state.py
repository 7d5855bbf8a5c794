"""Carry a fitted matcher as bytes."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.encoder import TextEncoder
from matching.index import ForeignStateError, ProfileIndex, matrix_arrays, matrix_of, pack, unpack
from matching.lexicon import lexicon_digest
from matching.scorer import Vectors, Weights

# Changes whenever the same parameters and data would give other scores.
METHOD = "concepts-1"
_VERSION_DIGITS = 12
_DIGEST_TYPE = "S64"


class State(NamedTuple):
    """Hold what a matcher has learned, and the vectors it has made."""

    weights: Weights
    encoder: TextEncoder
    vectors: Vectors


def version_of(weights: Weights, encoder: TextEncoder) -> str:
    """Return a name for parameters and learned state; equal names rank equally."""
    digest = sha256(_described(weights, encoder).encode())
    for name, array in sorted(_encoder_arrays(encoder).items()):
        digest.update(name.encode() + np.ascontiguousarray(array).tobytes())
    return f"{METHOD}-{digest.hexdigest()[:_VERSION_DIGITS]}"


def to_bytes(state: State) -> bytes:
    """Return a state as bytes; equal states, equal bytes."""
    described = _described(state.weights, state.encoder).encode()
    return pack(
        {
            "described": np.frombuffer(described, dtype=np.uint8),
            "digests": np.array(state.vectors.digests, dtype=_DIGEST_TYPE),
            "concepts": state.vectors.concepts,
            "likely": state.vectors.likely,
            **state.vectors.index.to_arrays(),
            **_encoder_arrays(state.encoder),
        }
    )


def from_bytes(blob: bytes) -> State:
    """Return the state that `to_bytes` wrote.

    Raises:
        DamagedStateError: the bytes have changed since.
        ForeignStateError: another version of method, lexicon or format wrote them.
    """
    arrays = unpack(blob)
    described = json.loads(arrays["described"].tobytes())
    if (described["method"], described["lexicon"]) != (METHOD, lexicon_digest()):
        raise ForeignStateError("another method or lexicon wrote this matcher state")
    digests = tuple(digest.decode() for digest in arrays["digests"].tolist())
    index = ProfileIndex.from_arrays(arrays)
    vectors = Vectors(digests, index, arrays["concepts"], arrays["likely"])
    return State(
        Weights(**described["weights"]), _encoder_of(described["encoder"], arrays), vectors
    )


def _described(weights: Weights, encoder: TextEncoder) -> str:
    described = {
        "method": METHOD,
        "lexicon": lexicon_digest(),
        "weights": asdict(weights),
        "encoder": encoder.get_params(),
    }
    return json.dumps(described, sort_keys=True)


def _encoder_arrays(encoder: TextEncoder) -> dict[str, NDArray[Any]]:
    terms = np.flatnonzero(encoder.document_frequency_)
    arrays = {
        "encoder.terms": terms,
        "encoder.frequencies": encoder.document_frequency_[terms],
        "encoder.n_documents": np.array([encoder.n_documents_]),
    }
    if encoder.background_ is None:
        return arrays
    return arrays | matrix_arrays("encoder.background", encoder.background_)


def _encoder_of(parameters: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> TextEncoder:
    encoder = TextEncoder(**parameters)
    frequency = np.zeros(encoder.n_features, dtype=np.int64)
    frequency[arrays["encoder.terms"]] = arrays["encoder.frequencies"]
    has_background = "encoder.background.data" in arrays
    background = matrix_of("encoder.background", arrays) if has_background else None
    encoder.restore(int(arrays["encoder.n_documents"][0]), frequency, background)
    return encoder
