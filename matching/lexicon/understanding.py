"""Say which topics a founder's words are about, and which words led there."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from matching.lexicon.reading import Reading, phrase_index, probabilities, read
from matching.lexicon.tables import Concept, concepts, topic_codes, topics_of_concepts
from matching.text import align, asked, clauses, normalise, runs
from matching.types import UnderstoodTopic

_MAX_TOPICS = 3
_MAX_EVIDENCE = 3
_LONGEST_EVIDENCE = 30
_MAYBE_STRENGTH = 0.45
_CLEAR_STRENGTH = 0.75
_SAID_STRENGTH = 0.3
# A topic far behind the first one is a passing word.
_LEAST_SHARE = 0.3


def understand(text: str) -> tuple[UnderstoodTopic, ...]:
    """Name up to three topics of a text, the surest first, with the founder's own words."""
    reading = read(clauses(asked(text)))
    strengths = reading.topics.sum(axis=0)
    peaks = reading.topics.max(axis=0, initial=0.0)
    surest = np.argsort(-strengths, kind="stable")[:_MAX_TOPICS]
    return tuple(
        UnderstoodTopic(
            code=topic_codes()[topic],
            certainty="clear" if peaks[topic] >= _CLEAR_STRENGTH else "maybe",
            evidence=_evidence(reading, int(topic)),
        )
        for topic in surest
        if peaks[topic] >= _MAYBE_STRENGTH
        and strengths[topic] >= _LEAST_SHARE * strengths[surest[0]]
    )


def _evidence(reading: Reading, topic: int) -> tuple[str, ...]:
    """Return the words that led to a topic, the strongest first."""
    strengths = reading.topics[:, topic]
    order = np.argsort(-strengths, kind="stable")[:_MAX_EVIDENCE]
    told = [row for row in order if strengths[row] >= _MAYBE_STRENGTH]
    return tuple(
        dict.fromkeys(shortened(reading.pieces[row], topic_codes()[topic]) for row in told)
    )


def matter(text: str, topic: str) -> Concept | None:
    """Return the concept of a topic that a text says most of; None where it says none."""
    reading = read(clauses(asked(text)))
    column = topic_codes().index(topic)
    if reading.topics[:, column].max(initial=0.0) < _SAID_STRENGTH:
        return None
    likely = np.sqrt(probabilities(reading.pieces))
    said = (reading.strengths * likely).sum(axis=0) * topics_of_concepts()[:, column]
    return concepts()[int(np.argmax(said))]


def topics_said(pieces: Sequence[str]) -> frozenset[str]:
    """Return the topics that one of the pieces speaks of."""
    peaks = read(pieces).topics.max(axis=0, initial=0.0)
    return frozenset(topic_codes()[topic] for topic in np.flatnonzero(peaks >= _SAID_STRENGTH))


@lru_cache(maxsize=1_024)
def shortened(piece: str, topic: str) -> str:
    """Return a piece, or of a long one the exact stretch that says most of a topic."""
    if len(piece) <= _LONGEST_EVIDENCE:
        return piece
    met = phrase_index().meetings([piece])
    fitting = [each.phrase for each in met if concepts()[each.concept].topic == topic]
    return _stretch(piece, fitting[0]) if fitting else piece[:_LONGEST_EVIDENCE].strip()


def _stretch(piece: str, phrase: str) -> str:
    """Find the window of the piece in which most characters of the phrase stand."""
    aligned = align(piece)
    wanted = {each for run in runs(normalise(phrase)) for each in run.text}
    hits = np.array([character in wanted for character in aligned.folded], dtype=np.int64)
    sums = np.convolve(hits, np.ones(_LONGEST_EVIDENCE, dtype=np.int64), mode="valid")
    start = int(np.argmax(sums))
    end = min(start + _LONGEST_EVIDENCE, len(aligned.folded))
    while end - start > 1 and _is_inside_word(aligned.folded, start):
        start += 1
    while end - start > 1 and _is_inside_word(aligned.folded, end):
        end -= 1
    return aligned.slice(start, end).strip()


def _is_inside_word(folded: str, at: int) -> bool:
    around = folded[at - 1 : at + 1] if at else ""
    return len(around) == 2 and around.isascii() and around.isalnum()
