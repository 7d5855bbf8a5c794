"""Turn score parts and rules into what a person can read."""

from matching.explain.cautions import caution
from matching.explain.changes import rule_changes
from matching.explain.exclusions import exclusions
from matching.explain.lacking import lack
from matching.explain.profile_changes import EVERYTHING, Variant, variants
from matching.explain.reasons import Standing, reasons
from matching.explain.view import NeedView

__all__ = [
    "EVERYTHING",
    "NeedView",
    "Standing",
    "Variant",
    "caution",
    "exclusions",
    "lack",
    "reasons",
    "rule_changes",
    "variants",
]
