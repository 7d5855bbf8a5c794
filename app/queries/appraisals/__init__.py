"""Appraisals of experts: what waits for one, what was given, and what the marks add up to."""

from app.queries.appraisals.given import (
    AppraisalView,
    appraisal,
    appraisal_sheet,
    appraisals_at,
    appraisals_of,
    versions_of,
)
from app.queries.appraisals.marks import marks_of, policy_of
from app.queries.appraisals.waiting import (
    WaitingAppraisal,
    WaitingAppraisals,
    appraised_experts,
    waiting_appraisals,
    waiting_counts,
)

__all__ = [
    "AppraisalView",
    "WaitingAppraisal",
    "WaitingAppraisals",
    "appraisal",
    "appraisal_sheet",
    "appraisals_at",
    "appraisals_of",
    "appraised_experts",
    "marks_of",
    "policy_of",
    "versions_of",
    "waiting_appraisals",
    "waiting_counts",
]
