"""Find the weights of the score parts by cross-validation over needs.

    python -m benchmarks.weights FOLDER... [--write]

Each folder is a test collection (experts.jsonl, needs.jsonl, qrels.tsv, facets.json). For
every setting of a coarse grid the mean nDCG@10 with all fields and from the text alone is
taken; five folds of needs, twenty times, each fold measured with the setting that is best on
the others. The optimum is flat, so that the setting kept is not the best one of the grid but
the mean of all settings within a hundredth of it, rounded; `--write` keeps it as data.
"""

import argparse
import json
from dataclasses import astuple, fields
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import numpy as np

from matching import Matcher, Weights
from matching.evaluate import ndcg10, read_collection
from matching.scorer import measured, part_values

DATA = Path(__file__).parents[1] / "matching" / "data" / "weights.json"
GRID = {
    "text": (2.0, 3.3, 5.0),
    "concept": (0.6, 0.85, 1.2),
    "likely": (0.2, 0.35, 0.5),
    "industry": (0.06, 0.1, 0.16),
    "stage": (0.0, 0.01, 0.03),
}
FOLDS, REPEATS = 5, 20
NEAR = 0.01


def gains(folder: Path, settings: np.ndarray) -> np.ndarray:
    """Return nDCG@10 as (needs, settings), the mean of all fields and text alone."""
    found = []
    for which in ("full", "text"):
        collection = read_collection(folder, which)  # type: ignore[arg-type]  # two of the literals
        matcher = Matcher().fit(collection.experts)
        raw = part_values(matcher.encoder_, matcher.pool_, collection.needs, Weights(1, 1, 1, 1, 1))
        ids = np.array(matcher.expert_ids)
        grades = [collection.grades.get(need.need_id, {}) for need in collection.needs]
        found.append(
            [
                [ndcg10(ids[np.argsort(-parts @ setting, kind="stable")], some)
                 for setting in settings]
                for parts, some in zip(raw, grades, strict=True)
            ]
        )  # fmt: skip
    return np.mean(found, axis=0)


def held_out(values: np.ndarray) -> float:
    """Return the mean over needs, each measured with the setting chosen without it."""
    random = np.random.default_rng(0)
    measured_values = []
    for _ in range(REPEATS):
        folds = random.permutation(len(values)) % FOLDS
        for fold in range(FOLDS):
            chosen = int(np.argmax(values[folds != fold].mean(axis=0)))
            measured_values.extend(values[folds == fold, chosen])
    return float(np.mean(measured_values))


def main() -> None:
    """Print what was found, and keep it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    settings = np.array(list(product(*GRID.values())))
    each = [gains(folder, settings) for folder in given.folders]
    present = np.array(astuple(measured().weights))
    for folder, values in zip(given.folders, each, strict=True):
        now = gains(folder, present[None, :]).mean()
        print(f"{folder.name}: {len(values)} needs, present weights {now:.3f}, "
              f"best of {len(settings)} settings {values.mean(axis=0).max():.3f}, "
              f"held out {held_out(values):.3f}")  # fmt: skip
    means = np.mean([values.mean(axis=0) for values in each], axis=0)
    near = settings[means >= means.max() - NEAR]
    kept = {field.name: round(float(value), 2)
            for field, value in zip(fields(Weights), near.mean(axis=0), strict=True)}  # fmt: skip
    print(f"{len(near)} settings within {NEAR} of the best; their mean: {kept}")
    if given.write:
        version = f"w{datetime.now(UTC):%Y%m%d}"
        held = {"version": version, "weights": kept, "least_score": measured().least_score}
        DATA.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
