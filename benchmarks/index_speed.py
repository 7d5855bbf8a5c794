"""Measure exact search for the ten nearest, beside scikit-learn and faiss.

Run with `python -m benchmarks.index_speed`. All search the same rows, one query at a time,
on one thread; rounds are interleaved and medians of processor time printed. Two tables:
dense rows of 256 columns, as a sentence-embedding model makes them, and the rows of words
of a whole pool. Exits 1 when the search of a pool of 10 000 by words is not ten times as fast
as scikit-learn's over the same rows, or dense search misses one of the nearest. Dense search
is as fast as memory: it reads every row once.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from benchmarks.pools import experts_of, needs_of
from matching import TextEncoder
from matching.index import dense_products, greatest
from matching.pool import index_profiles, profile_texts

SIZES = (1_000, 10_000, 50_000)
GATE = 10_000
WIDTH = 256
STEPS = 4_000
BEST = 10
SNIPPETS = 3
QUERIES = 60
TARGET = 10.0
PEER = "scikit-learn NearestNeighbors(brute, cosine)"
OURS = "matching.index"

Places = NDArray[np.int64]
Search = Callable[[Any], Places]


def dense_rows(count: int, seed: int) -> NDArray[np.float32]:
    """Return rows of length 1 in whole numbers of a 4 000th, in clusters as texts are."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(40, WIDTH))
    rows = centres[chance.integers(len(centres), size=count)] + chance.normal(size=(count, WIDTH))
    lengths = np.sqrt(np.square(rows).sum(axis=1, keepdims=True))
    return np.rint(STEPS * rows / lengths).astype(np.float32)


def medians(cases: dict[str, Search], queries: Sequence[Any]) -> dict[str, float]:
    """Return the median milliseconds of each case, asked in turn."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for query in queries:
        for name, search in cases.items():
            begun = time.process_time()
            search(query)
            taken[name].append(1_000 * (time.process_time() - begun))
    return {name: statistics.median(some) for name, some in taken.items()}


def recall(search: Search, products: Callable[[Any], NDArray[np.float64]], queries: Any) -> float:
    """Return the share of found rows that are as near as the tenth nearest, by exact products."""
    hits = 0
    for query in queries:
        exact = products(query)
        hits += int((exact[search(query)] >= np.sort(exact)[-BEST]).sum())
    return hits / (BEST * len(queries))


def dense_cases(rows: NDArray[np.float32]) -> dict[str, Search]:
    """Return the searches of dense rows."""
    brute = NearestNeighbors(n_neighbors=BEST, algorithm="brute", metric="cosine").fit(rows)
    cases: dict[str, Search] = {
        PEER: lambda query: brute.kneighbors(query[None], return_distance=False)[0],
        "numpy matmul + argpartition": lambda query: np.argpartition(-(rows @ query), BEST)[:BEST],
        OURS: lambda query: greatest(dense_products(rows, query[None])[:, 0], BEST),
    }
    if find_spec("faiss"):
        faiss = import_module("faiss")
        faiss.omp_set_num_threads(1)
        flat = faiss.IndexFlatIP(WIDTH)
        flat.add(rows)
        cases["faiss IndexFlatIP"] = lambda query: flat.search(query[None], BEST)[1][0]
    return cases


def dense_table(count: int) -> bool:
    """Print the dense searches among `count` rows; answer whether ours missed nothing."""
    rows = dense_rows(count, seed=1)
    queries = dense_rows(QUERIES, seed=2)
    cases = dense_cases(rows)
    found = medians(cases, queries)
    print(f"\n{count} x {WIDTH} dense, the {BEST} nearest")
    exact = rows.astype(np.float64)
    complete = {
        name: recall(search, lambda query: exact @ query.astype(np.float64), queries)
        for name, search in cases.items()
    }
    for name, taken in found.items():
        gain = found[PEER] / taken
        print(f"  {taken:7.3f} ms  {gain:5.1f} x as fast  recall {complete[name]:.3f}  {name}")
    return complete[OURS] == 1.0


def text_table(count: int) -> float:
    """Print the search of a pool by words; return how many times as fast as scikit-learn's it is.

    Ours compares a query with every snippet and every whole profile; the peer finds the
    nearest among the same rows, which is less: it does not gather them by profile.
    """
    profiles = [profile_texts(expert) for expert in experts_of(count)]
    encoder = TextEncoder(min_background=count + 1).fit(" ".join(each) for each in profiles)
    index = index_profiles(encoder, profiles)
    snippets = dict.fromkeys(snippet for profile in profiles for snippet in profile)
    wholes = [" ".join(each) for each in profiles]
    rows = encoder.transform([*snippets, *wholes])
    brute = NearestNeighbors(n_neighbors=BEST, algorithm="brute", metric="cosine").fit(rows)
    queries = [encoder.transform([need.text]) for need in needs_of(QUERIES)]
    cases: dict[str, Search] = {
        PEER: lambda query: brute.kneighbors(query, return_distance=False)[0],
        OURS: lambda query: greatest(index.search(query, SNIPPETS)[0][0], BEST),
    }
    found = medians(cases, queries)
    print(f"\n{rows.shape[0]} rows of words, {count} profiles")
    for name, taken in found.items():
        print(f"  {taken:7.3f} ms  {found[PEER] / taken:5.1f} x as fast  {name}")
    return found[PEER] / found[OURS]


def main() -> int:
    """Print both tables; return 1 when the target is missed."""
    if not find_spec("faiss"):
        print("NOT MEASURED: faiss, which is not installed (pip install faiss-cpu)")
    with threadpool_limits(limits=1):
        is_complete = all([dense_table(count) for count in SIZES])
        gains = {count: text_table(count) for count in SIZES}
    print(f"\nby words among {GATE} profiles {gains[GATE]:.1f} x as fast, wanted {TARGET:.0f} x")
    return int(not is_complete or gains[GATE] < TARGET)


if __name__ == "__main__":
    sys.exit(main())
