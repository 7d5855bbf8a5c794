"""Proposals: words understood, experts matched, the shortlist kept, and what it taught."""

from app.services.proposals.explaining import Explained, explain
from app.services.proposals.learning import (
    learn,
    observe,
    promote,
    ranking_number,
    roll_back,
    switch_learning,
)
from app.services.proposals.panelling import PanelDay, PanelOption, panel_day
from app.services.proposals.pool import (
    FittedPool,
    MatcherCache,
    encoder_of,
    fit_matcher,
    pool_version,
)
from app.services.proposals.profiles import profile_of
from app.services.proposals.refreshing import refresh
from app.services.proposals.resembling import close_pairs
from app.services.proposals.understanding import understand

__all__ = [
    "Explained",
    "FittedPool",
    "MatcherCache",
    "PanelDay",
    "PanelOption",
    "close_pairs",
    "encoder_of",
    "explain",
    "fit_matcher",
    "learn",
    "observe",
    "panel_day",
    "pool_version",
    "profile_of",
    "promote",
    "ranking_number",
    "refresh",
    "roll_back",
    "switch_learning",
    "understand",
]
