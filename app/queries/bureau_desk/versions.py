"""The versions of a record side by side: what each changed, before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.queries.bureau_desk.meeting import Written

# What a version may change, in the order in which it is written.
FIELDS = ("question", "advice", "actions", "result", "extras")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions that follow each other, and the fields in which they differ."""

    before: Written
    after: Written
    changed: tuple[str, ...]


def compared(written: Sequence[Written]) -> tuple[Compared, ...]:
    """Return each version with the one before it, the newest first."""
    return tuple(
        Compared(before, after, _changed(before, after)) for before, after in pairwise(written)
    )[::-1]


def _changed(before: Written, after: Written) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))
