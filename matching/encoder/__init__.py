"""Turn texts into vectors."""

from matching.encoder.text_encoder import Factors, TextEncoder, listed

__all__ = ["Factors", "TextEncoder", "listed"]
