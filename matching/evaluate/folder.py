"""Measure a matcher on a folder of needs, experts and judgements."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matching.evaluate.baseline import baseline_rankings
from matching.evaluate.collection import Collection, Fields, read_collection
from matching.evaluate.measures import MEASURES, facet_coverage3, interval, mean_grade3
from matching.panel import form_panel
from matching.pipeline import Matcher
from matching.types import NeedProfile

# Measured of needs with several facets: the first three of the ranking, the panel of three
# beside them, and by how much the panel covers more.
FIRST_THREE = ("facet_coverage3", "mean_grade3")
PANEL_MEASURES = ("panel_facet_coverage3", "panel_mean_grade3", "panel_coverage_gain")
_PANEL = 3


def evaluate_folder(
    path: str | Path, fields: Fields = "full", *, matcher: Matcher | None = None, seed: int = 0
) -> dict[str, Any]:
    """Fit a matcher on the experts of a folder and measure its rankings of the needs.

    With fields "text" the matcher sees the words of a need alone, with "full" also the
    venture's name, industry, stage, area and mode. Of needs with facets, a panel of three is
    measured beside the first three.

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
    ranked = rankings(fitted, collection.needs)
    values = _values(collection, ranked)
    plain = _values(collection, baseline_rankings(collection))
    gains = {name: np.subtract(each, plain[name]).tolist() for name, each in values.items()}
    values |= _panel_values(collection, fitted, ranked)
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
    values: dict[str, list[float]] = {name: [] for name in (*MEASURES, *FIRST_THREE)}
    for need, ranking in zip(collection.needs, ranked, strict=True):
        grades = collection.grades.get(need.need_id, {})
        for name, measure in MEASURES.items():
            values[name].append(measure(ranking, grades))
        facets = collection.facets.get(need.need_id)
        if facets:
            values["facet_coverage3"].append(facet_coverage3(ranking, facets))
            values["mean_grade3"].append(mean_grade3(ranking, grades))
    return values


def _panel_values(
    collection: Collection, matcher: Matcher, ranked: Sequence[Sequence[str]]
) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {name: [] for name in PANEL_MEASURES}
    for need, ranking in zip(collection.needs, ranked, strict=True):
        facets = collection.facets.get(need.need_id)
        if facets:
            panel = _panel(matcher, need, ranking)
            grades = collection.grades.get(need.need_id, {})
            covered = facet_coverage3(panel, facets)
            gain = covered - facet_coverage3(ranking, facets)
            found = (covered, mean_grade3(panel, grades), gain)
            for name, value in zip(PANEL_MEASURES, found, strict=True):
                values[name].append(value)
    return values


def _panel(matcher: Matcher, need: NeedProfile, ranking: Sequence[str]) -> Sequence[str]:
    """Form a panel; of fewer experts than it has members, all are taken."""
    return form_panel(matcher, need, _PANEL).expert_ids if len(ranking) > _PANEL else ranking
