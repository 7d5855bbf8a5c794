"""What was shown to founders and what came of it, as the matcher learns from it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from matching.types import Part

# The addend that is learned; every other part belongs to the base score.
LEARNED = "learned"
GOOD_RATING = 4
# Vocabulary `decline_cancel_reason`: these say nothing about how well a pairing fits.
SILENT_REASONS = ("m_conflict", "m_illness", "m_official_duty")

Answer = Literal["", "accepted", "declined"]


@dataclass(frozen=True, slots=True)
class Fate:
    """State what came of a proposal, as far as it is known; None where it is not.

    `is_confirmed` is False when the founder's side disputed the record; `rating` is 1 to 5.
    """

    is_asked: bool = False
    answer: Answer = ""
    reason: str = ""
    is_held: bool | None = None
    is_confirmed: bool | None = None
    rating: float | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """State that an expert stood in a list that a founder saw.

    `position` counts from 1; `parts` are those of the day, a learned one included;
    `propensity` is the chance, above 0 and at most 1, that the expert stood in this list at all.
    """

    need_id: str
    expert_id: str
    position: int
    parts: tuple[Part, ...]
    matcher_version: str
    propensity: float
    shown_at: datetime
    fate: Fate = Fate()


def method_of(matcher_version: str) -> str:
    """Return the method a version names; parts of one method have one meaning and scale."""
    return matcher_version.partition("+")[0].rpartition("-")[0]


def of_newest_method(rows: Sequence[Shown]) -> list[Shown]:
    """Return the rows whose parts have the meaning of those shown last."""
    newest = max(rows, key=lambda row: (row.shown_at, row.matcher_version), default=None)
    method = method_of(newest.matcher_version) if newest else ""
    return [row for row in rows if method_of(row.matcher_version) == method]


def has_accepted(fate: Fate, silent: Collection[str] = SILENT_REASONS) -> bool | None:
    """Answer whether the expert took the request; None without an answer that tells."""
    if not fate.answer or fate.reason in silent:
        return None
    return fate.answer == "accepted"


def is_well_rated(fate: Fate) -> bool | None:
    """Answer whether the meeting was rated 4 or 5; None without a rating."""
    return None if fate.rating is None else fate.rating >= GOOD_RATING


def is_success(fate: Fate, silent: Collection[str] = SILENT_REASONS) -> bool | None:
    """Answer whether a shown expert led to a good meeting; None when nobody can say yet.

    Passed over or refused is none. Accepted is one, until the expert stays away, the founder's
    side disputes the record or rates the meeting below 4.
    """
    if not fate.is_asked:
        return False
    if not has_accepted(fate, silent):
        return has_accepted(fate, silent)
    return False not in (fate.is_held, fate.is_confirmed, is_well_rated(fate))


def split(rows: Sequence[Shown], share: float) -> tuple[list[Shown], list[Shown]]:
    """Return the rows of the earlier needs and those of the later ones; no need is in both.

    Args:
        rows: what was shown.
        share: how many of the needs are earlier, between 0 and 1.
    """
    first = _first_shown(rows)
    ordered = sorted(first, key=lambda need_id: (first[need_id], need_id))
    earlier = frozenset(ordered[: round(len(ordered) * share)])
    return (
        [row for row in rows if row.need_id in earlier],
        [row for row in rows if row.need_id not in earlier],
    )


def later_than(rows: Sequence[Shown], moment: datetime) -> list[Shown]:
    """Return the rows of needs for which nothing had been shown up to a moment."""
    first = _first_shown(rows)
    return [row for row in rows if first[row.need_id] > moment]


def _first_shown(rows: Sequence[Shown]) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for row in rows:
        first[row.need_id] = min(row.shown_at, first.get(row.need_id, row.shown_at))
    return first
