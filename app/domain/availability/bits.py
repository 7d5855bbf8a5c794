"""Arithmetic of steps of five minutes, kept as the bits of one int, the first step lowest."""

from collections.abc import Iterator
from datetime import timedelta

STEP_MINUTES = 5
STEPS = 24 * 60 // STEP_MINUTES
STEP = timedelta(minutes=STEP_MINUTES)


def run(first: int, last: int) -> int:
    """Return the steps [first, last)."""
    return (1 << last) - (1 << first) if first < last else 0


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


def each(bits: int) -> Iterator[int]:
    """Yield the numbers of the steps in order."""
    while bits:
        low = bits & -bits
        bits ^= low
        yield low.bit_length() - 1
