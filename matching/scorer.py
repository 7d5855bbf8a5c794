"""Turn vectors and facts into scores whose parts add up."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse

from matching.encoder import TextEncoder
from matching.index import Floats, ProfileIndex
from matching.lexicon import (
    industry_likeness,
    likely_concepts,
    read,
    spread,
    topic_codes,
    topics_of_concepts,
)
from matching.text import asked, clauses, sentences, snippets
from matching.types import ExpertProfile, NeedProfile

PART_CODES = ("text", "concept", "likely", "industry", "stage")
# Parts are multiples of a millionth, so that the printed parts add up to the printed score.
DECIMALS = 6
_BEST_SNIPPETS = 3
_DECLARED_SHARE = 0.5
_WEIGHTS = Path(__file__).parent / "data" / "weights.json"

# Quarters of the way between an idea and a running firm. A firm in distress is a
# running one; who starts again prepares anew.
_STAGE_PLACES: Mapping[str, int] = {
    "idea": 0,
    "preparing": 1,
    "restart": 1,
    "startup": 2,
    "early": 3,
    "growth": 4,
    "distress": 4,
    "mature": 5,
}
_FARTHEST_STAGE = 4


@dataclass(frozen=True, slots=True)
class Weights:
    """Weigh the parts of a score; each raw part is multiplied by its weight as given."""

    text: float
    concept: float
    likely: float
    industry: float
    stage: float


class Measured(NamedTuple):
    """Hold what was found by measuring, with its version.

    `least_score` is the score below which the best expert is no good match.
    """

    version: str
    weights: Weights
    least_score: float


@cache
def measured() -> Measured:
    """Return the weights and the threshold that were found on test collections."""
    kept = json.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return Measured(kept["version"], Weights(**kept["weights"]), kept["least_score"])


def text_similarity(
    encoder: TextEncoder, texts: Sequence[str], profiles: Sequence[Sequence[str]]
) -> Floats:
    """Compare texts with profiles that are lists of snippets.

    A score is half the mean of the three nearest snippets and half the whole profile,
    all cosines: between 0 and 1, and comparable over texts. Exact search,
    O(texts x snippets) in time.

    Returns:
        An array (n_texts, n_profiles).
    """
    return _similarity(index_profiles(encoder, profiles), encoder.transform(texts))


def _similarity(index: ProfileIndex, queries: sparse.csr_array) -> Floats:
    near, whole = index.search(queries, _BEST_SNIPPETS)
    return 0.5 * near + 0.5 * whole


def index_profiles(encoder: TextEncoder, profiles: Sequence[Sequence[str]]) -> ProfileIndex:
    """Encode the snippets of profiles and each profile as a whole."""
    return ProfileIndex.of(
        encoder.transform([snippet for profile in profiles for snippet in profile]),
        encoder.transform([" ".join(profile) for profile in profiles]),
        [len(profile) for profile in profiles],
    )


@dataclass(frozen=True)
class Vectors:
    """Hold what is computed from profiles alone, each under the digest of its profile.

    `concepts` and `likely` are rows of length 1 (or 0) over the concepts of the lexicon:
    what phrases say, and what the classifier holds likely.
    """

    digests: tuple[str, ...]
    index: ProfileIndex
    concepts: Floats
    likely: Floats

    @classmethod
    def of(cls, encoder: TextEncoder, experts: Sequence[ExpertProfile]) -> "Vectors":
        """Encode profiles."""
        texts = [profile_texts(expert) for expert in experts]
        shape = (len(experts), len(topics_of_concepts()))
        concepts = [
            _with_topics(read(pieces).concepts, expert.topics)
            for pieces, expert in zip(texts, experts, strict=True)
        ]
        return cls(
            tuple(map(profile_digest, experts)),
            index_profiles(encoder, texts),
            _unit(spread(np.array(concepts).reshape(shape))),
            _unit(np.array([likely_concepts(pieces) for pieces in texts]).reshape(shape)),
        )

    def covering(self, encoder: TextEncoder, experts: Sequence[ExpertProfile]) -> "Vectors":
        """Return the vectors of these experts in order, encoding only unknown profiles."""
        wanted = tuple(map(profile_digest, experts))
        if wanted == self.digests:
            return self
        known = frozenset(self.digests)
        unknown = {
            digest: expert
            for digest, expert in zip(wanted, experts, strict=True)
            if digest not in known
        }
        fresh = Vectors.of(encoder, list(unknown.values()))
        place_of = {digest: at for at, digest in enumerate((*self.digests, *fresh.digests))}
        places = [place_of[digest] for digest in wanted]
        return Vectors(
            wanted,
            self.index.join(fresh.index).take(places),
            np.vstack([self.concepts, fresh.concepts])[places],
            np.vstack([self.likely, fresh.likely])[places],
        )


@dataclass(frozen=True)
class Pool:
    """Hold experts sorted by id, with their vectors in the same order."""

    experts: tuple[ExpertProfile, ...]
    vectors: Vectors

    @classmethod
    def of(cls, encoder: TextEncoder, experts: Iterable[ExpertProfile], known: Vectors) -> "Pool":
        """Build a pool, taking over the vectors that are known.

        Raises:
            ValueError: two experts have one id.
        """
        ordered = tuple(sorted(experts, key=lambda expert: expert.expert_id))
        for one, next_one in pairwise(ordered):
            if one.expert_id == next_one.expert_id:
                raise ValueError(f"two experts have the id {one.expert_id}")
        return cls(ordered, known.covering(encoder, ordered))


def profile_texts(expert: ExpertProfile) -> list[str]:
    """Return the snippets of a profile as plain texts."""
    return [snippet.text for snippet in snippets(expert)]


def profile_digest(expert: ExpertProfile) -> str:
    """Return a hash of all that the vectors of a profile are computed from."""
    content = json.dumps([snippets(expert), sorted(expert.topics)])
    return sha256(content.encode()).hexdigest()


class Query(NamedTuple):
    """Hold what a need asks for: rows of length 1 (or less) over the concepts."""

    concepts: Floats
    likely: Floats


def ask(need: NeedProfile) -> Query:
    """Read what a need asks for; clauses that say what is not asked are left out.

    Half of the concepts is the text as a whole, with the venture's name, half the mean of
    its sentences, so that a second matter does not drown in a long first one. A topic that
    a person added is read as one more sentence; of a struck one nothing is left.
    """
    said = sentences(asked(need.text))
    kept = ~_of_topics(need.struck).any(axis=0)
    added = _of_topics(need.topics)
    rows = _by_sentence(said) * kept
    size = max(1.0, float(np.sqrt((rows.sum(axis=0) ** 2).sum())))
    rows = np.vstack([rows, size * _unit(added)])
    whole = rows.sum(axis=0) + kept * read([need.venture_name]).concepts
    heard = _unit(spread(rows[rows.any(axis=1)]))
    mean = heard.sum(axis=0) / max(1, heard.shape[0])
    likely = len(said) * likely_concepts(said) * kept + _share(added).sum(axis=0)
    return Query(0.5 * _unit(spread(whole)) + 0.5 * mean, _unit(likely))


def _by_sentence(said: Sequence[str]) -> Floats:
    """Return the concepts of each sentence, as (sentences, concepts)."""
    pieces = [clauses(sentence) for sentence in said]
    strengths = read([piece for some in pieces for piece in some]).strengths
    sizes = [len(some) for some in pieces]
    owners = np.repeat(np.arange(len(said)), sizes)
    rows = np.zeros((len(said), strengths.shape[1]))
    np.add.at(rows, owners, strengths)
    return rows


def part_values(
    encoder: TextEncoder, pool: Pool, needs: Sequence[NeedProfile], weights: Weights
) -> Floats:
    """Score needs against a pool, part by part.

    Returns:
        An array (n_needs, n_experts, n_parts) of weighted, rounded parts, in the order
        of `PART_CODES`.
    """
    raw = np.zeros((len(needs), len(pool.experts), len(PART_CODES)))
    # The venture's name often says the trade that the founder leaves out of the text.
    queries = encoder.transform([f"{need.text} {need.venture_name}" for need in needs])
    raw[:, :, 0] = _similarity(pool.vectors.index, queries)
    for row, need in enumerate(needs):
        query = ask(need)
        raw[row, :, 1] = pool.vectors.concepts @ query.concepts
        raw[row, :, 2] = pool.vectors.likely @ query.likely
        raw[row, :, 3] = [_industry_value(need, expert) for expert in pool.experts]
        raw[row, :, 4] = [_stage_value(need, expert) for expert in pool.experts]
    return np.asarray(np.round(raw * np.array(astuple(weights)), DECIMALS))


def totals(parts: Floats) -> Floats:
    """Add up the last axis, exactly as the printed decimals of the parts add up."""
    return np.asarray(np.round(parts.sum(axis=-1), DECIMALS))


def _of_topics(topics: Sequence[str]) -> Floats:
    """Return a row of ones and zeros over the concepts for each topic that the lexicon has."""
    known = [topic_codes().index(code) for code in topics if code in topic_codes()]
    return topics_of_concepts()[:, known].T


def _unit(rows: Floats) -> Floats:
    """Scale rows to length 1; a row of zeros stays."""
    lengths = np.sqrt((rows**2).sum(axis=-1, keepdims=True))
    return np.asarray(rows / np.where(lengths > 0.0, lengths, 1.0))


def _share(rows: Floats) -> Floats:
    """Scale rows of ones and zeros to the sum 1."""
    return np.asarray(rows / np.maximum(rows.sum(axis=-1, keepdims=True), 1.0))


def _industry_value(need: NeedProfile, expert: ExpertProfile) -> float:
    if not need.industry:
        return 0.0
    return max((industry_likeness(need.industry, each) for each in expert.industries), default=0.0)


def _stage_value(need: NeedProfile, expert: ExpertProfile) -> float:
    asked = _STAGE_PLACES.get(need.stage)
    places = [_STAGE_PLACES[stage] for stage in expert.stages if stage in _STAGE_PLACES]
    if asked is None or not places:
        return 0.0
    return max(0.0, 1.0 - min(abs(asked - place) for place in places) / _FARTHEST_STAGE)


def _with_topics(concepts: Floats, topics: Sequence[str]) -> Floats:
    """Let the topics that an expert has declared say half as much as his words together."""
    size = max(1.0, float(np.sqrt((concepts**2).sum())))
    return np.asarray(concepts + _DECLARED_SHARE * size * _unit(_of_topics(topics)).sum(axis=0))
