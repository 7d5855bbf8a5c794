"""Say what forbids a pairing, each breach by the name of its rule."""

from matching.rules.breaches import (
    CAPACITY,
    CONFLICT,
    LANGUAGE,
    MODE,
    NO_TIME,
    OUT_OF_TERM,
    PAIRINGS,
    PAUSED,
    Breach,
    breaches,
    places_left,
)
from matching.rules.languages import need_language
from matching.rules.screening import Screen
from matching.rules.ties import Tie, declared_ties, forbidding_ties

__all__ = [
    "CAPACITY",
    "CONFLICT",
    "LANGUAGE",
    "MODE",
    "NO_TIME",
    "OUT_OF_TERM",
    "PAIRINGS",
    "PAUSED",
    "Breach",
    "Screen",
    "Tie",
    "breaches",
    "declared_ties",
    "forbidding_ties",
    "need_language",
    "places_left",
]
