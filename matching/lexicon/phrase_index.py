"""Find phrases in clauses although words are left out, put in or turned round."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.text import normalise, terms

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Two characters have no room for a slip: such a phrase must stand there whole.
_SHORT = 2
_WHOLE = 1.0 - 1e-9
# Sums in another order differ by less.
_SLIP = 1e-9
_DECIMALS = 9
# Clauses looked at once; which of fifty thousand terms each holds takes 6 MB.
_CHUNK = 128


class Meeting(NamedTuple):
    """Tell that a clause meets a phrase of a concept, and how strongly."""

    clause: int
    concept: int
    phrase: str
    strength: float


class PhraseIndex(BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Measure how strongly clauses speak of concepts, by the phrases of the concepts.

    A phrase is met by the share of its characters and character pairs (words, in English)
    that stand in the clause, weighed by rarity among the phrases; from `threshold` on it
    counts, times how much it can tell (its rarity in all, up to `full_information`) and
    divided among the concepts that hold it. A concept gets its best phrase and `rest` of
    the others.

    Only phrases of which a clause holds a leading term are looked at: terms of a phrase
    stand from the rarest on, and those that could not reach the threshold by themselves do
    not lead (prefix filtering: Chaudhuri, Ganti, Kaushik, "A Primitive Operator for
    Similarity Joins", 2006). That is a sixteenth of those that share any term.
    """

    def __init__(
        self, threshold: float = 0.45, full_information: float = 12.0, rest: float = 0.3
    ) -> None:
        self.threshold = threshold
        self.full_information = full_information
        self.rest = rest

    def fit(self, phrases: Iterable[tuple[int, str]], n_concepts: int) -> Self:
        """Take (concept, phrase) pairs; a phrase may belong to several concepts."""
        holders: dict[str, set[int]] = {}
        for concept, phrase in phrases:
            holders.setdefault(normalise(phrase), set()).add(concept)
        self.phrases_ = tuple(sorted(holders))
        self.n_concepts_ = n_concepts
        self._fit_terms([list(dict.fromkeys(terms(phrase))) for phrase in self.phrases_])
        pairs = np.array(
            [(row, each) for row, text in enumerate(self.phrases_) for each in holders[text]],
            dtype=np.int64,
        ).reshape(-1, 2)
        shape = (len(self.phrases_), n_concepts)
        held = sparse.csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=shape)
        self.concepts_ = sparse.csr_array(held / held.sum(axis=1)[:, None])
        return self

    def strengths(self, clauses: Sequence[str]) -> Floats:
        """Return an array (n_clauses, n_concepts) of strengths, 0 where nothing is met."""
        found = np.zeros((len(clauses), self.n_concepts_))
        best = np.zeros_like(found)
        rows, concepts, _, strengths = self._met(clauses)
        np.add.at(found, (rows, concepts), strengths)
        np.maximum.at(best, (rows, concepts), strengths)
        return np.asarray(best + self.rest * (found - best))

    def meetings(self, clauses: Sequence[str]) -> list[Meeting]:
        """Return every phrase met, the strongest first."""
        rows, concepts, phrases, strengths = self._met(clauses)
        order = np.lexsort((phrases, concepts, rows, -np.round(strengths, _DECIMALS)))
        return [
            Meeting(
                int(rows[at]), int(concepts[at]), self.phrases_[phrases[at]], float(strengths[at])
            )
            for at in order
        ]

    def _fit_terms(self, cut: Sequence[Sequence[str]]) -> None:
        frequency = Counter(term for some in cut for term in some)
        self.terms_ = {term: place for place, term in enumerate(frequency)}
        counts = np.fromiter(frequency.values(), dtype=np.float64, count=len(frequency))
        rarity = np.log((1 + len(cut)) / (1 + counts)) + 1.0
        sizes = np.array([len(some) for some in cut], dtype=np.int64)
        flat = itertools.chain.from_iterable(cut)
        columns = np.fromiter(map(self.terms_.__getitem__, flat), dtype=np.int64, count=sizes.sum())
        rows = np.repeat(np.arange(len(cut)), sizes)
        information = np.bincount(rows, weights=rarity[columns], minlength=len(cut))
        shares = rarity[columns] / information[rows]
        self.telling_ = np.minimum(1.0, information / self.full_information)
        is_short = np.array([len(phrase) <= _SHORT for phrase in self.phrases_], dtype=np.bool_)
        self.least_ = np.where(is_short, _WHOLE, self.threshold)
        # Rarest first, so that what follows the leading terms of a phrase is in many clauses.
        order = np.lexsort((columns, -rarity[columns], rows))
        columns, shares = columns[order], shares[order]
        leads = _from_here_on(shares, sizes) >= self.least_[rows] - _SLIP
        shape = (len(cut), len(rarity))
        leading = sparse.csr_array((shares[leads], (rows[leads], columns[leads])), shape=shape)
        self.leading_ = leading.T.tocsr()
        self.rest_ = sparse.csr_array((shares[~leads], (rows[~leads], columns[~leads])), shape)
        self.most_of_rest_ = self.rest_.sum(axis=1)

    def _met(self, clauses: Sequence[str]) -> tuple[Integers, Integers, Integers, Floats]:
        """Return clause, concept, phrase and strength of each meeting as arrays."""
        check_is_fitted(self, "concepts_")
        found = [self._shared(clauses, at) for at in range(0, max(1, len(clauses)), _CHUNK)]
        rows, phrases, values = (np.concatenate(some) for some in zip(*found, strict=True))
        spread, held = _entries(self.concepts_, phrases)
        strengths = values[spread] * self.concepts_.data[held]
        return rows[spread], self.concepts_.indices[held], phrases[spread], strengths

    def _shared(self, clauses: Sequence[str], at: int) -> tuple[Integers, Integers, Floats]:
        """Return clause, phrase and weighed share of the meetings of a chunk of clauses."""
        incidence = self._incidence(clauses[at : at + _CHUNK])
        met = sparse.coo_array(incidence @ self.leading_)
        may_count = met.data + self.most_of_rest_[met.col] >= self.least_[met.col] - _SLIP
        rows, phrases = met.row[may_count].astype(np.int64), met.col[may_count].astype(np.int64)
        values = met.data[may_count] + self._rest_met(incidence, rows, phrases)
        counts = values >= self.least_[phrases]
        phrases = phrases[counts]
        return rows[counts] + at, phrases, values[counts] * self.telling_[phrases]

    def _rest_met(self, incidence: sparse.csr_array, rows: Integers, phrases: Integers) -> Floats:
        """Return how much of a phrase its terms that do not lead add, for each pair given."""
        n_terms = incidence.shape[1]
        clause_of = np.repeat(np.arange(incidence.shape[0]), np.diff(incidence.indptr))
        # Ascending, as clauses follow one another and the terms of each are sorted.
        present = clause_of * n_terms + incidence.indices
        pairs, held = _entries(self.rest_, phrases)
        sought = rows[pairs] * n_terms + self.rest_.indices[held]
        at = np.minimum(np.searchsorted(present, sought), max(0, len(present) - 1))
        shares = self.rest_.data[held] * (present[at] == sought)
        return np.asarray(np.bincount(pairs, weights=shares, minlength=len(rows)), dtype=np.float64)

    def _incidence(self, clauses: Sequence[str]) -> sparse.csr_array:
        """Return which known terms stand in which clause, as ones."""
        cut = [
            sorted({self.terms_[term] for term in terms(clause) if term in self.terms_})
            for clause in clauses
        ]
        columns = np.array([place for some in cut for place in some], dtype=np.int64)
        offsets = np.concatenate([[0], np.cumsum([len(some) for some in cut], dtype=np.int64)])
        return sparse.csr_array(
            (np.ones(len(columns)), columns, offsets), shape=(len(cut), len(self.terms_))
        )


def _entries(table: sparse.csr_array, rows: Integers) -> tuple[Integers, Integers]:
    """Return the places of all entries of some rows, and for each which of the rows it is of."""
    starts = table.indptr[rows]
    sizes = table.indptr[rows + 1] - starts
    owners = np.repeat(np.arange(len(rows)), sizes)
    return owners, np.arange(len(owners)) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)


def _from_here_on(shares: Floats, sizes: Integers) -> Floats:
    """Return for each share the sum of it and those after it in its row."""
    sums = np.concatenate([[0.0], np.cumsum(shares)])
    ends = np.repeat(np.cumsum(sizes), sizes)
    return np.asarray(sums[ends] - sums[:-1])
