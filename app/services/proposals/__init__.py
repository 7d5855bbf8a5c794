"""Proposals: a founder's words understood, experts matched, the shortlist kept with reasons."""

from app.services.proposals.explaining import Explained, explain
from app.services.proposals.pool import FittedPool, MatcherCache, fit_matcher, pool_version
from app.services.proposals.profiles import profile_of
from app.services.proposals.refreshing import refresh
from app.services.proposals.understanding import understand

__all__ = [
    "Explained",
    "FittedPool",
    "MatcherCache",
    "explain",
    "fit_matcher",
    "pool_version",
    "profile_of",
    "refresh",
    "understand",
]
