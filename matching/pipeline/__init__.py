"""Rank experts for a need, and say why: the public entry of the library."""

from matching.pipeline.matcher import Matcher

__all__ = ["Matcher"]
