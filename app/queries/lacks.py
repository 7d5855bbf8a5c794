"""What a match round lacked, as it was kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from app.domain.vocabulary import Label
from app.models.need import Need
from app.models.proposal import MatchRound

# Of the matcher's rules: want of places, what passes with time, what the founder can alter.
_FULL = frozenset({"capacity_reached", "no_common_time"})
_PASSING = _FULL | {"mentor_paused", "mentor_out_of_term"}
_MEETING = frozenset({"mode_mismatch", "language_mismatch"})


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter of a need that no expert sees to, with the founder's words and who usually does."""

    topic: str
    concept: str
    label: Label
    evidence: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """Why nobody was a good match; `kept_out` counts by rule those who would have been."""

    missing: tuple[Matter, ...]
    kept_out: Mapping[str, int]

    @property
    def is_for_now(self) -> bool:
        """Tell whether somebody fits and only cannot be had now; a tie does not pass."""
        return bool(_PASSING & self.kept_out.keys())

    @property
    def is_for_other_meeting(self) -> bool:
        """Tell whether somebody fits who meets in another way or language."""
        return bool(_MEETING & self.kept_out.keys())

    @property
    def is_for_want_of_places(self) -> bool:
        """Tell whether somebody fits who has no place or no time left."""
        return bool(_FULL & self.kept_out.keys())


def is_newest_round() -> ColumnElement[bool]:
    """Return the criterion by which a round is the newest one of the need in the statement."""
    every = aliased(MatchRound)
    newest = select(func.max(every.number)).where(every.need_id == Need.id).correlate(Need)
    return (MatchRound.need_id == Need.id) & (MatchRound.number == newest.scalar_subquery())


def lacking(kept: Mapping[str, Any] | None) -> Lacking | None:
    """Return what a round lacked, None for one whose experts fit."""
    if kept is None:
        return None
    return Lacking(tuple(map(_matter, kept["missing"])), dict(kept["kept_out"]))


def _matter(kept: Mapping[str, Any]) -> Matter:
    return Matter(
        topic=kept["topic"],
        concept=kept["concept"],
        label=Label("concept", kept["concept"], kept["label"], kept["label_en"]),
        evidence=kept["evidence"],
        categories=tuple(kept["categories"]),
    )
