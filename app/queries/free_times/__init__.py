"""Free times of one expert or a shortlist, in a fixed number of statements."""

from app.queries.free_times.asking import nearest, of_expert
from app.queries.free_times.claims import Claimed, all_claimed, claims_of, service_starts_at
from app.queries.free_times.diaries import (
    Diaries,
    least_minutes,
    load_diaries,
    standard_minutes,
    with_claims,
)
from app.queries.free_times.look import Look
from app.queries.free_times.openings import rules_of

__all__ = [
    "Claimed",
    "Diaries",
    "Look",
    "all_claimed",
    "claims_of",
    "least_minutes",
    "load_diaries",
    "nearest",
    "of_expert",
    "rules_of",
    "service_starts_at",
    "standard_minutes",
    "with_claims",
]
