"""Read the tables of the lexicon: concepts, phrases, neighbours, trades, categories."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.text import normalise

_DATA = Path(__file__).parents[1] / "data"


class Concept(NamedTuple):
    """Name a matter finer than a topic; `topic` is a code of `need_topic`."""

    code: str
    topic: str
    zh: str
    en: str
    categories: tuple[str, ...]


class Phrase(NamedTuple):
    """Lead from words to a concept; `register` is plain, formal or en."""

    concept: str
    register: str
    text: str


@cache
def concepts() -> tuple[Concept, ...]:
    """Return all concepts, sorted by code; their places are the columns of concept vectors."""
    rows = (
        Concept(code, topic, zh, en, tuple(categories.split("|")))
        for code, topic, zh, en, categories in _rows("concepts.tsv")
    )
    return tuple(sorted(rows))


@cache
def concept_places() -> Mapping[str, int]:
    """Return the column of each concept."""
    return {concept.code: place for place, concept in enumerate(concepts())}


def phrases() -> tuple[Phrase, ...]:
    """Return all phrases, in the order of their files."""
    names = sorted(path.name for path in (_DATA / "phrases").glob("*.tsv"))
    return tuple(Phrase(*row) for name in names for row in _rows(f"phrases/{name}"))


@cache
def neighbours() -> NDArray[np.float64]:
    """Return how much each concept (row) says of each other one (column), 0 to 1."""
    places = concept_places()
    table = np.zeros((len(places), len(places)))
    for concept, neighbour, weight in _rows("related.tsv"):
        table[places[concept], places[neighbour]] = float(weight)
    return table


@cache
def topic_codes() -> tuple[str, ...]:
    """Return the codes of all topics, sorted."""
    return tuple(sorted({concept.topic for concept in concepts()}))


@cache
def topics_of_concepts() -> NDArray[np.float64]:
    """Return an array (concepts, topics) with 1 where a concept is of a topic."""
    columns = {code: place for place, code in enumerate(topic_codes())}
    table = np.zeros((len(concepts()), len(columns)))
    for row, concept in enumerate(concepts()):
        table[row, columns[concept.topic]] = 1.0
    return table


@cache
def usual_categories() -> Mapping[str, frozenset[str]]:
    """Return which categories of experts usually see to each topic."""
    return _grouped("topic_categories.tsv")


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
    for path in sorted(_DATA.rglob("*.tsv")):
        digest.update(path.relative_to(_DATA).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


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


def _rows(name: str) -> list[list[str]]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]
