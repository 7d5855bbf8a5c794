"""Measure rankings and panels: nDCG, MRR, hits, recall and coverage of facets."""

from matching.evaluate.baseline import baseline_rankings
from matching.evaluate.collection import Collection, Fields, read_collection
from matching.evaluate.folder import evaluate_folder, rankings
from matching.evaluate.measures import (
    facet_coverage3,
    hit3,
    interval,
    mean_grade3,
    mrr,
    ndcg10,
    p1,
    recall10,
)

__all__ = [
    "Collection",
    "Fields",
    "baseline_rankings",
    "evaluate_folder",
    "facet_coverage3",
    "hit3",
    "interval",
    "mean_grade3",
    "mrr",
    "ndcg10",
    "p1",
    "rankings",
    "read_collection",
    "recall10",
]
