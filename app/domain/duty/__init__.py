"""What a mentor owes: the dated policy, the look at it four times a year, meters and colours."""

from app.domain.duty.meters import (
    Colour,
    Forecast,
    Limit,
    Meter,
    Span,
    Unit,
    term_meter,
    term_of,
    worst,
    year_meter,
)
from app.domain.duty.policy import DutyPolicy, policy_in_force
from app.domain.duty.yearly import MONTHS, Duty, looked_at, standing

__all__ = [
    "MONTHS",
    "Colour",
    "Duty",
    "DutyPolicy",
    "Forecast",
    "Limit",
    "Meter",
    "Span",
    "Unit",
    "days_between",
    "looked_at",
    "policy_in_force",
    "standing",
    "term_meter",
    "term_of",
    "worst",
    "year_meter",
]
