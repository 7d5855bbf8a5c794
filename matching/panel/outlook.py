"""Estimate who would answer which matter of a need."""

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.index import Floats
from matching.lexicon import topic_codes, understand
from matching.pool import Pool
from matching.rules import breaches
from matching.text import asked, clauses, sentences
from matching.types import ExpertProfile, NeedProfile

Integers = NDArray[np.int64]

# How much the need, the sentence and the clause say about who answers a clause, as powers
# of a geometric mean: a clause alone is too short to be trusted. The optimum is flat.
_OF_NEED, _OF_SENTENCE, _OF_CLAUSE = 0.5, 0.25, 0.25
# An English sentence ends here; after a digit the mark may number a list.
_FULL_STOP = re.compile(r"(?<![\d.\s])\.\s+")


class Ranker(Protocol):
    """What is needed of a matcher."""

    pool_: Pool

    def scores(self, needs: Sequence[NeedProfile]) -> Floats:
        """Score needs against the whole pool as (n_needs, n_experts)."""


class Matter(NamedTuple):
    """Hold a sentence of the need, or a topic that a person added to it.

    `is_heard` tells that the lexicon hears a matter in it, `topics` names the clear ones.
    """

    words: str
    topics: tuple[str, ...]
    is_heard: bool


@dataclass(frozen=True)
class Outlook:
    """Hold the experts who are allowed, and how well each answers what a need asks.

    `fits` has the score of each expert for the whole need as a share of the best one,
    `chances` (n_clauses, n_experts) the same for each clause; `owners` leads from a clause
    to its matter.
    """

    experts: tuple[ExpertProfile, ...]
    matters: tuple[Matter, ...]
    fits: Floats
    chances: Floats
    owners: Integers

    @classmethod
    def of(cls, matcher: Ranker, need: NeedProfile, today: date | None) -> "Outlook":
        """Score the need, its sentences and its clauses; rules are applied when a day is given.

        The cost is that of ranking each of these once.
        """
        # Another thread may put another pool in place; the copy keeps this one.
        held = copy(matcher)
        pool = held.pool_.experts
        matters = _matters(need)
        cut = [clauses(matter.words) or [matter.words] for matter in matters]
        pieces = [_piece(need, matter, matter.words) for matter in matters]
        pieces += [
            _piece(need, matter, clause)
            for matter, some in zip(matters, cut, strict=True)
            for clause in some
        ]
        allowed = [
            place
            for place, expert in enumerate(pool)
            if today is None or not breaches(need, expert, today)
        ]
        scores = np.maximum(held.scores([need, *pieces])[:, allowed], 0.0)
        owners = np.repeat(np.arange(len(matters)), [len(some) for some in cut])
        whole, of_matters, of_clauses = np.split(scores, [1, 1 + len(matters)])
        chances = whole**_OF_NEED * of_matters[owners] ** _OF_SENTENCE * of_clauses**_OF_CLAUSE
        experts = tuple(pool[place] for place in allowed)
        return cls(experts, matters, _of_best(whole)[0], _of_best(chances), owners)

    def of_matter(self, matter: int) -> Floats:
        """Return how well each expert answers a matter: the mean over its clauses."""
        return np.asarray(self.chances[self.owners == matter].mean(axis=0))


def _matters(need: NeedProfile) -> tuple[Matter, ...]:
    said = [
        piece.strip()
        for sentence in sentences(asked(need.text))
        for piece in _FULL_STOP.split(sentence)
        if piece.strip()
    ]
    found = [_matter(words, need.struck) for words in said]
    known = dict.fromkeys(code for code in need.topics if code in topic_codes())
    added = [Matter("", (code,), is_heard=True) for code in known]
    return (*found, *added) or (Matter(need.text, (), is_heard=False),)


def _matter(words: str, struck: Sequence[str]) -> Matter:
    heard = [topic for topic in understand(words) if topic.code not in struck]
    clear = tuple(topic.code for topic in heard if topic.certainty == "clear")
    return Matter(words, clear, bool(heard))


def _piece(need: NeedProfile, matter: Matter, words: str) -> NeedProfile:
    """Ask a part of the need by itself; the venture and its facts stay what they are."""
    return replace(need, text=words, topics=() if matter.words else matter.topics)


def _of_best(rows: Floats) -> Floats:
    best = rows.max(axis=-1, keepdims=True, initial=0.0)
    return np.asarray(rows / np.where(best > 0.0, best, 1.0))
