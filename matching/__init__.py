"""Match founders' needs with experts: profiles in, ranked and explained pairings out."""

from matching.types import (
    Candidate,
    Caution,
    Exclusion,
    ExpertProfile,
    Interest,
    NeedProfile,
    Part,
    Reason,
    Shortlist,
    UnderstoodTopic,
)

__all__ = [
    "Candidate",
    "Caution",
    "Exclusion",
    "ExpertProfile",
    "Interest",
    "NeedProfile",
    "Part",
    "Reason",
    "Shortlist",
    "UnderstoodTopic",
]
