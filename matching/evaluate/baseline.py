"""Rank by plain character TF-IDF: what a matcher has to beat."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.evaluate.collection import Collection
from matching.pool import profile_texts
from matching.types import NeedProfile

_GRAMS = (1, 3)


def baseline_rankings(collection: Collection) -> list[list[str]]:
    """Return for each need the ids of the pool by cosine of character 1- to 3-grams.

    A need is its text with the venture's name and industry where they are given, a
    profile all that it says.
    """
    profiles = [" ".join(profile_texts(expert)) for expert in collection.experts]
    encoder = TfidfVectorizer(analyzer="char", ngram_range=_GRAMS, sublinear_tf=True)
    rows = encoder.fit_transform(profiles)
    asked = encoder.transform([_words(need) for need in collection.needs])
    return _ordered((asked @ rows.T).toarray(), [each.expert_id for each in collection.experts])


def _words(need: NeedProfile) -> str:
    return f"{need.text} {need.venture_name} {need.industry}"


def _ordered(scores: np.ndarray, ids: Sequence[str]) -> list[list[str]]:
    return [[ids[at] for at in np.argsort(-row, kind="stable")] for row in scores]
