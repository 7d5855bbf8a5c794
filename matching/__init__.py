"""Match founders' needs with experts: profiles in, ranked and explained pairings out."""

from matching.assign import Assignment, Even, Loads, assign
from matching.encoder import TextEncoder
from matching.evaluate import evaluate_folder
from matching.index import DamagedStateError, ForeignStateError, StateError
from matching.lexicon import understand
from matching.pipeline import Matcher
from matching.scorer import Weights, text_similarity
from matching.types import (
    Candidate,
    Caution,
    Change,
    Exclusion,
    ExpertProfile,
    Explanation,
    Interest,
    Load,
    NeedProfile,
    Part,
    Reason,
    Shortlist,
    UnderstoodTopic,
)

__all__ = [
    "Assignment",
    "Candidate",
    "Caution",
    "Change",
    "DamagedStateError",
    "Even",
    "Exclusion",
    "ExpertProfile",
    "Explanation",
    "ForeignStateError",
    "Interest",
    "Load",
    "Loads",
    "Matcher",
    "NeedProfile",
    "Part",
    "Reason",
    "Shortlist",
    "StateError",
    "TextEncoder",
    "UnderstoodTopic",
    "Weights",
    "assign",
    "evaluate_folder",
    "text_similarity",
    "understand",
]
