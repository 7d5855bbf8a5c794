"""Match founders' needs with experts: profiles in, ranked and explained pairings out."""

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
    "Candidate",
    "Caution",
    "Change",
    "DamagedStateError",
    "Exclusion",
    "ExpertProfile",
    "Explanation",
    "ForeignStateError",
    "Interest",
    "Load",
    "Matcher",
    "NeedProfile",
    "Part",
    "Reason",
    "Shortlist",
    "StateError",
    "TextEncoder",
    "UnderstoodTopic",
    "Weights",
    "evaluate_folder",
    "text_similarity",
    "understand",
]
