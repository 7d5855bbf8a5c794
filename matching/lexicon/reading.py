"""Read pieces of text: which concepts they speak of, in which words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.lexicon.classifier import ConceptClassifier
from matching.lexicon.phrase_index import PhraseIndex
from matching.lexicon.tables import concept_places, neighbours, phrases, topics_of_concepts

Floats = NDArray[np.float64]

# How much of a concept its neighbours get.
_SPREAD = 0.3


@dataclass(frozen=True)
class Reading:
    """Hold pieces of a text with the strength of each concept in each piece."""

    pieces: tuple[str, ...]
    strengths: Floats

    @cached_property
    def concepts(self) -> Floats:
        """The strength of each concept in all pieces together."""
        return np.asarray(self.strengths.sum(axis=0))

    @cached_property
    def topics(self) -> Floats:
        """The strength of each topic in each piece, as (pieces, topics).

        What phrases say is held against what the classifier holds likely of the piece, so
        that 贷款怎么申请 is not about patents for the sake of 怎么申请专利.
        """
        said = self.strengths @ topics_of_concepts()
        likely = probabilities(self.pieces) @ topics_of_concepts()
        return np.asarray(said * np.sqrt(likely / likely.max(axis=1, keepdims=True)))

    @cached_property
    def telling(self) -> Floats:
        """The strength of each concept in each piece, neighbours included."""
        return spread(self.strengths)


def read(pieces: Sequence[str]) -> Reading:
    """Find the concepts of pieces of text; profiles come back at every request."""
    return _read(tuple(pieces))


@lru_cache(maxsize=512)
def _read(pieces: tuple[str, ...]) -> Reading:
    return Reading(pieces, phrase_index().strengths(pieces))


def spread(strengths: Floats) -> Floats:
    """Let each concept speak for its neighbours as well, along the last axis."""
    return np.asarray(strengths + _SPREAD * (strengths @ neighbours()))


def likely_concepts(pieces: Sequence[str]) -> Floats:
    """Return the mean probability of each concept over pieces of text, zeros for none."""
    found = probabilities(pieces)
    return np.asarray(found.sum(axis=0) / max(1, len(pieces)))


def probabilities(pieces: Sequence[str]) -> Floats:
    """Return the probability of each concept in each piece of text."""
    return _classifier().predict_proba(pieces)


@cache
def phrase_index() -> PhraseIndex:
    """Return the index of all phrases of the lexicon."""
    return PhraseIndex().fit(_examples(), len(concept_places()))


@cache
def _classifier() -> ConceptClassifier:
    return ConceptClassifier().fit(_examples(), len(concept_places()))


def _examples() -> list[tuple[int, str]]:
    places = concept_places()
    return [(places[phrase.concept], phrase.text) for phrase in phrases()]
