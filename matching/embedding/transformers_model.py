"""Run a sentence-transformers model; imported only where such a model is configured."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from matching.embedding.loading import ModelError


class TransformersModel:
    """Embed texts by a model of sentence-transformers, on the processor."""

    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model
        self.width = int(self.embed([""]).shape[1])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array (len(texts), width)."""
        if not texts:
            return np.zeros((0, self.width), dtype=np.float32)
        found = self._model.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)


def load(folder: Path) -> TransformersModel:
    """Return the model of a folder; code that lies beside it is not run.

    Raises:
        ModelError: the folder cannot be read.
    """
    try:
        model = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise ModelError(f"the model in {str(folder)!r} cannot be read: {error}") from error
    return TransformersModel(model)
