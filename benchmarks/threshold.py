"""Fit the score below which the best expert is no good match, on folders of judged needs.

Run with `python -m benchmarks.threshold FOLDER…`, each in the form of a test collection. A
need gives a good sample, the best score of the whole pool, and a bad one, the best score when
every helpful expert (grade 2 or 3) is taken out; each once for its words alone and once for all
its fields, since founders fill in both ways. The threshold is the highest hundredth that leaves
at most 5 % of the good samples below it. `--write` puts it into the weights.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

import matching
from matching import Matcher
from matching.evaluate import Fields, interval, read_collection
from matching.evaluate.measures import HELPFUL

MOST_MISSED = 0.05
WEIGHTS = Path(matching.__file__).parent / "data" / "weights.json"

Floats = NDArray[np.float64]


class Samples(NamedTuple):
    """Hold the best scores of a folder's needs with and without the helpful experts."""

    name: str
    good: Floats
    bad: Floats


def samples(folder: Path) -> Iterator[Samples]:
    """Score the needs of a folder by their words alone, then by all fields."""
    for fields in get_args(Fields):
        collection = read_collection(folder, fields)
        matcher = Matcher().fit(collection.experts)
        scores = matcher.scores(collection.needs)
        grades = np.array(
            [
                [
                    collection.grades.get(need.need_id, {}).get(each, 0)
                    for each in matcher.expert_ids
                ]
                for need in collection.needs
            ]
        )
        without = np.where(grades < HELPFUL, scores, 0.0)
        yield Samples(f"{folder.name}, {fields}", scores.max(axis=1), without.max(axis=1))


def fitted(good: Floats) -> float:
    """Return the highest hundredth that leaves at most the allowed share below it."""
    hundredths = range(math.ceil(100 * float(good.max())) + 1)
    return max(each / 100 for each in hundredths if (good < each / 100).mean() <= MOST_MISSED)


def told_apart(good: Floats, bad: Floats) -> float:
    """Return how often a good sample stands above a bad one, equals half (the area under ROC)."""
    above = good[:, None] > bad[None, :]
    return float((above + 0.5 * (good[:, None] == bad[None, :])).mean())


def line(name: str, good: Floats, bad: Floats, least: float) -> str:
    """Return one row of the table: who is missed, who is caught, how well both are told apart."""
    missed, caught = good < least, bad < least
    low, high = interval(caught.astype(np.float64).tolist(), seed=0) or (0.0, 0.0)
    return (
        f"{name:24} {len(good):6} {missed.mean():8.1%} {caught.mean():8.1%}"
        f" ({low:.0%}–{high:.0%}) {told_apart(good, bad):8.2f}"
    )


def write(least: float) -> None:
    """Put the threshold into the weights, leaving the rest as it is."""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    text = json.dumps({**kept, "least_score": least}, indent=1)
    WEIGHTS.write_text(f"{text}\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the threshold and what it does on each folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="put the threshold into the weights")
    asked = parser.parse_args(arguments)
    found = [each for folder in asked.folders for each in samples(folder)]
    good = np.concatenate([each.good for each in found])
    bad = np.concatenate([each.bad for each in found])
    least = fitted(good)
    print(f"least score {least:.2f}; at most {MOST_MISSED:.0%} of good matches fall below it")
    print(f"{'samples':24} {'number':>6} {'missed':>8} {'caught':>8}          {'area':>8}")
    for each in [*found, Samples("all", good, bad)]:
        print(line(each.name, each.good, each.bad, least))
    if asked.write:
        write(least)
    return 0


if __name__ == "__main__":
    sys.exit(main())
