"""Encode texts by words and by a sentence-embedding model that lies on disk."""

from matching.embedding.encoder import EmbeddingEncoder
from matching.embedding.loading import ModelError, SentenceModel, load_model

__all__ = ["EmbeddingEncoder", "ModelError", "SentenceModel", "load_model"]
