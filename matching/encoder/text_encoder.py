"""Turn texts into vectors by character grams and stemmed words, weighted by rarity."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.utils import murmurhash3_32
from sklearn.utils.validation import check_is_fitted

from matching.encoder.background import Background, added_up
from matching.text import terms

Floats = NDArray[np.float64]

# Rows whose neighbours are added up at once; a sum of ten texts has some thousand terms.
_CHUNK = 4_096


class Factors(NamedTuple):
    """Hold encoded rows as what is their own and their shares of the background texts.

    The rows are own + shares @ background, a fiftieth of the numbers where they are drawn,
    and beside it unit x dense: further columns, none here, in whole numbers.
    """

    own: sparse.csr_array
    shares: sparse.csr_array
    dense: NDArray[np.float32]
    unit: float


class TextEncoder(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Encode Chinese and English texts as sparse rows of unit length.

    Terms are hashed, so that people unseen at fit are encoded without refit; a term
    unseen at fit keeps the greatest weight, ln(1 + N) + 1. With at least
    `min_background` fitted texts each row is drawn towards its nearest ones:
    x <- L2(x + pull * L2(sum of cosine_i * background_i)), the text itself skipped.

    Sublinear tf and smooth idf follow Manning, Raghavan, Schütze, "Introduction to
    Information Retrieval", 6.2 and 6.4. Time is linear in the characters.
    """

    def __init__(
        self,
        n_features: int = 2**20,
        n_neighbours: int = 10,
        pull: float = 0.3,
        min_background: int = 2_000,
    ) -> None:
        self.n_features = n_features
        self.n_neighbours = n_neighbours
        self.pull = pull
        self.min_background = min_background

    def fit(self, corpus: Iterable[str], y: None = None) -> Self:
        """Learn how rare each term is, and keep the texts as background when they are many.

        Raises:
            TypeError: the corpus is one string instead of several.
        """
        counts = self._count(corpus)
        frequency = np.bincount(counts.indices, minlength=self.n_features)
        self.restore(counts.shape[0], frequency, None)
        if self.n_documents_ >= self.min_background:
            self._surround(self._weigh(counts))
        return self

    def restore(
        self,
        n_documents: int,
        frequency: NDArray[np.int64],
        background: sparse.csr_array | None,
        further: Mapping[str, NDArray[Any]] | None = None,
    ) -> None:
        """Take over what an earlier fit learned: texts seen, texts per term, background rows.

        `further` is what other kinds of encoders learn besides.
        """
        self.n_documents_ = int(n_documents)
        self.document_frequency_ = frequency
        # Of a million columns few are seen, and a million logarithms take 20 ms.
        seen = np.flatnonzero(frequency)
        self.idf_ = np.full(len(frequency), np.log(1 + self.n_documents_) + 1.0)
        self.idf_[seen] = np.log((1 + self.n_documents_) / (1 + frequency[seen])) + 1.0
        self.further_ = dict(further or {})
        self._surround(background)

    def described(self) -> dict[str, Any]:
        """Return all that, with what is learned, decides how texts are encoded."""
        return dict(self.get_params())

    def transform(self, texts: Iterable[str]) -> sparse.csr_array:
        """Encode texts as a (len(texts), n_features) matrix; a text without terms is a zero row."""
        own, shares, dense, unit = self.factors(texts)
        rows = own
        if self.background_ is not None:
            drawn = added_up(shares, self.background_)
            # Sorted rows are added up without looking at every column.
            drawn.sort_indices()
            rows = own + drawn
        return sparse.hstack([rows, unit * dense], format="csr") if dense.shape[1] else rows

    def factors(self, texts: Iterable[str]) -> Factors:
        """Encode texts as `transform` does, what is drawn from the background kept apart."""
        check_is_fitted(self, "idf_")
        rows = self._weigh(self._count(texts))
        dense = np.zeros((rows.shape[0], 0), dtype=np.float32)
        if self._nearby is None:
            return Factors(rows, sparse.csr_array((rows.shape[0], 0)), dense, 1.0)
        return Factors(*self._drawn(rows, self._nearby), dense, 1.0)

    def rarity(self, texts: Iterable[str]) -> Floats:
        """Return for each text the mean weight of its terms, 0 for a text without terms."""
        columns = [list({self._column(term) for term in terms(text)}) for text in listed(texts)]
        return np.array([self.idf_[some].mean() if some else 0.0 for some in columns])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.target_tags.required = False
        return tags

    def _column(self, term: str) -> int:
        """Return the column of a term, the one to which the hasher takes it."""
        return abs(int(murmurhash3_32(term))) % self.n_features

    def _count(self, texts: Iterable[str]) -> sparse.csr_array:
        documents = listed(texts)
        if not documents:
            return sparse.csr_array((0, self.n_features), dtype=np.float64)
        hasher = HashingVectorizer(
            n_features=self.n_features, alternate_sign=False, norm=None, analyzer=terms
        )
        return sparse.csr_array(hasher.transform(documents))

    def _weigh(self, counts: sparse.csr_array) -> sparse.csr_array:
        weights = (1.0 + np.log(counts.data)) * self.idf_[counts.indices]
        weighted = sparse.csr_array((weights, counts.indices, counts.indptr), shape=counts.shape)
        return _unit_rows(weighted)

    def _surround(self, background: sparse.csr_array | None) -> None:
        self.background_ = background
        self._nearby = None if background is None else Background(background)

    def _drawn(
        self, rows: sparse.csr_array, nearby: Background
    ) -> tuple[sparse.csr_array, sparse.csr_array]:
        """Scale rows and the cosines of their neighbours, so that the sum of both has length 1."""
        cosines, selves = nearby.nearest(rows, self.n_neighbours)
        lengths = np.concatenate(
            [
                np.sqrt(added_up(cosines[at : at + _CHUNK], nearby.rows).power(2).sum(axis=1))
                for at in range(0, max(1, rows.shape[0]), _CHUNK)
            ]
        )
        is_drawn = lengths > 0.0
        lengths = np.where(is_drawn, lengths, 1.0)
        # A neighbour's cosine is its product with the row, so the sum of squares is theirs.
        meeting = cosines.power(2).sum(axis=1) / lengths
        whole = np.sqrt(1.0 + self.pull * (self.pull + 2.0 * meeting))
        scales = np.where(is_drawn, 1.0 / whole, 1.0)
        shares = _scaled(cosines, scales * self.pull / lengths)
        # A background text needs no row of its own.
        found = np.flatnonzero(selves >= 0)
        shares += sparse.csr_array((scales[found], (found, selves[found])), shape=shares.shape)
        own = _scaled(rows, np.where(selves >= 0, 0.0, scales))
        own.eliminate_zeros()
        return own, shares


def listed(texts: Iterable[str]) -> list[str]:
    """Return several texts as a list.

    Raises:
        TypeError: it is one string.
    """
    if isinstance(texts, str):
        raise TypeError("expected several texts, got one string")
    return list(texts)


def _unit_rows(rows: sparse.csr_array) -> sparse.csr_array:
    """Scale rows to length 1; a row of zeros stays."""
    lengths = np.sqrt(rows.power(2).sum(axis=1))
    return _scaled(rows, 1.0 / np.where(lengths > 0.0, lengths, 1.0))


def _scaled(rows: sparse.csr_array, scales: Floats) -> sparse.csr_array:
    """Multiply each row by its scale."""
    data = rows.data * np.repeat(scales, np.diff(rows.indptr))
    return sparse.csr_array((data, rows.indices, rows.indptr), shape=rows.shape)
