"""Turn vectors and facts into scores whose parts add up."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse

from matching.encoder import TextEncoder
from matching.index import Floats, ProfileIndex
from matching.lexicon import likely_concepts, read, spread, topic_rows, unit_rows
from matching.pool import Pool, index_profiles
from matching.text import asked, clauses, sentences
from matching.types import NeedProfile

PART_CODES = ("text", "concept", "likely", "industry", "stage")
# Parts are multiples of a millionth, so that the printed parts add up to the printed score.
DECIMALS = 6
_BEST_SNIPPETS = 3
_WEIGHTS = Path(__file__).parent / "data" / "weights.json"


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


class Query(NamedTuple):
    """Hold what a need asks for: rows of length 1 (or less) over the concepts."""

    concepts: Floats
    likely: Floats


@lru_cache(maxsize=64)
def ask(need: NeedProfile) -> Query:
    """Read what a need asks for; clauses that say what is not asked are left out.

    Half of the concepts is the text as a whole, with the venture's name, half the mean of
    its sentences, so that a second matter does not drown in a long first one. A topic that
    a person added is read as one more sentence; of a struck one nothing is left.
    """
    said = sentences(asked(need.text))
    kept = ~topic_rows(need.struck).any(axis=0)
    added = topic_rows(need.topics)
    rows = _by_sentence(said) * kept
    size = max(1.0, float(np.sqrt((rows.sum(axis=0) ** 2).sum())))
    rows = np.vstack([rows, size * unit_rows(added)])
    whole = rows.sum(axis=0) + kept * read([need.venture_name]).concepts
    heard = unit_rows(spread(rows[rows.any(axis=1)]))
    mean = heard.sum(axis=0) / max(1, heard.shape[0])
    likely = len(said) * likely_concepts(said) * kept + _share(added).sum(axis=0)
    return Query(0.5 * unit_rows(spread(whole)) + 0.5 * mean, unit_rows(likely))


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
        raw[row, :, 1] = _product(pool.vectors.concepts, query.concepts)
        raw[row, :, 2] = pool.vectors.likely @ query.likely
        raw[row, :, 3] = pool.traits.industry_values(need.industry)
        raw[row, :, 4] = pool.traits.stage_values(need.stage)
    return np.asarray(np.round(raw * np.array(astuple(weights)), DECIMALS))


def totals(parts: Floats) -> Floats:
    """Add up the last axis, exactly as the printed decimals of the parts add up."""
    return np.asarray(np.round(parts.sum(axis=-1), DECIMALS))


def _product(columns: Floats, weights: Floats) -> Floats:
    """Multiply each row with weights, of which many are 0; their columns are not even read."""
    found = np.zeros(len(columns))
    for column in np.flatnonzero(weights):
        found += weights[column] * columns[:, column]
    return found


def _share(rows: Floats) -> Floats:
    """Scale rows of ones and zeros to the sum 1."""
    return np.asarray(rows / np.maximum(rows.sum(axis=-1, keepdims=True), 1.0))
