"""Hold experts with all that is computed from their profiles alone."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from operator import attrgetter

import numpy as np
from scipy import sparse

from matching.encoder import TextEncoder
from matching.index import Floats, Integers, ProfileIndex, Rows
from matching.lexicon import (
    PieceTable,
    read_profiles,
    remember,
    spread,
    topic_rows,
    unit_rows,
)
from matching.rules import Breach, Screen
from matching.text import snippets
from matching.traits import Traits
from matching.types import Exclusion, ExpertProfile

_DECLARED_SHARE = 0.5


def index_profiles(encoder: TextEncoder, profiles: Sequence[Sequence[str]]) -> ProfileIndex:
    """Encode the snippets of profiles, each once, and each profile as a whole."""
    rows: dict[str, int] = {}
    places = [rows.setdefault(snippet, len(rows)) for profile in profiles for snippet in profile]
    return ProfileIndex.of(
        Rows(*encoder.factors(rows)),
        places,
        Rows(*encoder.factors(" ".join(profile) for profile in profiles)),
        [len(profile) for profile in profiles],
        background_of(encoder),
    )


def background_of(encoder: TextEncoder) -> sparse.csr_array:
    """Return the texts that an encoder draws rows from, often none."""
    none = sparse.csr_array((0, encoder.n_features))
    return none if encoder.background_ is None else encoder.background_


@dataclass(frozen=True)
class Vectors:
    """Hold what is computed from profiles alone, each under the digest of its profile.

    `concepts` and `likely` are rows of length 1 (or 0) over the concepts of the lexicon:
    what phrases say, kept column by column, and what the classifier holds likely. `pieces`
    is what was read of each snippet of the index.
    """

    digests: tuple[str, ...]
    index: ProfileIndex
    concepts: Floats
    likely: Floats
    pieces: PieceTable

    @classmethod
    def of(cls, encoder: TextEncoder, experts: Sequence[ExpertProfile]) -> "Vectors":
        """Encode profiles."""
        texts = [profile_texts(expert) for expert in experts]
        strengths, likely, pieces = read_profiles(texts)
        concepts = [
            _with_topics(row, expert.topics) for row, expert in zip(strengths, experts, strict=True)
        ]
        return cls(
            tuple(map(profile_digest, experts)),
            index_profiles(encoder, texts),
            np.asfortranarray(unit_rows(spread(np.array(concepts).reshape(strengths.shape)))),
            unit_rows(likely),
            pieces,
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
        index = self.index.join(fresh.index)
        return Vectors(
            wanted,
            index.take(places),
            np.asfortranarray(np.vstack([self.concepts, fresh.concepts])[places]),
            np.vstack([self.likely, fresh.likely])[places],
            self.pieces.join(fresh.pieces).take(np.unique(index.snippets_of(places))),
        )


@dataclass(frozen=True)
class Pool:
    """Hold experts sorted by id, with their vectors and traits in the same order."""

    experts: tuple[ExpertProfile, ...]
    vectors: Vectors
    traits: Traits

    @cached_property
    def screen(self) -> Screen:
        """Of which of the experts a rule could say something."""
        return Screen.of(self.experts)

    @cached_property
    def expert_ids(self) -> tuple[str, ...]:
        """The ids of the experts, in their order."""
        return tuple(expert.expert_id for expert in self.experts)

    @cached_property
    def told(self) -> dict[Breach, dict[int, Exclusion]]:
        """What keeps out the experts at some places, in words; filled by who words it."""
        return {}

    def recall(self, places: Integers) -> None:
        """Let what the fit read of the experts at some places be at hand for explaining them."""
        index = self.vectors.index
        known = self.vectors.pieces.take(index.snippets_of(places))
        remember([profile_texts(self.experts[at]) for at in places.tolist()], known)

    @classmethod
    def of(cls, encoder: TextEncoder, experts: Iterable[ExpertProfile], known: Vectors) -> "Pool":
        """Build a pool, taking over the vectors that are known.

        Raises:
            ValueError: two experts have one id.
        """
        ordered = _in_order(experts)
        return cls(ordered, known.covering(encoder, ordered), Traits.of(ordered))

    def replaced(self, encoder: TextEncoder, experts: Iterable[ExpertProfile]) -> "Pool":
        """Build another pool; where nothing but facts for rules has changed, at little cost.

        Raises:
            ValueError: two experts have one id.
        """
        ordered = _in_order(experts)
        if list(map(_words, ordered)) == list(map(_words, self.experts)):
            return Pool(ordered, self.vectors, self.traits)
        return Pool.of(encoder, ordered, self.vectors)


def _in_order(experts: Iterable[ExpertProfile]) -> tuple[ExpertProfile, ...]:
    ordered = tuple(sorted(experts, key=attrgetter("expert_id")))
    for one, next_one in pairwise(ordered):
        if one.expert_id == next_one.expert_id:
            raise ValueError(f"two experts have the id {one.expert_id}")
    return ordered


# All that vectors and traits are made from.
_words = attrgetter("organisation", "title", "bio", "expertise", "industries", "topics", "stages")


def profile_texts(expert: ExpertProfile) -> list[str]:
    """Return the snippets of a profile as plain texts."""
    return [snippet.text for snippet in snippets(expert)]


def profile_digest(expert: ExpertProfile) -> str:
    """Return a hash of all that the vectors of a profile are computed from."""
    content = json.dumps([snippets(expert), sorted(expert.topics)])
    return sha256(content.encode()).hexdigest()


def _with_topics(concepts: Floats, topics: Sequence[str]) -> Floats:
    """Let the topics that an expert has declared say half as much as his words together."""
    size = max(1.0, float(np.sqrt((concepts**2).sum())))
    return np.asarray(concepts + _DECLARED_SHARE * size * unit_rows(topic_rows(topics)).sum(axis=0))
