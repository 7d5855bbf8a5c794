"""Measure a matcher on a folder of needs, experts and judgements."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matching.evaluate.baseline import baseline_rankings
from matching.evaluate.collection import Collection, Fields, read_collection
from matching.evaluate.measures import MEASURES, facet_coverage3, interval
from matching.pipeline import Matcher
from matching.types import NeedProfile


def evaluate_folder(
    path: str | Path, fields: Fields = "full", *, matcher: Matcher | None = None, seed: int = 0
) -> dict[str, Any]:
    """Fit a matcher on the experts of a folder and measure its rankings of the needs.

    With fields "text" the matcher sees the words of a need alone, with "full" also the
    venture's name, industry, stage, area and mode.

    Returns:
        Counts, the matcher's version, each measure's mean over the needs, and under
        "intervals" its 95 % bootstrap interval over needs; under "baseline" the means of
        plain character TF-IDF, under "gain" and "gain_intervals" the paired differences.

    Raises:
        ValueError: a file is not in the form of a collection, or `fields` is unknown.
        OSError: a file cannot be read.
    """
    if fields not in ("text", "full"):
        raise ValueError(f"unknown fields {fields!r}, expected text or full")
    collection = read_collection(Path(path), fields)
    fitted = (matcher or Matcher()).fit(collection.experts)
    values = _values(collection, rankings(fitted, collection.needs))
    plain = _values(collection, baseline_rankings(collection))
    gains = {name: np.subtract(each, plain[name]).tolist() for name, each in values.items()}
    return {
        "fields": fields,
        "experts": len(collection.experts),
        "needs": len(collection.needs),
        "matcher_version": fitted.version_,
        **_means(values),
        "intervals": {name: interval(each, seed) for name, each in values.items()},
        "baseline": _means(plain),
        "gain": _means(gains),
        "gain_intervals": {name: interval(each, seed) for name, each in gains.items()},
    }


def _means(values: Mapping[str, Sequence[float]]) -> dict[str, float | None]:
    return {name: float(np.mean(each)) if each else None for name, each in values.items()}


def rankings(matcher: Matcher, needs: Sequence[NeedProfile]) -> list[list[str]]:
    """Return for each need the ids of the whole pool, best first."""
    order = np.argsort(-matcher.scores(needs), axis=1, kind="stable")
    ids = np.array(matcher.expert_ids)
    return [ids[row].tolist() for row in order]


def _values(collection: Collection, ranked: Sequence[Sequence[str]]) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {name: [] for name in (*MEASURES, "facet_coverage3")}
    for need, ranking in zip(collection.needs, ranked, strict=True):
        for name, measure in MEASURES.items():
            values[name].append(measure(ranking, collection.grades.get(need.need_id, {})))
        if collection.facets.get(need.need_id):
            coverage = facet_coverage3(ranking, collection.facets[need.need_id])
            values["facet_coverage3"].append(coverage)
    return values
