"""Arithmetic of steps of five minutes, kept as the bits of one int, the first step lowest."""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

STEP_MINUTES = 5
STEPS = 24 * 60 // STEP_MINUTES
STEP = timedelta(minutes=STEP_MINUTES)
_STEP_SECONDS = STEP_MINUTES * 60
# A pool opens at the same few hours: all pairs of full hours, and as many others.
_SPANS_KEPT = 1024


def steps_in(time: timedelta) -> int:
    """Return how many steps the time has, rounded down."""
    # A fourth of what dividing one time by another costs.
    return time.days * STEPS + time.seconds // _STEP_SECONDS


def run(first: int, last: int) -> int:
    """Return the steps [first, last)."""
    return ((1 << last - first) - 1) << first if first < last else 0


@lru_cache(_SPANS_KEPT)
def within(starts_minute: int, ends_minute: int) -> int:
    """Return the steps that lie whole in the minutes."""
    return run(-(-starts_minute // STEP_MINUTES), ends_minute // STEP_MINUTES)


def touched(starts_minute: int, ends_minute: int) -> int:
    """Return the steps of which any part lies in the minutes."""
    return run(starts_minute // STEP_MINUTES, -(-ends_minute // STEP_MINUTES))


def starts_of_runs(bits: int, length: int) -> int:
    """Return the steps at which `length` steps in a row begin; O(log length) operations."""
    have = 1
    while have < length:
        shift = min(have, length - have)
        bits &= bits >> shift
        have += shift
    return bits


def digits(bits: int) -> str:
    """Return the steps as text, the first step first: 1 where it is among them."""
    return f"{bits:b}"[::-1]


def each(bits: int) -> Iterator[int]:
    """Yield the numbers of the steps in order; O(1) for each, however many days they span."""
    text = digits(bits)
    step = text.find("1")
    while step >= 0:
        yield step
        step = text.find("1", step + 1)
