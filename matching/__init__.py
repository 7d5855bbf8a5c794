"""Match founders' needs with experts: profiles in, ranked and explained pairings out."""

from matching.assign import Assignment, Even, Loads, assign
from matching.embedding import EmbeddingEncoder, ModelError, load_model
from matching.encoder import TextEncoder
from matching.evaluate import evaluate_folder
from matching.index import DamagedStateError, ForeignStateError, StateError
from matching.lexicon import understand
from matching.panel import (
    Facet,
    FreeTimes,
    NoPanelError,
    Panel,
    PanelLists,
    PanelWish,
    Quota,
    form_panel,
    rank_panels,
)
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
    Lack,
    Load,
    Missing,
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
    "EmbeddingEncoder",
    "Even",
    "Exclusion",
    "ExpertProfile",
    "Explanation",
    "Facet",
    "ForeignStateError",
    "FreeTimes",
    "Interest",
    "Lack",
    "Load",
    "Loads",
    "Matcher",
    "Missing",
    "ModelError",
    "NeedProfile",
    "NoPanelError",
    "Panel",
    "PanelLists",
    "PanelWish",
    "Part",
    "Quota",
    "Reason",
    "Shortlist",
    "StateError",
    "TextEncoder",
    "UnderstoodTopic",
    "Weights",
    "assign",
    "evaluate_folder",
    "form_panel",
    "load_model",
    "rank_panels",
    "text_similarity",
    "understand",
]
