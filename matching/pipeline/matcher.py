"""Rank a pool of experts for a need."""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date
from functools import partial
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from matching.encoder import TextEncoder
from matching.explain import NeedView, Standing, caution, exclusions, lack, reasons
from matching.index import Floats, ForeignStateError, Integers, greatest
from matching.learn import LEARNED, Adjustment
from matching.pipeline.state import State, from_bytes, scale_of, to_bytes, version_of
from matching.pipeline.why import Case, Rivals, lifted, raised
from matching.pool import Pool, Vectors, profile_texts
from matching.scorer import PART_CODES, Weights, measured, part_values, totals
from matching.types import (
    Candidate,
    ExpertProfile,
    Explanation,
    NeedProfile,
    Part,
    Shortlist,
)


class Matcher(BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Rank experts by words, concepts, likely concepts, industry and stage.

    `fit` learns how rare terms are; the pool may then change without refit. The pool is
    swapped in one step, so that threads may rank while another replaces it.

    `learned`, where given, puts the sum of the parts right by one further part.

    A query costs O(terms of the need x snippets that hold them), and little per expert.

    `least_score` is the score below which the best expert is no good match; by default the
    one that was measured with the default weights.
    """

    pool_: Pool

    def __init__(
        self,
        weights: Weights | None = None,
        encoder: TextEncoder | None = None,
        least_score: float | None = None,
        learned: Adjustment | None = None,
    ) -> None:
        self.weights = weights
        self.encoder = encoder
        self.least_score = least_score
        self.learned = learned

    def fit(self, experts: Iterable[ExpertProfile], corpus: Iterable[str] | None = None) -> Self:
        """Learn from the profiles and, where given, from further background texts.

        Raises:
            ValueError: two experts have one id.
            ForeignStateError: what is given as learned was learned over other parts.
        """
        pool = tuple(experts)
        profiles = (" ".join(profile_texts(expert)) for expert in pool)
        # Sorted, so that the same people in another order give the same state.
        texts = sorted([*(corpus or ()), *profiles])
        encoder = TextEncoder() if self.encoder is None else clone(self.encoder)
        encoder.fit(texts)
        weights, vectors = self.weights or measured().weights, Vectors.of(encoder, ())
        self._settle(State(weights, encoder, vectors, self.learned), pool)
        return self

    def adopt(self, learned: Adjustment | None) -> Self:
        """Put the scores right by what was learned, or by nothing; nothing else is fitted anew.

        Raises:
            ForeignStateError: it was learned over other parts.
        """
        check_is_fitted(self, "pool_")
        if learned is not None and not self.can_adopt(learned, self.weights_):
            raise ForeignStateError(f"learned over the parts of {learned.method}, not over these")
        self.learned_ = learned
        self.version_ = version_of(self.weights_, self.encoder_, learned)
        return self

    @staticmethod
    def can_adopt(learned: Adjustment, weights: Weights | None = None) -> bool:
        """Answer whether it was learned over the parts of a matcher of these, or usual, weights."""
        return learned.suits(scale_of(weights or measured().weights), PART_CODES)

    def add(self, experts: Iterable[ExpertProfile]) -> Self:
        """Take experts into the pool; one with a known id takes the place of the former."""
        check_is_fitted(self, "pool_")
        former = {expert.expert_id: expert for expert in self.pool_.experts}
        fresh = tuple(experts)
        ids = [expert.expert_id for expert in fresh]
        kept = [expert for each, expert in former.items() if each not in frozenset(ids)]
        return self.replace([*kept, *fresh])

    def replace(self, experts: Iterable[ExpertProfile]) -> Self:
        """Put another pool in place; profiles whose words are known are not encoded anew."""
        check_is_fitted(self, "pool_")
        self.pool_ = self.pool_.replaced(self.encoder_, experts)
        return self

    @property
    def expert_ids(self) -> tuple[str, ...]:
        """The ids of the pool in the order of the columns of `scores`."""
        check_is_fitted(self, "pool_")
        return self.pool_.expert_ids

    def scores(self, needs: Sequence[NeedProfile]) -> Floats:
        """Score needs against the whole pool, without rules, as (n_needs, n_experts)."""
        check_is_fitted(self, "pool_")
        return totals(self._parts(self.pool_, needs))

    def rank(self, need: NeedProfile, k: int = 10) -> list[Candidate]:
        """Return the best k of the whole pool, best first; no rule is applied.

        Equal scores stand in the order of the expert ids.
        """
        check_is_fitted(self, "pool_")
        pool = self.pool_
        parts = self._parts(pool, [need])[0]
        everybody = np.arange(len(pool.experts))
        return self._best(NeedView(need, self.encoder_), pool, parts, everybody, k)

    def propose(self, need: NeedProfile, k: int = 5, *, today: date) -> Shortlist:
        """Return the best k of those whom no rule keeps out today, and who is kept out by what.

        Where none of them is a good match, the list says so and what is missing.

        Raises:
            ValueError: k is negative.
        """
        check_is_fitted(self, "pool_")
        pool = self.pool_
        broken = pool.screen.breaches(need, today)
        is_allowed = np.ones(len(pool.experts), dtype=np.bool_)
        is_allowed[list(broken)] = False
        view = NeedView(need, self.encoder_, today)
        parts = self._parts(pool, [need])[0]
        least = measured().least_score if self.least_score is None else self.least_score
        return Shortlist(
            tuple(self._best(view, pool, parts, np.flatnonzero(is_allowed), k)),
            exclusions(pool, broken),
            # The threshold was measured without what is learned since.
            lack(view, pool, totals(parts[:, : len(PART_CODES)]), broken, least),
        )

    def why(self, need: NeedProfile, expert_id: str, k: int = 5, *, today: date) -> Explanation:
        """Tell where one expert stands for a need, why, and what would bring him among the best k.

        For who stands among them, or is kept out, the changes are those that would lift him.

        Raises:
            ValueError: nobody of the pool has this id.
        """
        check_is_fitted(self, "pool_")
        pool, ids = self.pool_, self.expert_ids
        if expert_id not in ids:
            raise ValueError(f"nobody of the pool has the id {expert_id}")
        place = ids.index(expert_id)
        expert = pool.experts[place]
        parts = self._parts(pool, [need])[0]
        broken = pool.screen.breaches(need, today)
        rivals = Rivals.of(ids, totals(parts), broken.keys(), place)
        rank = rivals.rank_of(float(totals(parts[place])))
        view = NeedView(need, self.encoder_, today)
        standing = Standing(rank, len(rivals.scores) + 1)
        candidate = self._candidate(view, expert, parts[place], standing)
        case = Case(view, expert, today, rivals, partial(self._alone, need))
        is_out = place in broken
        return Explanation(
            expert_id=expert_id,
            rank=None if is_out else rank,
            rank_without_rules=rank,
            total=len(rivals.scores) + (not is_out),
            candidate=candidate,
            exclusions=exclusions(pool, {place: broken.get(place, ())}),
            changes=lifted(case, broken[place], rank)
            if is_out
            else raised(case, candidate, rank, k),
        )

    def to_bytes(self) -> bytes:
        """Return what is learned and encoded as bytes with version and checksum, no profiles."""
        check_is_fitted(self, "pool_")
        return to_bytes(State(self.weights_, self.encoder_, self.pool_.vectors, self.learned_))

    @classmethod
    def from_bytes(
        cls, blob: bytes, experts: Iterable[ExpertProfile], encoder: TextEncoder | None = None
    ) -> Self:
        """Return a fitted matcher over a pool, from the bytes of `to_bytes`.

        An encoder that is no `TextEncoder` has to be handed in, unfitted.

        Raises:
            StateError: the bytes are damaged, or another version wrote them.
        """
        state = from_bytes(blob, encoder)
        matcher = cls(state.weights, state.encoder, learned=state.learned)
        matcher._settle(state, tuple(experts))
        return matcher

    def _alone(self, need: NeedProfile, expert: ExpertProfile) -> Candidate:
        """Score an expert as he might be; the pool stays as it is."""
        return copy(self).replace([expert]).rank(need, k=1)[0]

    def _settle(self, state: State, experts: Iterable[ExpertProfile]) -> None:
        self.weights_ = state.weights
        self.encoder_ = state.encoder
        self.pool_ = Pool.of(state.encoder, experts, state.vectors)
        self.adopt(state.learned)

    def _parts(self, pool: Pool, needs: Sequence[NeedProfile]) -> Floats:
        """Return (n_needs, n_experts, n_parts): the base parts, and the learned one where any."""
        parts = part_values(self.encoder_, pool, needs, self.weights_)
        if self.learned_ is None:
            return parts
        learned = self.learned_.of_parts(pool.expert_ids, PART_CODES, parts)
        return np.concatenate([parts, learned[..., None]], axis=-1)

    def _best(
        self, view: NeedView, pool: Pool, parts: Floats, places: Integers, k: int
    ) -> list[Candidate]:
        """Return the best k of those at some places, each with his place among them."""
        if k < 0:
            raise ValueError(f"k is {k}, expected 0 or more")
        best = places[greatest(totals(parts[places]), k)]
        pool.recall(best)
        return [
            self._candidate(view, pool.experts[at], parts[at], Standing(rank, len(places)))
            for rank, at in enumerate(best.tolist(), start=1)
        ]

    def _candidate(
        self, view: NeedView, expert: ExpertProfile, values: Floats, standing: Standing
    ) -> Candidate:
        # Without anything learned there is one value less than names.
        named = zip((*PART_CODES, LEARNED), values.tolist(), strict=False)
        base = values[: len(PART_CODES)].tolist()
        return Candidate(
            expert_id=expert.expert_id,
            score=float(totals(values)),
            parts=tuple(Part(code, value) for code, value in named),
            reasons=reasons(view, expert, standing),
            cautions=(caution(view, expert, base, self.weights_),),
        )
