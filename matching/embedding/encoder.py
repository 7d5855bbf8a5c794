"""Encode texts by their words and by a sentence-embedding model together."""

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Any, Self

import numpy as np

from matching.embedding.loading import load_model, model_digest
from matching.encoder import Factors, TextEncoder, listed

# Rows of length 1 are rounded to whole numbers of a 4 000th. Their products add up to less
# than 2^24 and are therefore exact in single precision, in whatever order they are added:
# the same text gets the same score on every processor. It moves a cosine by 0.0001.
_STEPS = 4_000


class EmbeddingEncoder(TextEncoder):
    """Encode texts as `TextEncoder` does, and beside that by the model of a folder.

    A cosine of two rows is (1 - share) x that of their words + share x that of their
    embeddings. Embeddings are taken from the mean of the fitted texts, since those of one
    trade all point one way (Mu, Viswanath, "All-but-the-Top", 2018). A text without terms
    is a zero row.

    Raises when fitted:
        ModelError: `model` is no folder from which a model can be loaded.
    """

    def __init__(
        self,
        model: str,
        share: float = 0.5,
        n_features: int = 2**20,
        n_neighbours: int = 10,
        pull: float = 0.3,
        min_background: int = 2_000,
    ) -> None:
        super().__init__(n_features, n_neighbours, pull, min_background)
        self.model = model
        self.share = share

    def fit(self, corpus: Iterable[str], y: None = None) -> Self:
        """Learn what `TextEncoder` learns, and the mean of the embeddings."""
        texts = listed(corpus)
        super().fit(texts)
        rows = load_model(self.model).embed(_readable(texts))
        self.further_ = {"centre": (rows.sum(axis=0) / max(1, len(rows))).astype(np.float32)}
        return self

    def described(self) -> dict[str, Any]:
        """Return the parameters, with the hash of the model instead of the place of its folder."""
        return super().described() | {"model": model_digest(self.model)}

    def factors(self, texts: Iterable[str]) -> Factors:
        """Encode texts; the embeddings are the dense columns."""
        given = listed(texts)
        own, shares, _, _ = super().factors(given)
        rows = load_model(self.model).embed(_readable(given)) - self.further_["centre"]
        lengths = np.sqrt(np.square(rows).sum(axis=1, keepdims=True))
        has_terms = np.diff(own.indptr) + np.diff(shares.indptr) > 0
        dense = np.rint(_STEPS * rows / np.where(lengths > 0.0, lengths, 1.0))
        return Factors(
            sqrt(1.0 - self.share) * own,
            sqrt(1.0 - self.share) * shares,
            (dense * has_terms[:, None]).astype(np.float32),
            sqrt(self.share) / _STEPS,
        )


def _readable(texts: Sequence[str]) -> list[str]:
    """Put a question mark for halves of characters, of which no tokenizer takes any."""
    return [text.encode("utf-8", "replace").decode() for text in texts]
