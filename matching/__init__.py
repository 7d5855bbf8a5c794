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
    "DamagedStateError",
    "Exclusion",
    "ExpertProfile",
    "ForeignStateError",
    "Interest",
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
