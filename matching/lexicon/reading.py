"""Read pieces of text: which concepts they speak of, in which words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.lexicon.classifier import ConceptClassifier
from matching.lexicon.phrase_index import PhraseIndex
from matching.lexicon.tables import (
    concept_places,
    neighbours,
    phrases,
    topic_codes,
    topics_of_concepts,
)

Floats = NDArray[np.float64]

# How much of a concept its neighbours get.
_SPREAD = 0.3
# Profiles read at once; what stands in several of them is read once.
_CHUNK = 1_024


@dataclass(frozen=True)
class Reading:
    """Hold pieces of a text with the strength and the probability of each concept in each."""

    pieces: tuple[str, ...]
    strengths: Floats
    likely: Floats

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
        likely = self.likely @ topics_of_concepts()
        return np.asarray(said * np.sqrt(likely / likely.max(axis=1, keepdims=True)))

    @cached_property
    def telling(self) -> Floats:
        """The strength of each concept in each piece, neighbours included."""
        return spread(self.strengths)


def read(pieces: Sequence[str]) -> Reading:
    """Find the concepts of pieces of text; profiles come back at every request."""
    return read_together([pieces])[0]


def read_together(lists: Sequence[Sequence[str]]) -> list[Reading]:
    """Read several lists of pieces, each as `read` would, in the time of about one."""
    slots = [_slot(tuple(pieces)) for pieces in lists]
    unread = {id(slot): slot for slot in slots if slot.reading is None}
    if unread:
        _fill(unread.values())
    return [cast(Reading, slot.reading) for slot in slots]


@dataclass(eq=False)
class _Slot:
    """Keep pieces with their reading, once there is one."""

    pieces: tuple[str, ...]
    reading: Reading | None = None


@lru_cache(maxsize=512)
def _slot(pieces: tuple[str, ...]) -> _Slot:
    return _Slot(pieces)


def _fill(slots: Iterable[_Slot]) -> None:
    places: dict[str, int] = {}
    rows = [[places.setdefault(each, len(places)) for each in slot.pieces] for slot in slots]
    pieces = list(places)
    strengths, likely = phrase_index().strengths(pieces), probabilities(pieces)
    for slot, at in zip(slots, rows, strict=True):
        slot.reading = Reading(slot.pieces, strengths[at], likely[at])


def read_profiles(profiles: Sequence[Sequence[str]]) -> tuple[Floats, Floats]:
    """Read many lists of pieces as `read` and `likely_concepts` read one.

    Returns:
        Two arrays (n_profiles, n_concepts): the strengths of all pieces of a profile added
        up, and the mean of their probabilities.
    """
    strengths = np.zeros((len(profiles), len(concept_places())))
    likely = np.zeros_like(strengths)
    for at in range(0, len(profiles), _CHUNK):
        chunk = profiles[at : at + _CHUNK]
        places: dict[str, int] = {}
        held = [places.setdefault(piece, len(places)) for some in chunk for piece in some]
        sizes = np.array([len(some) for some in chunk], dtype=np.int64)
        ends = np.concatenate([[0], np.cumsum(sizes)])
        shape = (len(chunk), len(places))
        pieces_of = sparse.csr_array((np.ones(len(held)), held, ends), shape=shape)
        strengths[at : at + _CHUNK] = pieces_of @ phrase_index().strengths(list(places))
        found = pieces_of @ _classifier().predict_proba(list(places))
        likely[at : at + _CHUNK] = found / np.maximum(sizes, 1)[:, None]
    return strengths, likely


def spread(strengths: Floats) -> Floats:
    """Let each concept speak for its neighbours as well, along the last axis."""
    return np.asarray(strengths + _SPREAD * (strengths @ _neighbours()))


def topic_rows(topics: Sequence[str]) -> Floats:
    """Return a row of ones and zeros over the concepts for each topic that the lexicon has."""
    known = [topic_codes().index(code) for code in topics if code in topic_codes()]
    return topics_of_concepts()[:, known].T


def unit_rows(rows: Floats) -> Floats:
    """Scale rows to length 1; a row of zeros stays."""
    lengths = np.sqrt((rows**2).sum(axis=-1, keepdims=True))
    return np.asarray(rows / np.where(lengths > 0.0, lengths, 1.0))


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
def _neighbours() -> sparse.csr_array:
    """Return the neighbours as a sparse table: one cell in ninety says something."""
    return sparse.csr_array(neighbours())


@cache
def _classifier() -> ConceptClassifier:
    return ConceptClassifier().fit(_examples(), len(concept_places()))


def _examples() -> list[tuple[int, str]]:
    places = concept_places()
    return [(places[phrase.concept], phrase.text) for phrase in phrases()]
