"""Carry a fitted matcher as bytes."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from matching.encoder import TextEncoder
from matching.index import ForeignStateError, ProfileIndex, matrix_arrays, matrix_of, pack, unpack
from matching.learn import Adjustment
from matching.lexicon import PieceTable, lexicon_digest
from matching.pool import Vectors, background_of
from matching.scorer import Weights

# Changes whenever the same parameters and data would give other scores.
METHOD = "concepts-1"
_VERSION_DIGITS = 12
_SCALE_DIGITS = 4
_DIGEST_TYPE = "S64"
_FURTHER = "encoder.further."


class State(NamedTuple):
    """Hold what a matcher has learned, and the vectors it has made."""

    weights: Weights
    encoder: TextEncoder
    vectors: Vectors
    learned: Adjustment | None = None


def scale_of(weights: Weights) -> str:
    """Return a name for what the parts mean and how they are weighted."""
    digest = sha256(json.dumps(asdict(weights), sort_keys=True).encode())
    return f"{METHOD}-{digest.hexdigest()[:_SCALE_DIGITS]}"


def version_of(weights: Weights, encoder: TextEncoder, learned: Adjustment | None = None) -> str:
    """Return a name for parameters and learned state; equal names rank equally.

    The name begins with what `scale_of` returns; what was learned from outcomes is named after
    a plus sign.
    """
    digest = sha256(_described(weights, encoder).encode())
    for name, array in sorted(_encoder_arrays(encoder).items()):
        digest.update(name.encode() + np.ascontiguousarray(array).tobytes())
    base = f"{scale_of(weights)}-{digest.hexdigest()[:_VERSION_DIGITS]}"
    return f"{base}+{learned.version}" if learned else base


def to_bytes(state: State) -> bytes:
    """Return a state as bytes; equal states, equal bytes."""
    learned = state.learned.to_data() if state.learned else None
    return pack(
        {
            "described": _text(_described(state.weights, state.encoder)),
            "learned": _text(json.dumps(learned, sort_keys=True)),
            "digests": np.array(state.vectors.digests, dtype=_DIGEST_TYPE),
            "concepts": state.vectors.concepts,
            "likely": state.vectors.likely,
            **state.vectors.index.to_arrays(),
            **matrix_arrays("pieces.strengths", state.vectors.pieces.strengths),
            "pieces.topics": state.vectors.pieces.topics,
            **_encoder_arrays(state.encoder),
        }
    )


def from_bytes(blob: bytes, alike: TextEncoder | None = None) -> State:
    """Return the state that `to_bytes` wrote.

    Args:
        blob: the bytes.
        alike: an encoder with the parameters of the one that wrote, where that is no
            `TextEncoder`; it stays as it is.

    Raises:
        DamagedStateError: the bytes have changed since.
        ForeignStateError: another version of method, lexicon, encoder or format wrote them.
    """
    arrays = unpack(blob)
    described = json.loads(arrays["described"].tobytes())
    if (described["method"], described["lexicon"]) != (METHOD, lexicon_digest()):
        raise ForeignStateError("another method or lexicon wrote this matcher state")
    encoder = _encoder_of(described["encoder"], alike)
    _restore(encoder, arrays)
    learned = json.loads(arrays["learned"].tobytes())
    digests = tuple(digest.decode() for digest in arrays["digests"].tolist())
    index = ProfileIndex.from_arrays(arrays, background_of(encoder))
    pieces = PieceTable(matrix_of("pieces.strengths", arrays), arrays["pieces.topics"])
    vectors = Vectors(digests, index, arrays["concepts"], arrays["likely"], pieces)
    return State(
        Weights(**described["weights"]),
        encoder,
        vectors,
        Adjustment.from_data(learned) if learned else None,
    )


def _text(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _described(weights: Weights, encoder: TextEncoder) -> str:
    described = {
        "method": METHOD,
        "lexicon": lexicon_digest(),
        "weights": asdict(weights),
        "encoder": encoder.described(),
    }
    return json.dumps(described, sort_keys=True)


def _encoder_arrays(encoder: TextEncoder) -> dict[str, NDArray[Any]]:
    terms = np.flatnonzero(encoder.document_frequency_)
    arrays = {
        "encoder.terms": terms,
        "encoder.frequencies": encoder.document_frequency_[terms],
        "encoder.n_documents": np.array([encoder.n_documents_]),
    }
    arrays |= {_FURTHER + name: array for name, array in encoder.further_.items()}
    if encoder.background_ is None:
        return arrays
    return arrays | matrix_arrays("encoder.background", encoder.background_)


def _encoder_of(parameters: dict[str, Any], alike: TextEncoder | None) -> TextEncoder:
    if alike is None and parameters.keys() == TextEncoder().get_params().keys():
        return TextEncoder(**parameters)
    if alike is None or alike.described() != parameters:
        raise ForeignStateError("another kind of encoder wrote this matcher state")
    made: TextEncoder = clone(alike)
    return made


def _restore(encoder: TextEncoder, arrays: Mapping[str, NDArray[Any]]) -> None:
    frequency = np.zeros(encoder.n_features, dtype=np.int64)
    frequency[arrays["encoder.terms"]] = arrays["encoder.frequencies"]
    has_background = "encoder.background.data" in arrays
    background = matrix_of("encoder.background", arrays) if has_background else None
    further = {
        name.removeprefix(_FURTHER): array
        for name, array in arrays.items()
        if name.startswith(_FURTHER)
    }
    encoder.restore(int(arrays["encoder.n_documents"][0]), frequency, background, further)
