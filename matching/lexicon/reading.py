"""Read pieces of text: which concepts they speak of, in which words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

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
Integers = NDArray[np.int64]

# How much of a concept its neighbours get.
_SPREAD = 0.3
# Profiles read at once; what stands in several of them is read once.
_CHUNK = 1_024


@dataclass(frozen=True)
class Reading:
    """Hold pieces of a text with the strength of each concept and of each topic in each.

    Of the topics, what phrases say is held against what the classifier holds likely of the
    piece, so that 贷款怎么申请 is not about patents for the sake of 怎么申请专利.
    """

    pieces: tuple[str, ...]
    strengths: Floats
    topics: Floats

    @cached_property
    def concepts(self) -> Floats:
        """The strength of each concept in all pieces together."""
        return np.asarray(self.strengths.sum(axis=0))

    @cached_property
    def telling(self) -> Floats:
        """The strength of each concept in each piece, neighbours included."""
        return spread(self.strengths)


class PieceTable(NamedTuple):
    """Hold what was read of many pieces, each once: rows over the concepts and the topics."""

    strengths: sparse.csr_array
    topics: Floats

    def take(self, places: Integers) -> "PieceTable":
        """Return some of the rows, in the order given."""
        return PieceTable(self.strengths[places], self.topics[places])

    def join(self, other: "PieceTable") -> "PieceTable":
        """Return these rows followed by the other ones."""
        strengths = sparse.vstack([self.strengths, other.strengths], format="csr")
        return PieceTable(strengths, np.vstack([self.topics, other.topics]))


class ProfileTable(NamedTuple):
    """Hold what many profiles say, as (n_profiles, n_concepts), and what their pieces do.

    `strengths` are those of all pieces of a profile added up, `likely` the mean of their
    probabilities. Of `pieces` each has one row, in the order in which they first appear.
    """

    strengths: Floats
    likely: Floats
    pieces: PieceTable


def read(pieces: Sequence[str]) -> Reading:
    """Find the concepts of pieces of text; needs come back at every request."""
    slot = _slot(tuple(pieces))
    if slot.reading is None:
        strengths, topics = _read(slot.pieces)
        slot.reading = Reading(slot.pieces, strengths, topics)
    return slot.reading


def remember(lists: Sequence[Sequence[str]], known: PieceTable) -> None:
    """Let `read` give for some lists of pieces what is known of them, one row a piece."""
    strengths, at = known.strengths.toarray(), 0
    for pieces in lists:
        slot, rows = _slot(tuple(pieces)), slice(at, at + len(pieces))
        at = rows.stop
        if slot.reading is None:
            slot.reading = Reading(slot.pieces, strengths[rows], known.topics[rows])


@dataclass(eq=False)
class _Slot:
    """Keep pieces with their reading, once there is one."""

    pieces: tuple[str, ...]
    reading: Reading | None = None


@lru_cache(maxsize=512)
def _slot(pieces: tuple[str, ...]) -> _Slot:
    return _Slot(pieces)


def _read(pieces: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the strengths of the concepts and of the topics, a row for each piece."""
    strengths = phrase_index().strengths(pieces)
    return strengths, _topics(strengths, probabilities(pieces))


def _topics(strengths: Floats, likely: Floats) -> Floats:
    said, likely = _times(_of_topics(), strengths), _times(_of_topics(), likely)
    return np.asarray(said * np.sqrt(likely / likely.max(axis=1, keepdims=True)))


def read_profiles(profiles: Sequence[Sequence[str]]) -> ProfileTable:
    """Read many lists of pieces as `read` and `likely_concepts` read one."""
    strengths = np.zeros((len(profiles), len(concept_places())))
    likely = np.zeros_like(strengths)
    known: set[str] = set()
    pieces = PieceTable(sparse.csr_array(strengths[:0]), np.zeros((0, len(topic_codes()))))
    for at in range(0, len(profiles), _CHUNK):
        chunk = profiles[at : at + _CHUNK]
        places: dict[str, int] = {}
        held = [places.setdefault(piece, len(places)) for some in chunk for piece in some]
        sizes = np.array([len(some) for some in chunk], dtype=np.int64)
        ends = np.concatenate([[0], np.cumsum(sizes)])
        shape = (len(chunk), len(places))
        pieces_of = sparse.csr_array((np.ones(len(held)), held, ends), shape=shape)
        said, found = phrase_index().strengths(list(places)), probabilities(list(places))
        strengths[at : at + _CHUNK] = pieces_of @ said
        likely[at : at + _CHUNK] = (pieces_of @ found) / np.maximum(sizes, 1)[:, None]
        fresh = [row for piece, row in places.items() if piece not in known]
        known |= places.keys()
        rows = said[fresh]
        pieces = pieces.join(PieceTable(sparse.csr_array(rows), _topics(rows, found[fresh])))
    return ProfileTable(strengths, likely, pieces)


def spread(strengths: Floats) -> Floats:
    """Let each concept speak for its neighbours as well, along the last axis."""
    return np.asarray(strengths + _SPREAD * _times(_neighbours(), strengths))


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


def _times(table: sparse.csr_array, rows: Floats) -> Floats:
    """Multiply a table with each row; one by one or together, to the same last digit."""
    return np.ascontiguousarray((table @ rows.T).T)


@cache
def _of_topics() -> sparse.csr_array:
    """Return an array (topics, concepts) with 1 where a concept is of a topic."""
    return sparse.csr_array(topics_of_concepts().T)


@cache
def _neighbours() -> sparse.csr_array:
    """Return what each concept (row) hears of its neighbours: one cell in ninety says something."""
    return sparse.csr_array(neighbours().T)


@cache
def _classifier() -> ConceptClassifier:
    return ConceptClassifier().fit(_examples(), len(concept_places()))


def _examples() -> list[tuple[int, str]]:
    places = concept_places()
    return [(places[phrase.concept], phrase.text) for phrase in phrases()]
