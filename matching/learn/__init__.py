"""Learn from what was shown to founders and what came of it; share places fairly."""

from matching.learn.adjustment import Adjustment
from matching.learn.log import LEARNED, Fate, Shown, later_than, method_of, split
from matching.learn.places import Place, PlacedBy, PlaceSharing
from matching.learn.ranking import LearnedRanking, TooFewError
from matching.learn.trial import Trial, try_out

__all__ = [
    "LEARNED",
    "Adjustment",
    "Fate",
    "LearnedRanking",
    "Place",
    "PlaceSharing",
    "PlacedBy",
    "Shown",
    "TooFewError",
    "Trial",
    "later_than",
    "method_of",
    "split",
    "try_out",
]
