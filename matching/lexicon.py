"""Lead from a founder's words to the bureau's topics, trades and expert categories."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from matching.text import AlignedText, align, clauses, normalise
from matching.types import UnderstoodTopic

_DATA = Path(__file__).parent / "data"
_MAX_TOPICS = 3
_MAX_EVIDENCE = 3
_LONGEST_CLAUSE = 30
# A phrase of four Chinese characters, or an English one, names a subject by itself;
# a shorter one says proportionally less. Half a phrase is the least worth telling.
_FULL_LENGTH = 4
_MAYBE_WEIGHT = 0.5
_CLEAR_WEIGHT = 1.0


class Hit(NamedTuple):
    """Tell which phrase stands where in a folded text."""

    phrase: str
    start: int
    end: int


@dataclass(frozen=True)
class Lexicon:
    """Hold the phrases of the topics, and find them; the longest phrase at a place wins."""

    topics_of: Mapping[str, tuple[str, ...]]
    by_head: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> "Lexicon":
        """Build from (topic, phrase) rows; a phrase may belong to several topics."""
        topics_of: defaultdict[str, set[str]] = defaultdict(set)
        for topic, phrase in rows:
            topics_of[normalise(phrase)].add(topic)
        by_head: defaultdict[str, list[str]] = defaultdict(list)
        for phrase in sorted(topics_of, key=lambda each: (-len(each), each)):
            by_head[phrase[:2]].append(phrase)
        return cls(
            {phrase: tuple(sorted(topics)) for phrase, topics in topics_of.items()},
            {head: tuple(phrases) for head, phrases in by_head.items()},
        )

    def hits(self, folded: str) -> Iterator[Hit]:
        """Find phrases from left to right, none inside another; linear in the text."""
        at = 0
        while at < len(folded):
            phrase = self._phrase_at(folded, at)
            if phrase:
                yield Hit(phrase, at, at + len(phrase))
            at += max(1, len(phrase))

    def weight(self, phrase: str) -> float:
        """Return how much a phrase says for each of its topics, at most 1."""
        fullness = 1.0 if phrase.isascii() else min(1.0, len(phrase) / _FULL_LENGTH)
        return fullness / len(self.topics_of[phrase])

    def topic_weights(self, text: str) -> dict[str, float]:
        """Sum for each topic the weights of its different phrases in a text."""
        weights: defaultdict[str, float] = defaultdict(float)
        for phrase in dict.fromkeys(hit.phrase for hit in self.hits(align(text).folded)):
            for topic in self.topics_of[phrase]:
                weights[topic] += self.weight(phrase)
        return dict(weights)

    def words(self, aligned: AlignedText) -> dict[str, list[str]]:
        """Return for each topic of a text the exact words that lead to it, in their order."""
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for hit in self.hits(aligned.folded):
            for topic in self.topics_of[hit.phrase]:
                found[topic][aligned.slice(hit.start, hit.end)] = None
        return {topic: list(words) for topic, words in found.items()}

    def _phrase_at(self, folded: str, at: int) -> str:
        for phrase in self.by_head.get(folded[at : at + 2], ()):
            if folded.startswith(phrase, at) and _stands_alone(folded, at, at + len(phrase)):
                return phrase
        return ""


def _stands_alone(folded: str, start: int, end: int) -> bool:
    """Answer whether Latin words at the ends of a span are whole."""
    return not (_is_inside_word(folded, start) or _is_inside_word(folded, end))


def _is_inside_word(folded: str, at: int) -> bool:
    around = folded[at - 1 : at + 1] if at else ""
    return len(around) == 2 and around.isascii() and around.isalnum()


def _rows(name: str) -> list[list[str]]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


@cache
def topic_lexicon() -> Lexicon:
    """Return the lexicon of the 25 topics."""
    return Lexicon.of((topic, phrase) for topic, _register, phrase in _rows("topics.tsv"))


@lru_cache(maxsize=65_536)
def topics_said(piece: str) -> Mapping[str, float]:
    """Return the topic weights of a piece of a profile; pieces come back at every request."""
    return topic_lexicon().topic_weights(piece)


@cache
def topic_codes() -> tuple[str, ...]:
    """Return the codes of all topics, sorted."""
    return tuple(sorted({topic for topic, _register, _phrase in _rows("topics.tsv")}))


@cache
def usual_categories() -> Mapping[str, frozenset[str]]:
    """Return which categories of experts usually see to each topic."""
    return _grouped("topic_categories.tsv")


@cache
def _industries_of_name() -> Mapping[str, frozenset[str]]:
    rows = _rows("industries.tsv")
    pairs = [(normalise(name), code) for code, name in rows] + [(code, code) for code, _ in rows]
    return _collected(pairs)


@cache
def _parents() -> Mapping[str, frozenset[str]]:
    return _grouped("industry_parents.tsv")


def _grouped(name: str) -> Mapping[str, frozenset[str]]:
    return _collected((first, second) for first, second in _rows(name))


def _collected(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return {key: frozenset(values) for key, values in groups.items()}


@lru_cache(maxsize=65_536)
def industry_likeness(one: str, other: str) -> float:
    """Return 1 for the same name, 0.6 for one industry, 0.3 for one branch, else 0.

    Both are codes or free names as people write them.
    """
    names = normalise(one), normalise(other)
    if names[0] == names[1]:
        return 1.0
    codes = [_industries_of_name().get(name, frozenset()) for name in names]
    if codes[0] & codes[1]:
        return 0.6
    branches = [
        frozenset().union(*(_parents().get(code, {code}) for code in some)) for some in codes
    ]
    return 0.3 if branches[0] & branches[1] else 0.0


@cache
def lexicon_digest() -> str:
    """Return a hash of all lexicon data, for the version of a matcher."""
    digest = sha256()
    for path in sorted(_DATA.glob("*.tsv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def understand(text: str) -> tuple[UnderstoodTopic, ...]:
    """Name up to three topics of a text, the surest first, with the founder's own words."""
    lexicon = topic_lexicon()
    weights = lexicon.topic_weights(text)
    surest = sorted(weights, key=lambda topic: (-weights[topic], topic))[:_MAX_TOPICS]
    words = lexicon.words(align(text))
    return tuple(
        UnderstoodTopic(
            code=topic,
            certainty="clear" if weights[topic] >= _CLEAR_WEIGHT else "maybe",
            evidence=_evidence(text, words[topic]),
        )
        for topic in surest
        if weights[topic] >= _MAYBE_WEIGHT
    )


def _evidence(text: str, words: list[str]) -> tuple[str, ...]:
    """Show each word in its clause where the clause is short, and alone where it is long."""
    pieces = [piece for piece in clauses(text) if len(piece) <= _LONGEST_CLAUSE]
    shown = [next((piece for piece in pieces if word in piece), word) for word in words]
    return tuple(dict.fromkeys(shown))[:_MAX_EVIDENCE]
