"""Measure how long proposing takes, by the size of the pool, with reasons and without.

Run with `python -m benchmarks.propose_speed`. Times are those of the processor, on one
thread, since a shared machine says nothing by the clock on the wall. The peer is what a
plain search does: scikit-learn's character TF-IDF and brute-force cosine over whole
profiles, which knows no concepts, rules or reasons. Exits 1 when proposing to 10 000
experts takes 50 ms or more in the slowest of a hundred cases.
"""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from benchmarks.pools import experts_of, needs_of
from matching import ExpertProfile, Matcher, NeedProfile
from matching.pool import profile_texts

SIZES = (100, 1_000, 10_000)
NEEDS = 200
WARM_UP = 5
SHOWN = 5
TARGET_MS = 50.0
TODAY = date(2026, 9, 1)
PEER = "TfidfVectorizer(analyzer='char', ngram_range=(1, 3)) + NearestNeighbors(brute, cosine)"

Ask = Callable[[NeedProfile], object]


class Times(NamedTuple):
    """Hold the median and the 99th percentile in milliseconds."""

    p50: float
    p99: float


def spent(work: Callable[[], object]) -> float:
    """Return the seconds of the processor that some work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def measured(cases: dict[str, Ask], needs: Sequence[NeedProfile]) -> dict[str, Times]:
    """Ask all cases about each need in turn."""
    for need in needs[:WARM_UP]:
        for ask in cases.values():
            ask(need)
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for need in needs[WARM_UP:]:
        for name, ask in cases.items():
            taken[name].append(1_000 * spent(lambda ask=ask, need=need: ask(need)))
    return {
        name: Times(statistics.median(some), float(np.percentile(some, 99)))
        for name, some in taken.items()
    }


def plain_search(experts: Sequence[ExpertProfile]) -> Ask:
    """Return the peer, fitted."""
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    rows = vectorizer.fit_transform(" ".join(profile_texts(expert)) for expert in experts)
    nearest = NearestNeighbors(n_neighbors=SHOWN, algorithm="brute", metric="cosine").fit(rows)
    return lambda need: nearest.kneighbors(vectorizer.transform([need.text]))


def table(size: int, needs: Sequence[NeedProfile]) -> dict[str, Times]:
    """Measure one size of pool and print a line for each case."""
    experts = experts_of(size)
    matcher = Matcher()
    fit = spent(lambda: matcher.fit(experts))
    # As the served site does with a pool of this size.
    gc.collect()
    gc.freeze()
    cases: dict[str, Ask] = {
        PEER: plain_search(experts),
        "propose, ranking and rules alone": lambda need: matcher.propose(need, 0, today=TODAY),
        f"propose, {SHOWN} with reasons": lambda need: matcher.propose(need, SHOWN, today=TODAY),
    }
    found = measured(cases, needs)
    print(f"\n{size} experts, fitted in {fit:.1f} s")
    for name, times in found.items():
        ratio = times.p50 / found[PEER].p50
        print(f"  p50 {times.p50:7.2f} ms  p99 {times.p99:7.2f} ms  {ratio:6.2f} x peer  {name}")
    return found


def main() -> int:
    """Print times and ratios; return 1 when proposing to the largest pool is too slow."""
    parser = argparse.ArgumentParser(description="How long proposing takes.")
    parser.add_argument("--needs", type=int, default=NEEDS)
    needs = needs_of(parser.parse_args().needs + WARM_UP)
    length = sum(len(need.text) for need in needs) / len(needs)
    print(f"{len(needs) - WARM_UP} needs of {length:.0f} characters, one thread, processor time")
    with threadpool_limits(limits=1):
        found = [table(size, needs) for size in SIZES]
    worst = list(found[-1].values())[-1].p99
    print(f"\np99 at {SIZES[-1]} experts: {worst:.1f} ms, target below {TARGET_MS:.0f} ms")
    return int(worst >= TARGET_MS)


if __name__ == "__main__":
    sys.exit(main())
