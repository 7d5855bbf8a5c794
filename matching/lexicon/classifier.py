"""Tell what a piece of text is about by the phrases as labelled examples."""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.text import normalise, runs, stem

Floats = NDArray[np.float64]
_LONGEST_GRAM = 3


def grams(text: str) -> list[str]:
    """Cut text into character 1- to 3-grams of Chinese and stemmed words of the rest."""
    found: list[str] = []
    for run in runs(normalise(text)):
        if run.is_chinese:
            for size in range(1, _LONGEST_GRAM + 1):
                found += [run.text[at : at + size] for at in range(len(run.text) - size + 1)]
        else:
            found.append(stem(run.text))
    return found


class ConceptClassifier(BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Give the probability of each concept, by multinomial naive Bayes over grams.

    Uniform prior and add-`alpha` smoothing (Manning, Raghavan, Schütze, "Introduction to
    Information Retrieval", 13.2), as scikit-learn's MultinomialNB computes it; only what
    differs from an unseen gram is kept, a fortieth of the memory. `softness` is the power
    of the number of grams that the log-likelihood is divided by, since grams that overlap
    are not independent: at 0 long texts would always be certain.
    """

    def __init__(self, alpha: float = 0.05, softness: float = 0.5) -> None:
        self.alpha = alpha
        self.softness = softness

    def fit(self, examples: Iterable[tuple[int, str]], n_concepts: int) -> Self:
        """Learn from (concept, phrase) pairs."""
        concepts, cut = [], []
        for concept, phrase in examples:
            found = grams(phrase)
            cut += found
            concepts += [concept] * len(found)
        self.grams_ = {gram: place for place, gram in enumerate(dict.fromkeys(cut))}
        places = np.fromiter(map(self.grams_.__getitem__, cut), dtype=np.int64, count=len(cut))
        cells, counts = np.unique(
            places * n_concepts + np.array(concepts, dtype=np.int64), return_counts=True
        )
        rows, columns = np.divmod(cells, n_concepts)
        gains = np.log(counts + self.alpha) - np.log(self.alpha)
        shape = (len(self.grams_), n_concepts)
        self.gains_ = sparse.csr_array((gains, (rows, columns)), shape=shape)
        totals = np.bincount(columns, weights=counts, minlength=n_concepts)
        self.log_totals_ = np.log(totals + self.alpha * len(self.grams_))
        return self

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Return an array (n_texts, n_concepts); a text without known grams has equal rows."""
        check_is_fitted(self, "gains_")
        cut = [[self.grams_[gram] for gram in grams(text) if gram in self.grams_] for text in texts]
        sizes = np.array([len(some) for some in cut], dtype=np.int64)
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        columns = np.array([place for some in cut for place in some], dtype=np.int64)
        counts = sparse.csr_array(
            (np.ones(len(columns)), columns, offsets), shape=(len(cut), len(self.grams_))
        )
        likelihood = (counts @ self.gains_).toarray() - sizes[:, None] * self.log_totals_
        likelihood /= np.maximum(sizes, 1)[:, None] ** self.softness
        likelihood -= likelihood.max(axis=1, keepdims=True)
        odds = np.exp(likelihood)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))
