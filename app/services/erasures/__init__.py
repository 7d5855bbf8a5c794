"""Erasures: asked for by the founder himself or on paper at a desk, done once."""

from app.services.erasures.asking import erase_on_paper, erase_oneself

__all__ = ["erase_on_paper", "erase_oneself"]
