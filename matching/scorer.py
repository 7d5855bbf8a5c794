"""Turn vectors and facts into scores whose parts add up."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from itertools import pairwise
from math import fsum

import numpy as np
from scipy import sparse

from matching.encoder import TextEncoder
from matching.index import Floats, ProfileIndex
from matching.lexicon import industry_likeness, topic_codes, topic_lexicon, usual_categories
from matching.text import snippets
from matching.types import ExpertProfile, NeedProfile

PART_CODES = ("text", "topic", "industry", "stage", "category")
# Parts are multiples of a millionth, so that the printed parts add up to the printed score.
DECIMALS = 6
_BEST_SNIPPETS = 3

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
    """Weigh the parts of a score; they are used as given and add up to 1 by default."""

    text: float = 0.90
    topic: float = 0.05
    industry: float = 0.03
    stage: float = 0.01
    category: float = 0.01


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
    """Hold what is computed from profiles alone, each under the digest of its profile."""

    digests: tuple[str, ...]
    index: ProfileIndex
    topics: Floats

    @classmethod
    def of(cls, encoder: TextEncoder, experts: Sequence[ExpertProfile]) -> "Vectors":
        """Encode profiles."""
        index = index_profiles(encoder, [profile_texts(expert) for expert in experts])
        topics = np.array([_expert_topics(expert) for expert in experts])
        shaped = topics.reshape(len(experts), len(topic_codes()))
        return cls(tuple(map(profile_digest, experts)), index, shaped)

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
        index = self.index.join(fresh.index)
        topics = np.vstack([self.topics, fresh.topics])
        place_of = {digest: at for at, digest in enumerate((*self.digests, *fresh.digests))}
        places = [place_of[digest] for digest in wanted]
        return Vectors(wanted, index.take(places), topics[places])


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


def need_topics(need: NeedProfile) -> dict[str, float]:
    """Return how strongly a need asks for each topic, 0 to 1; settled topics count in full."""
    if need.topics:
        return dict.fromkeys(need.topics, 1.0)
    return _saturated(topic_lexicon().topic_weights(need.text))


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
        asked = need_topics(need)
        raw[row, :, 1] = (pool.vectors.topics * _unit_topics(asked)).sum(axis=1)
        raw[row, :, 2] = [_industry_value(need, expert) for expert in pool.experts]
        raw[row, :, 3] = [_stage_value(need, expert) for expert in pool.experts]
        raw[row, :, 4] = [_category_value(asked, expert) for expert in pool.experts]
    return np.asarray(np.round(raw * np.array(astuple(weights)), DECIMALS))


def totals(parts: Floats) -> Floats:
    """Add up the last axis, exactly as the printed decimals of the parts add up."""
    return np.asarray(np.round(parts.sum(axis=-1), DECIMALS))


def _saturated(weights: Mapping[str, float]) -> dict[str, float]:
    return {topic: weight / (weight + 1.0) for topic, weight in weights.items()}


def _expert_topics(expert: ExpertProfile) -> Floats:
    found = _saturated(topic_lexicon().topic_weights("\n".join(profile_texts(expert))))
    return _unit_topics(found | dict.fromkeys(expert.topics, 1.0))


def _unit_topics(strengths: Mapping[str, float]) -> Floats:
    values = np.array([strengths.get(code, 0.0) for code in topic_codes()])
    length = np.sqrt((values**2).sum())
    return np.asarray(values / (length or 1.0))


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


def _category_value(asked: Mapping[str, float], expert: ExpertProfile) -> float:
    usual = fsum(
        strength
        for topic, strength in asked.items()
        if expert.category in usual_categories().get(topic, ())
    )
    return usual / fsum(asked.values()) if usual else 0.0
