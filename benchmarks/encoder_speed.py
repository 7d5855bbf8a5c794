"""Measure how many texts a second the encoder encodes, beside scikit-learn's TfidfVectorizer.

Run with `OMP_NUM_THREADS=1 python -m benchmarks.encoder_speed`; rounds of the cases are
interleaved and medians printed. Exits 1 below 1 000 texts a second.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from sklearn.feature_extraction.text import TfidfVectorizer

from matching import TextEncoder
from matching.lexicon.tables import phrases

TARGET = 1_000
TEXTS = 2_000
PHRASES_OF_A_TEXT = 22
ROUNDS = 5
PEER = "TfidfVectorizer(analyzer='char', ngram_range=(1, 2))"


def texts_of(seed: int) -> list[str]:
    """Make texts of about the length of a founder's need, by a seed."""
    chance = random.Random(seed)
    words = sorted({phrase.text for phrase in phrases()})
    return ["，".join(chance.sample(words, PHRASES_OF_A_TEXT)) for _ in range(TEXTS)]


def rate(encode: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    """Return the texts encoded in a second."""
    begun = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - begun)


def medians(cases: Mapping[str, Callable[[Sequence[str]], object]]) -> dict[str, float]:
    """Return the median rate of each case over interleaved rounds of fresh texts."""
    rates: dict[str, list[float]] = {name: [] for name in cases}
    for round_number in range(ROUNDS):
        texts = texts_of(seed=100 + round_number)
        for name, encode in cases.items():
            rates[name].append(rate(encode, texts))
    return {name: statistics.median(some) for name, some in rates.items()}


def main() -> int:
    """Print rates and ratios; return 1 when the encoder is slower than the target."""
    corpus = texts_of(seed=0)
    peer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2)).fit(corpus)
    cases = {
        PEER: peer.transform,
        "TextEncoder": TextEncoder(min_background=TEXTS + 1).fit(corpus).transform,
        f"TextEncoder, {TEXTS} background texts": TextEncoder().fit(corpus).transform,
    }
    found = medians(cases)
    length = sum(map(len, corpus)) / len(corpus)
    print(f"{ROUNDS} rounds of {TEXTS} texts of {length:.0f} characters, one core")
    for name, texts_a_second in found.items():
        print(f"{texts_a_second:8.0f} texts/s  {texts_a_second / found[PEER]:5.2f} x peer  {name}")
    return int(min(found[name] for name in cases if name != PEER) < TARGET)


if __name__ == "__main__":
    sys.exit(main())
